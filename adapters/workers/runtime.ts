import { workersTraits, type Runtime } from '../../src/runtime/index.ts'
import { watchResponse } from './watched-response.ts'

/**
 * Requests of one isolate interleave, sockets die with the request that opened them, and I/O of one request may not be
 * awaited by another.
 *
 * @see https://developers.cloudflare.com/workers/observability/errors/#cannot-perform-io-on-behalf-of-a-different-request
 */
export const workersRuntime: Runtime = { ...workersTraits, watchResponse }
