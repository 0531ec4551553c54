import type { ServerResponse } from 'node:http'
import { assertBytes } from '../../src/core/assert-bytes.ts'
import { UsageError } from '../../src/runtime/index.ts'

export interface SendOptions {
  /** Whether the client is asked to close the connection afterwards. */
  readonly closing: boolean
  /** Called for a body that fails, not for a client that disconnects. */
  readonly onFailure: (error: unknown) => void
  /** Called whenever there is something to send that the client has not taken. */
  readonly onWaiting: () => void
  /** Whether a body that fails by itself is reported by the lifecycle. */
  readonly isWatched: () => boolean
  /** Whether a part of the request is never read: the connection ends with the response then. */
  readonly isCutOff: () => boolean
}

/**
 * Sends a `Response`. The body is sent as fast as the client reads it; when the client disconnects, the body is
 * cancelled, and when the body fails, or is not as long as its header says, the connection is broken off. Rejects, with
 * the body cancelled, for headers that HTTP/1.1 cannot carry.
 */
export async function sendResponse(response: Response, target: ServerResponse, options: SendOptions): Promise<void> {
  const { closing, onFailure, onWaiting, isWatched, isCutOff } = options
  // A client that disconnected is not a failure; without a listener it would end the process.
  target.on('error', () => {})
  const body = target.req.method === 'HEAD' ? null : response.body
  try {
    setHead(response, target, closing || isCutOff())
    orRefuse('the status of a response', () => (body === null ? target.end() : target.writeHead(target.statusCode)))
  } catch (error) {
    await dropBody(response)
    throw error
  }
  if (body === null) {
    // Answers of requests that were sent one after the other may still wait on the connection.
    onWaiting()
    return dropBody(response)
  }
  try {
    if (await pump(body, target, onWaiting)) {
      if (isCutOff()) await linger(target)
      target.end()
      onWaiting()
      return
    }
    const hint = 'Leave the header out: what is not known in advance is sent in chunks.'
    onFailure(new UsageError('the content-length of a response must be the length of its body', { hint }))
  } catch (error) {
    if (!isWatched()) onFailure(error)
  }
  target.destroy()
}

/** @throws UsageError `LEX_ERR_USE_001` for what Node refuses to send */
function setHead(response: Response, target: ServerResponse, closing: boolean): void {
  if (response.status < 200) {
    throw new UsageError('a response cannot have the status 101: this server does not switch protocols')
  }
  target.statusCode = response.status
  if (response.statusText !== '') target.statusMessage = response.statusText
  for (const [name, value] of response.headers) {
    if (name !== 'set-cookie' && !isOfAnotherConnection(name, value)) setHeader(target, name, value)
  }
  const cookies = response.headers.getSetCookie()
  if (cookies.length > 0) setHeader(target, 'set-cookie', cookies)
  // https://www.rfc-editor.org/rfc/rfc9110#section-8.6
  if (response.status === 204) target.removeHeader('content-length')
  if (closing) target.setHeader('connection', 'close')
}

function setHeader(target: ServerResponse, name: string, value: string | string[]): void {
  orRefuse(`the header ${name} of a response`, () => target.setHeader(name, value))
}

/** Headers of the web may have control characters, which Node does not send. Its error would quote the value. */
function orRefuse(what: string, write: () => unknown): void {
  try {
    write()
  } catch (cause) {
    throw new UsageError(`${what} cannot be sent: it must be one that HTTP/1.1 can carry`, { cause })
  }
}

/**
 * How a message is framed, and how long its connection stays, is Node's to say; a handler that passes on what it has
 * fetched has the headers of that connection. It may ask for the end of this one.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1
 */
function isOfAnotherConnection(name: string, value: string): boolean {
  return connectionHeaders.has(name) || (name === 'connection' && value.toLowerCase() !== 'close')
}

/** No trailers are sent. */
const connectionHeaders = new Set(['transfer-encoding', 'keep-alive', 'upgrade', 'proxy-connection', 'trailer'])

/** Nothing reads the body: a source that fails to stop is its own business. */
async function dropBody(response: Response): Promise<void> {
  await response.body?.cancel().catch(() => {})
}

/**
 * Resolves with true when all is written, or the client has left, and with false for a body that is not as long as its
 * header says: bytes beyond it would be taken for the next response on the connection. Rejects with what the body failed
 * with.
 */
async function pump(body: ReadableStream<Uint8Array>, target: ServerResponse, onWaiting: () => void): Promise<boolean> {
  const reader = body.getReader()
  const stop = (): void => void reader.cancel().catch(() => {})
  if (target.destroyed) stop()
  else target.once('close', stop)
  const length = lengthOf(target)
  let written = 0
  // Node keeps the head for the first bytes, which may take long to come: a client of events waits for the head.
  const waiting = setImmediate(() => target.destroyed || target.flushHeaders())
  for (let next = await reader.read(); !target.destroyed; next = await reader.read()) {
    clearImmediate(waiting)
    if (next.done) return length === undefined || written === length
    assertBytes(next.value)
    written += next.value.byteLength
    if (length !== undefined && written > length) return false
    if (target.write(next.value)) continue
    onWaiting()
    await writable(target)
  }
  return true
}

function lengthOf(target: ServerResponse): number | undefined {
  const length = target.getHeader('content-length')
  return length === undefined ? undefined : Number(length)
}

/** How long a client that is still sending may take to read its answer, in milliseconds. */
const lingerTime = 1000

/**
 * Waits until the client has closed the connection, or a moment: bytes that were sent and never read reset a connection
 * when it is closed, and its answer may be lost with it. An answer in chunks is not whole before its end.
 */
function linger(target: ServerResponse): Promise<void> {
  if (lengthOf(target) === undefined || target.destroyed) return Promise.resolve()
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, lingerTime)
    target.once('close', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}

/** Resolves when the client has taken what is waiting, or has left. */
function writable(target: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const settle = (): void => {
      target.off('drain', settle).off('close', settle)
      resolve()
    }
    target.on('drain', settle).on('close', settle)
  })
}
