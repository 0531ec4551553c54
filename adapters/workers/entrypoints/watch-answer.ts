import { ok, watchByPulling, type Result } from '../../../src/runtime/index.ts'

/** An answer whose bytes come after it. */
export interface WatchedAnswer {
  /** What to answer instead. */
  readonly outcome: Result<unknown, unknown>
  /** Resolves when the bytes have been read, nobody wants them any more, or there are none to come. */
  readonly ended: Promise<void>
}

/**
 * Undefined for answers that are no stream of bytes and no response with one.
 *
 * @see https://developers.cloudflare.com/workers/runtime-apis/rpc/#readablestream-writablestream-request-and-response
 */
export function watchAnswer(
  outcome: Result<unknown, unknown>,
  report: (error: unknown) => void,
): WatchedAnswer | undefined {
  if (!outcome.ok) return undefined
  const { value } = outcome
  const response = value instanceof Response ? value : undefined
  const body = response === undefined ? value : response.body
  if (!(body instanceof ReadableStream)) return undefined
  // RPC refuses streams of anything but bytes.
  const { readable, ended } = watchByPulling(body as ReadableStream<Uint8Array>, report)
  return { outcome: ok(response === undefined ? readable : new Response(readable, response)), ended }
}
