import { assertArgument } from '../../../src/core/assert-argument.ts'
import type { RequestContext } from '../../../src/runtime/index.ts'
import { httpEventOf, type HttpEvent } from './event.ts'

/** What the source of an HTTP request knows of it, whichever source that is. */
export interface HttpSource {
  /** `rest` and `http` are API Gateway's, and `http` function URLs'; load balancers; VPC Lattice. */
  readonly kind: HttpEvent['kind']
  /** The address that connected to the source: what is in front of that, it cannot know. */
  readonly clientIp: string | undefined
  /** API Gateway's stage; `$default` where it has no name. */
  readonly stage: string | undefined
  /** What API Gateway's own route has matched; `{}` elsewhere. */
  readonly pathParameters: Readonly<Record<string, string>>
  /** The claims of a token that API Gateway has verified: Cognito's in REST APIs, JWT authorizers' in HTTP APIs. */
  readonly claims: Readonly<Record<string, unknown>> | undefined
  /** The authorizer's whole answer, Lambda authorizers' context and IAM included; for VPC Lattice the caller's identity. */
  readonly authorizer: Readonly<Record<string, unknown>> | undefined
}

/**
 * Reads from a request's context what its HTTP source reported beside the request. Undefined for other events, and on other
 * platforms. The whole event is in the context's `event`.
 *
 * @throws UsageError `LEX_ERR_USE_001`
 * @example
 * import { httpSourceOf } from 'lexigram-edge/lambda'
 *
 * const user = httpSourceOf(await scope.resolve(RequestContext))?.claims?.['sub']
 */
export function httpSourceOf(context: RequestContext): HttpSource | undefined {
  assertArgument(context, 'the context', { hint: 'Resolve RequestContext from the scope.' })
  const http = httpEventOf(context.event)
  if (http === undefined) return undefined
  const given: Members = http.event.requestContext
  const authorizer = members(http.kind === 'lattice' ? given['identity'] : given['authorizer'])
  return {
    kind: http.kind,
    clientIp: context.clientAddress,
    stage: text(given['stage']),
    pathParameters: textsOf('pathParameters' in http.event ? http.event.pathParameters : undefined),
    claims: members(authorizer?.['claims']) ?? members(members(authorizer?.['jwt'])?.['claims']),
    authorizer,
  }
}

type Members = Readonly<Record<string, unknown>>

function members(value: unknown): Members | undefined {
  // Any object may have them, of any type.
  return typeof value === 'object' && value !== null ? (value as Members) : undefined
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function textsOf(value: unknown): Readonly<Record<string, string>> {
  const pairs = Object.entries(members(value) ?? {})
  return Object.fromEntries(pairs.filter((pair): pair is [string, string] => typeof pair[1] === 'string'))
}
