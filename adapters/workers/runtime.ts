import type { Runtime, StreamPair } from '../../src/runtime/index.ts'

/** workerd's native stream: unlike a JavaScript `TransformStream` it copies outside the isolate. */
declare const IdentityTransformStream: (new () => StreamPair) | undefined

/**
 * Requests of one isolate interleave, sockets die with the request that opened them, and I/O of one request may not be
 * awaited by another.
 *
 * @see https://developers.cloudflare.com/workers/observability/errors/#cannot-perform-io-on-behalf-of-a-different-request
 */
export const workersRuntime: Runtime = {
  name: 'workers',
  socketsOutliveRequests: false,
  sharesPending: false,
  manyInstances: true,
  identityStream: () =>
    typeof IdentityTransformStream === 'undefined'
      ? new TransformStream<Uint8Array, Uint8Array>()
      : new IdentityTransformStream(),
}
