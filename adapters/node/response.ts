import type { ServerResponse } from 'node:http'
import { UsageError } from '../../src/runtime/index.ts'

export interface SendOptions {
  /** Asks the client to close the connection afterwards. */
  readonly closing: boolean
  /** Told of a body that fails, not of a client that leaves. */
  readonly onFailure: (error: unknown) => void
  /** Whether somebody else tells of a body that fails by itself. */
  readonly isWatched: () => boolean
}

/**
 * Sends a `Response`. The body is sent as fast as the client reads it; when the client leaves, the body is cancelled,
 * and when the body fails, or is not as long as its header says, the connection is broken off. Rejects, with the body
 * cancelled, for headers that HTTP/1.1 cannot carry.
 */
export async function sendResponse(
  response: Response,
  target: ServerResponse,
  { closing, onFailure, isWatched }: SendOptions,
): Promise<void> {
  // A client that left is no failure; without a listener it would be one of the process.
  target.on('error', () => {})
  const body = target.req.method === 'HEAD' ? null : response.body
  try {
    setHead(response, target, closing)
    if (body === null) target.end()
    else target.writeHead(target.statusCode)
  } catch (error) {
    await dropBody(response)
    throw error
  }
  if (body === null) return dropBody(response)
  try {
    if (await pump(body, target)) return
    const hint = 'Leave the header out: what is not known in advance is sent in chunks.'
    onFailure(new UsageError('the content-length of a response is not that of its body', { hint }))
  } catch (error) {
    if (!isWatched()) onFailure(error)
  }
  target.destroy()
}

function setHead(response: Response, target: ServerResponse, closing: boolean): void {
  target.statusCode = response.status
  if (response.statusText !== '') target.statusMessage = response.statusText
  for (const [name, value] of response.headers) {
    // How a message is framed is Node's to say; a handler that passes on what it has fetched may say otherwise.
    if (name !== 'set-cookie' && name !== 'transfer-encoding') target.setHeader(name, value)
  }
  const cookies = response.headers.getSetCookie()
  if (cookies.length > 0) target.setHeader('set-cookie', cookies)
  if (closing) target.setHeader('connection', 'close')
}

/** Nobody misses the body: a source that fails to stop is its own business. */
async function dropBody(response: Response): Promise<void> {
  await response.body?.cancel().catch(() => {})
}

/**
 * Gives false for a body that is not as long as its header says: bytes beyond it would be taken for the next response on
 * the connection. Rejects with what the body failed with.
 */
async function pump(body: ReadableStream<Uint8Array>, target: ServerResponse): Promise<boolean> {
  const reader = body.getReader()
  const stop = (): void => void reader.cancel().catch(() => {})
  if (target.destroyed) stop()
  else target.once('close', stop)
  const said = target.getHeader('content-length')
  let left = said === undefined ? Infinity : Number(said)
  for (let next = await reader.read(); !target.destroyed; next = await reader.read()) {
    if (next.done) {
      if (left !== Infinity && left !== 0) return false
      target.end()
      return true
    }
    left -= next.value.byteLength
    if (left < 0) return false
    if (!target.write(next.value)) await writable(target)
  }
  return true
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
