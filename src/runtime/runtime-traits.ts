import type { ReportBodyFailure } from './invocation/watched-body.ts'
import type { RuntimeTraits } from './provider.ts'

/** A response on its way out. */
export interface WatchedResponse {
  readonly response: Response
  /** Resolves when the handler's body was read to its end, was cancelled, or has failed. Never rejects. */
  readonly ended: Promise<void>
}

/** What an adapter fixes about its runtime. */
export interface Runtime extends RuntimeTraits {
  /**
   * Watches a response that has a body, where the runtime can do that for less, or knows lengths that would be lost.
   *
   * @default the body is read when its reader reads
   */
  readonly watchResponse?: (response: Response, report: ReportBodyFailure) => Promise<WatchedResponse>
}

/** Sockets and promises may be shared between requests. */
const shared = { socketsOutliveRequests: true, sharesPending: true }

/** Isolates: a socket dies with its request, and what one request has started may end with it. */
const isolated = {
  socketsOutliveRequests: false,
  sharesPending: false,
  manyInstances: true,
  stopsBetweenInvocations: true,
}

// One constant for each: a bundle has only its own runtime's.

/** The facts about a Lambda function: one invocation at a time in each instance, which is frozen in between. */
export const lambdaTraits: RuntimeTraits = { name: 'lambda', ...shared, manyInstances: true }
/** The facts about Vercel's functions on Node. Fluid compute: several invocations share a Node process, sockets and promises included. */
export const vercelTraits: RuntimeTraits = {
  name: 'vercel',
  ...shared,
  manyInstances: true,
  stopsBetweenInvocations: true,
}
/** The facts about Vercel's edge runtime: isolates without sockets. */
export const vercelEdgeTraits: RuntimeTraits = { name: 'vercel-edge', ...isolated }
/** The facts about Cloudflare Workers: isolates whose sockets die with the request. */
export const workersTraits: RuntimeTraits = { name: 'workers', ...isolated }

/** Where sockets and promises may be shared between requests: Node, containers. */
export const sharedRuntime: Runtime = { name: 'node', ...shared }
