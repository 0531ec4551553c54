import { asDecoded } from '../../../src/runtime/index.ts'
import type { LambdaInvocation } from '../invocation.ts'
import type { HttpEvent } from './event.ts'
import { MalformedEvent } from './malformed.ts'
import { problem } from './problem.ts'
import { toRequest } from './request.ts'

export interface HttpInvocation {
  /** As it came. */
  readonly event: unknown
  readonly invocation: LambdaInvocation
  /** A prefix that the routes do not know; '' for none. */
  readonly basePath: string
  /** Overrides the rule of which content types are text. */
  readonly isContentTypeBinary: ((contentType: string) => boolean) | undefined
}

/** The application's answer to an HTTP event, or a 400 for a malformed event. Never rejects. */
export async function answer(http: HttpEvent, target: HttpInvocation): Promise<Response> {
  const { event, invocation, basePath } = target
  try {
    const request = toRequest(http, { basePath, signal: invocation.signal })
    const clientAddress = (): string | undefined => clientAddressOf(http, request.headers)
    return asDecoded(await invocation.handle(request, { event, clientAddress }))
  } catch (error) {
    if (error instanceof MalformedEvent) return problem(400, error.message)
    invocation.report(error, 'handler')
    return problem(500)
  }
}

/** The address that connected to the event's source. What is in front of that, the source cannot know. */
function clientAddressOf({ kind, event }: HttpEvent, headers: Headers): string | undefined {
  const context = event.requestContext as { readonly identity?: Address | null; readonly http?: Address | null }
  const told = kind === 'rest' ? context.identity?.sourceIp : kind === 'http' ? context.http?.sourceIp : undefined
  return typeof told === 'string' ? told : lastHop(headers)
}

interface Address {
  readonly sourceIp?: unknown
}

/**
 * Load balancers and VPC Lattice add the address that connected to them after what the client may have sent; load
 * balancers may be set to add its port, too.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/x-forwarded-headers.html
 */
function lastHop(headers: Headers): string | undefined {
  const hop = headers.get('x-forwarded-for')?.split(',').at(-1)?.trim()
  const [, bracketed, plain] = /^(?:\[([^\]]+)\]|([\d.]+))(?::\d+)?$/.exec(hop ?? '') ?? []
  return (bracketed ?? plain ?? hop) || undefined
}
