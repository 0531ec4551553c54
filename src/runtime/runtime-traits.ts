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

/** Where sockets and promises may be shared between requests: Node, Lambda, containers. */
export const sharedRuntime: Runtime = { name: 'node', socketsOutliveRequests: true, sharesPending: true }
