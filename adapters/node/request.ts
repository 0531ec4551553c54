import type { IncomingMessage, ServerResponse } from 'node:http'
import { announcesBody, bodyOf, type BodyLimits } from './request-body.ts'

/** A request whose request line or headers cannot be expressed as a `Request`. */
export class MalformedRequest extends Error {}

export interface RequestOptions {
  /** Used when the request line has no host. */
  readonly origin: string
  readonly signal: AbortSignal
  readonly limits: BodyLimits
}

export interface IncomingRequest {
  readonly request: Request
  /** Whether a part of its body is never read: the connection cannot serve another request then. */
  readonly isCutOff: () => boolean
}

/**
 * Node's request as a `Request`. The body streams, and reading it slowly slows the client down.
 *
 * @throws MalformedRequest
 */
export function toRequest(
  message: IncomingMessage,
  response: ServerResponse,
  { origin, signal, limits }: RequestOptions,
): IncomingRequest {
  const method = message.method ?? 'GET'
  const hasBody = method !== 'GET' && method !== 'HEAD'
  try {
    const headers = headersOf(message)
    const url = urlOf(message.url ?? '/', headers.get('host') ?? '', origin)
    const init = { method, headers, signal }
    if (!hasBody && !announcesBody(message)) return { request: new Request(url, init), isCutOff: () => false }
    const { stream, isCutOff } = bodyOf(message, response, limits)
    // The body of a GET is dropped, within the limits of any other.
    if (!hasBody) return { request: new Request(url, init), isCutOff }
    // Node asks for `duplex` where a body is a stream, which the web's types do not know.
    const withBody: RequestInit & { duplex: 'half' } = { ...init, body: stream, duplex: 'half' }
    return { request: new Request(url, withBody), isCutOff }
  } catch (cause) {
    throw new MalformedRequest('the request line or headers are malformed', { cause })
  }
}

/** A name or address, with a port or without. Two hosts in one request, joined by a comma, are not a host. */
const hostName = /^(?:[\w.~-]+|\[[\da-f:.]+\])(?::\d+)?$/i

/** @see https://www.rfc-editor.org/rfc/rfc9112#section-3.2 */
function urlOf(target: string, host: string, origin: string): URL {
  if (host !== '' && !hostName.test(host)) throw new Error('the host must be well-formed')
  const base = host === '' ? origin : new URL(`http://${host}`).origin
  // A target that starts with two slashes would name another host.
  if (target.startsWith('/')) return new URL(base + target)
  const url = new URL(target, base)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new Error('the scheme must be HTTP')
  // `URL` would take the first part of the path for a host that is missing.
  const isWhole = /^\w+:\/\/[^/?#]/.test(target) && hostName.test(url.host)
  if (target !== '*' && !isWhole) throw new Error('the URL must have a host')
  return url
}

function headersOf(message: IncomingMessage): Headers {
  const headers = new Headers()
  const raw = message.rawHeaders
  for (let i = 0; i < raw.length; i += 2) headers.append(raw[i]!, raw[i + 1]!) // Node puts each value after its name
  return headers
}

/** Of who has connected, which may be a proxy. A socket for both versions of IP writes version 4 as a part of version 6. */
export function addressOf({ socket }: IncomingMessage): string | undefined {
  return socket.remoteAddress?.replace(/^::ffff:(?=[\d.]+$)/i, '')
}
