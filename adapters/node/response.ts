import type { ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/**
 * Sends a `Response`. The body is sent as fast as the client reads it; when the client leaves, the body is cancelled,
 * and when the body fails, the connection is broken off. Never rejects.
 */
export async function sendResponse(response: Response, target: ServerResponse, closing: boolean): Promise<void> {
  target.statusCode = response.status
  if (response.statusText !== '') target.statusMessage = response.statusText
  for (const [name, value] of response.headers) if (name !== 'set-cookie') target.setHeader(name, value)
  const cookies = response.headers.getSetCookie()
  if (cookies.length > 0) target.setHeader('set-cookie', cookies)
  if (closing) target.setHeader('connection', 'close')
  if (response.body === null || target.req.method === 'HEAD') {
    target.end()
    // Nobody misses the body: a source that fails to stop is its own business.
    await response.body?.cancel().catch(() => {})
    return
  }
  const body = Readable.fromWeb(response.body as never)
  try {
    await pipeline(body, target)
  } catch {
    // The lifecycle has reported a failing body; a client that left is no failure. One that left before the first byte
    // leaves a body that nobody has cancelled yet.
    body.destroy()
    target.destroy()
  }
}
