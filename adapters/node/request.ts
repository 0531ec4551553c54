import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'

/** A request whose request line or headers cannot be expressed as a `Request`. */
export class MalformedRequest extends Error {}

/**
 * Node's request as a `Request`. The body streams, and reading it slowly slows the client down.
 *
 * @param origin used when the request line has no host of its own
 */
export function toRequest(message: IncomingMessage, origin: string, signal: AbortSignal): Request {
  const method = message.method ?? 'GET'
  const hasBody = method !== 'GET' && method !== 'HEAD'
  const init: RequestInit & { duplex?: 'half' } = { method, headers: headersOf(message), signal }
  if (hasBody) {
    // Node's web streams are the same thing under another type.
    init.body = Readable.toWeb(message) as unknown as ReadableStream<Uint8Array>
    init.duplex = 'half'
  }
  try {
    return new Request(urlOf(message, origin), init)
  } catch (cause) {
    throw new MalformedRequest('the request line or headers are malformed', { cause })
  }
}

function urlOf(message: IncomingMessage, origin: string): URL {
  const target = message.url ?? '/'
  // A target that starts with two slashes would name another host.
  if (target.startsWith('/')) {
    const host = message.headers.host
    const base = host !== undefined && URL.canParse(`http://${host}`) ? new URL(`http://${host}`).origin : origin
    return new URL(base + target)
  }
  return new URL(target, origin)
}

function headersOf(message: IncomingMessage): Headers {
  const headers = new Headers()
  const raw = message.rawHeaders
  for (let i = 0; i < raw.length; i += 2) headers.append(raw[i]!, raw[i + 1]!)
  return headers
}
