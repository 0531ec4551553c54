import type { HttpEvent } from './event.ts'

/** The address that connected to the event's source. What is in front of that, the source cannot know. */
export function clientAddressOf({ kind, event }: HttpEvent, headers: Headers): string | undefined {
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
