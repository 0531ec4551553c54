import { assertBytes } from '../../../src/core/assert-bytes.ts'
import { UsageError } from '../../../src/runtime/index.ts'
import { answer, type HttpInvocation } from './answer.ts'
import type { HttpEvent } from './event.ts'
import { problem } from './problem.ts'
import { fits, maxPayloadOf, toResult, type HttpResult } from './result.ts'

/**
 * Answers an HTTP event in one piece, after the scope has ended and background work is done; with a 504 when there was
 * no answer by the deadline. Never rejects.
 */
export async function handleBuffered(http: HttpEvent, target: HttpInvocation): Promise<HttpResult> {
  const { invocation } = target
  const answered = await invocation.inTime(result(http, target)).catch((error: unknown) => {
    // The result itself never rejects: this is the deadline.
    invocation.report(error, 'handler')
    return problemResult(http, 504)
  })
  await invocation.settle()
  return answered
}

/** Reads no more of a body than its source takes, so that one without an end does not fill the memory. Never rejects. */
async function result(http: HttpEvent, target: HttpInvocation): Promise<HttpResult> {
  const { invocation, isContentTypeBinary } = target
  const response = await answer(http, target)
  const limit = maxPayloadOf(http)
  let bytes: Uint8Array | undefined
  try {
    bytes = await readBody(response, limit, invocation.expired)
  } catch (error) {
    invocation.reportBody(error)
    return problemResult(http, 500)
  }
  try {
    const whole = bytes && toResult(http, { response, bytes, isContentTypeBinary })
    if (whole !== undefined && fits(whole, limit)) return whole
  } catch (error) {
    // Only `isContentTypeBinary` can fail.
    invocation.report(error, 'handler')
    return problemResult(http, 500)
  }
  const what = `it is larger than ${limit} bytes`
  invocation.report(new UsageError(`the response cannot be sent: ${what}`, { hint: hintFor(http) }), 'handler')
  return problemResult(http, 500, `the response cannot be sent: ${what}`)
}

function hintFor({ kind }: HttpEvent): string {
  const stream = kind === 'rest' || kind === 'http' ? ', or stream: lambda(app, { streaming: true })' : ''
  return `Answer in pages, or with a link to what is large${stream}.`
}

async function problemResult(http: HttpEvent, status: 500 | 504, detail?: string): Promise<HttpResult> {
  const response = problem(status, detail)
  return toResult(http, { response, bytes: new Uint8Array(await response.arrayBuffer()) })
}

/**
 * Reads a response's body to its end; `undefined`, and the body is cancelled, when there are more bytes than `limit`. It is
 * cancelled when the time is over, too, so that its scope ends. Rejects with what the body failed with.
 */
async function readBody({ body }: Response, limit: number, expired: AbortSignal): Promise<Uint8Array | undefined> {
  if (body === null) return new Uint8Array()
  const reader = body.getReader()
  // A source that fails to stop is its own business.
  const stop = (): void => void reader.cancel(expired.reason).catch(() => {})
  if (expired.aborted) stop()
  else expired.addEventListener('abort', stop, { once: true })
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      assertBytes(next.value)
      size += next.value.byteLength
      if (size > limit) return undefined
      chunks.push(next.value)
    }
  } finally {
    // Does nothing to a body that has ended.
    stop()
  }
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size)
}
