import type { IncomingMessage, ServerResponse } from 'node:http'
import { BadRequestError, ContentTooLargeError, longestTimer, RequestTimeoutError } from '../../src/runtime/index.ts'

export interface BodyLimits {
  /** How many bytes a body may have. */
  readonly maxBodyBytes: number
  /** How long the next bytes of a body may take, in milliseconds. */
  readonly bodyTimeout: number
}

/** The body of a request on its way in. */
export interface IncomingBody {
  readonly stream: ReadableStream<Uint8Array>
  /** Whether a part of it is never read: the connection cannot serve another request then. */
  readonly isCutOff: () => boolean
}

/** Whether the client says that its body is larger than it may be. */
export function declaresTooMuch({ headers }: IncomingMessage, { maxBodyBytes }: BodyLimits): boolean {
  return Number(headers['content-length'] ?? 0) > maxBodyBytes
}

/** Whether bytes of a body follow. @see https://www.rfc-editor.org/rfc/rfc9112#section-6.3 */
export function announcesBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}

export function tooLargeError({ maxBodyBytes }: BodyLimits): ContentTooLargeError {
  return new ContentTooLargeError(`the body of a request must have at most ${maxBodyBytes} bytes`)
}

/**
 * The body of a request, read as fast as its reader asks. Reading fails with a `ContentTooLargeError` beyond its limit, and
 * with a `RequestTimeoutError` if the client sends nothing for too long, because a body may be shorter than its length says.
 *
 * Once the response is sent, the rest of the body is read and dropped within the same limits, so that the connection can
 * serve the next request. Closing the connection could cost the client its response. The handler cannot read such a rest.
 * A body that still has a reader is not dropped.
 */
export function bodyOf(message: IncomingMessage, response: ServerResponse, limits: BodyLimits): IncomingBody {
  const timeout = Math.min(limits.bodyTimeout, longestTimer)
  let isOpen = true
  let isCutOff = false
  let received = 0
  let timer: NodeJS.Timeout | undefined
  const read = (): void => {
    timer ??= setTimeout(() => cutOff(lateError(timeout)), timeout)
    timer.refresh()
    message.resume()
  }
  const pause = (): void => {
    clearTimeout(timer)
    timer = undefined
    message.pause()
  }
  const finish = (act: () => void): void => {
    if (isOpen) act()
    isOpen = false
  }
  let fail!: (error: Error) => void
  const cutOff = (error: Error): void => {
    pause()
    isCutOff = true
    fail(error)
    if (response.writableFinished) message.socket.destroy()
  }
  const stream = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        fail = (error) => finish(() => controller.error(error))
        // Listening for data would set it flowing.
        message.pause()
        message.on('data', (chunk: Uint8Array) => {
          received += chunk.byteLength
          if (received > limits.maxBodyBytes) return cutOff(tooLargeError(limits))
          if (!isOpen) return read()
          pause()
          controller.enqueue(chunk)
        })
        message.on('end', () => {
          pause()
          finish(() => controller.close())
        })
        message.on('error', (cause) => fail(brokenOffError(cause)))
        message.on('close', () => {
          pause()
          fail(brokenOffError())
        })
        response.once('prefinish', () => {
          if (isCutOff || stream.locked) return
          fail(new Error('the rest of the request was dropped after its response'))
          // Node drops a request that was never read, whatever its length, and emits no event.
          message.read(0)
          read()
        })
        response.once('finish', () => {
          if (isCutOff) message.socket.destroy()
        })
      },
      pull: read,
      cancel() {
        isOpen = false
        read()
      },
    },
    // Nothing is fetched ahead.
    { highWaterMark: 0 },
  )
  return { stream, isCutOff: () => isCutOff }
}

function brokenOffError(cause?: Error): BadRequestError {
  return new BadRequestError('the body cannot be read: its connection was closed before its end', { cause })
}

function lateError(timeout: number): RequestTimeoutError {
  return new RequestTimeoutError(`the body cannot be read: the client sent nothing for ${timeout} ms`)
}
