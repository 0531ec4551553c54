import { Readable } from 'node:stream'
import { finished, pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'
import type { LambdaInvocation } from '../invocation.ts'
import type { AwsLambda, ResponseStream } from '../platform.ts'
import { answer, type HttpInvocation } from './answer.ts'
import type { HttpEvent } from './event.ts'
import { headersOf } from './headers.ts'
import { problem } from './problem.ts'

/**
 * Answers an HTTP event as a stream: status and headers first, then the body as fast as the client reads it. If the body
 * fails half-way, or has not ended by the deadline, the stream breaks off, so that the client knows that its part is not
 * the whole.
 */
export async function handleStreamed(
  http: HttpEvent,
  output: { readonly stream: ResponseStream; readonly aws: AwsLambda },
  target: HttpInvocation,
): Promise<void> {
  const { invocation } = target
  try {
    const response = await answerInTime(http, target)
    const { single: headers, cookies } = headersOf(response)
    const metadata = { statusCode: response.status, headers, cookies }
    await writeBody(response, output.aws.HttpResponseStream.from(output.stream, metadata), invocation)
  } catch (error) {
    invocation.reportBody(error)
    throw error
  } finally {
    await invocation.settle()
  }
}

async function answerInTime(http: HttpEvent, target: HttpInvocation): Promise<Response> {
  const { invocation } = target
  const answered = answer(http, target)
  try {
    return await invocation.inTime(answered)
  } catch (error) {
    // A response that comes later has no reader, and its scope ends with its body.
    void answered.then((response) => response.body?.cancel(error)).catch(() => {})
    invocation.report(error, 'handler')
    return problem(504)
  }
}

/**
 * The prelude is sent with the first write, which need not carry a byte. Rejects when the body has failed, and leaves the
 * stream open then: Lambda ends it with trailers that say so. A client that disconnected is not a failure.
 */
async function writeBody(response: Response, stream: ResponseStream, { expired }: LambdaInvocation): Promise<void> {
  // The client disconnected before there was an answer; nothing waits for the source to stop.
  if (stream.destroyed) return response.body?.cancel().catch(() => {})
  stream.write('')
  // Node and the web library each declare the same stream.
  const body =
    response.body === null ? Readable.from([]) : Readable.fromWeb(response.body as ReadableStream<Uint8Array>)
  // The 504 answer is late as well.
  const signal = expired.aborted ? undefined : expired
  try {
    await pipeline(body, stream, { ...(signal && { signal }), end: false })
    stream.end()
    await finished(stream, { readable: false, ...(signal && { signal }) })
  } catch (error) {
    if (signal?.aborted === true) throw signal.reason
    // An error of Node's streams has a code.
    if ((error as NodeJS.ErrnoException | undefined)?.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error
  }
}
