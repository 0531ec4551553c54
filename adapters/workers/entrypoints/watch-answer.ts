import { ok, type ReportBodyFailure, type Result } from '../../../src/runtime/index.ts'
import { watchResponse, watchStream } from '../watched-response.ts'

/** An answer whose bytes come after it. */
export interface WatchedAnswer {
  /** What to answer instead. */
  readonly outcome: Result<unknown, unknown>
  /** Resolves when the bytes have been read, or nothing wants them any more. */
  readonly ended: Promise<void>
}

/**
 * Undefined for answers that are neither a stream of bytes nor a response with one.
 *
 * @see https://developers.cloudflare.com/workers/runtime-apis/rpc/#readablestream-writablestream-request-and-response
 */
export async function watchAnswer(
  outcome: Result<unknown, unknown>,
  report: ReportBodyFailure,
): Promise<WatchedAnswer | undefined> {
  if (!outcome.ok) return undefined
  const { value } = outcome
  if (value instanceof ReadableStream) {
    // RPC refuses streams of anything but bytes.
    const { readable, ended } = watchStream(value as ReadableStream<Uint8Array>, report)
    return { outcome: ok(readable), ended }
  }
  if (!(value instanceof Response) || value.body === null) return undefined
  const { response, ended } = await watchResponse(value, report)
  return { outcome: ok(response), ended }
}
