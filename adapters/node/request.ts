import type { IncomingMessage, ServerResponse } from 'node:http'
import { bodyOf } from './request-body.ts'

/** A request whose request line or headers cannot be expressed as a `Request`. */
export class MalformedRequest extends Error {}

/**
 * Node's request as a `Request`. The body streams, and reading it slowly slows the client down.
 *
 * @throws MalformedRequest
 */
export function toRequest(
  message: IncomingMessage,
  response: ServerResponse,
  { origin, signal }: { /** Used when the request line has no host of its own. */ origin: string; signal: AbortSignal },
): Request {
  const method = message.method ?? 'GET'
  const hasBody = method !== 'GET' && method !== 'HEAD'
  const init: RequestInit & { duplex?: 'half' } = { method, headers: headersOf(message), signal }
  if (hasBody) {
    init.body = bodyOf(message, response)
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
