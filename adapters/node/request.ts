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
  try {
    const headers = headersOf(message)
    const url = urlOf(message.url ?? '/', headers.get('host') ?? '', origin)
    const init: RequestInit & { duplex?: 'half' } = { method, headers, signal }
    if (hasBody) {
      init.body = bodyOf(message, response)
      init.duplex = 'half'
    }
    return new Request(url, init)
  } catch (cause) {
    throw new MalformedRequest('the request line or headers are malformed', { cause })
  }
}

/** A name or address, with a port or without. Two hosts in one request, joined by a comma, are none. */
const hostName = /^(?:[\w.~-]+|\[[\da-f:.]+\])(?::\d+)?$/i

/** @see https://www.rfc-editor.org/rfc/rfc9112#section-3.2 */
function urlOf(target: string, host: string, origin: string): URL {
  if (host !== '' && !hostName.test(host)) throw new Error('the host is malformed')
  const base = host === '' ? origin : new URL(`http://${host}`).origin
  // A target that starts with two slashes would name another host.
  const url = target.startsWith('/') ? new URL(base + target) : new URL(target, base)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new Error('the scheme is not HTTP')
  return url
}

function headersOf(message: IncomingMessage): Headers {
  const headers = new Headers()
  const raw = message.rawHeaders
  for (let i = 0; i < raw.length; i += 2) headers.append(raw[i]!, raw[i + 1]!)
  return headers
}

/** Of who has connected, which may be a proxy. A socket for both versions of IP writes version 4 as a part of version 6. */
export function addressOf({ socket }: IncomingMessage): string | undefined {
  return socket.remoteAddress?.replace(/^::ffff:(?=[\d.]+$)/i, '')
}
