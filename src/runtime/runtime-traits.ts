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
const isolated = { socketsOutliveRequests: false, sharesPending: false, manyInstances: true }

/** The facts about each runtime that has an adapter. */
export const runtimeTraits = {
  node: { name: 'node', ...shared },
  lambda: { name: 'lambda', ...shared, manyInstances: true },
  /** Fluid compute: several invocations share a Node process, sockets and promises included. */
  vercel: { name: 'vercel', ...shared, manyInstances: true },
  'vercel-edge': { name: 'vercel-edge', ...isolated },
  workers: { name: 'workers', ...isolated },
} as const satisfies Readonly<Record<string, RuntimeTraits>>

/** Where sockets and promises may be shared between requests: Node, containers. */
export const sharedRuntime: Runtime = runtimeTraits.node
