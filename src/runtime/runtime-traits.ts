import type { RuntimeTraits } from './provider.ts'

/** A pair of streams of which one gives what the other takes. */
export interface StreamPair {
  readonly readable: ReadableStream<Uint8Array>
  readonly writable: WritableStream<Uint8Array>
}

/** What an adapter fixes about its runtime. */
export interface Runtime extends RuntimeTraits {
  /** The runtime's native identity stream, if it has a faster one than `TransformStream`. */
  readonly identityStream?: () => StreamPair
}

/** Where sockets and promises may be shared between requests: Node, Lambda, containers. */
export const sharedRuntime: Runtime = { name: 'node', socketsOutliveRequests: true, sharesPending: true }
