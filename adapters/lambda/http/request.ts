import { fromBase64 } from '../base64.ts'
import type { HttpEvent } from './event.ts'
import { MalformedEvent } from './malformed.ts'
import { mergeByName, optionalTextOf, pairsOf, textOf } from './members.ts'
import { urlOf } from './url.ts'

export interface RequestOptions {
  readonly basePath: string
  readonly signal: AbortSignal
}

/** An event as a `Request`. @throws MalformedEvent for a member, header, URL or base64 that cannot be read */
export function toRequest(http: HttpEvent, options: RequestOptions): Request {
  const headers = headersOf(http)
  const url = urlOf(http, { basePath: options.basePath, headers })
  const method = methodOf(http).toUpperCase()
  const bytes = bodyOf(http)
  // The gateway may have measured the encoded form, and there may be several lengths.
  headers.delete('content-length')
  headers.delete('transfer-encoding')
  const init: RequestInit = { method, headers, signal: options.signal }
  if (bytes !== undefined && method !== 'GET' && method !== 'HEAD') {
    headers.set('content-length', String(bytes.byteLength))
    init.body = bytes
  }
  try {
    return new Request(url, init)
  } catch (cause) {
    throw new MalformedEvent('the method must be one that a Request can have', { cause })
  }
}

function methodOf({ kind, event }: HttpEvent): string {
  if (kind === 'http') return textOf(event.requestContext.http?.method, 'requestContext.http.method')
  return kind === 'lattice' ? textOf(event.method, 'method') : textOf(event.httpMethod, 'httpMethod')
}

function headersOf({ kind, event }: HttpEvent): Headers {
  const headers = new Headers()
  const single = pairsOf(event.headers, 'headers')
  const given =
    kind === 'rest' || kind === 'alb'
      ? mergeByName(pairsOf(event.multiValueHeaders, 'multiValueHeaders'), single, (name) => name.toLowerCase())
      : single
  for (const [name, value] of given) append(headers, name, value)
  if (kind === 'http' && event.cookies !== undefined && event.cookies !== null) {
    const cookies = pairsOf({ cookies: event.cookies }, 'cookies').map(([, cookie]) => cookie)
    headers.delete('cookie')
    append(headers, 'cookie', cookies.join('; '))
  }
  return headers
}

function append(headers: Headers, name: string, value: string): void {
  try {
    headers.append(name, toByteString(value))
  } catch (cause) {
    const isName = /^[\w-]{1,64}$/.test(name)
    throw new MalformedEvent(
      isName ? `the value of header ${name} is malformed` : 'the name of a header is malformed',
      {
        cause,
      },
    )
  }
}

/** A header is bytes: characters above a byte are escaped as UTF-8. https://fetch.spec.whatwg.org/#concept-header-value */
function toByteString(value: string): string {
  // Most are bytes already, and every request has a dozen.
  if (!/[^\0-\xFF]/.test(value)) return value
  return value.replaceAll(/[\u{100}-\u{10FFFF}]+/gu, (text) => encodeURIComponent(text.toWellFormed()))
}

function bodyOf({ event }: HttpEvent): Uint8Array<ArrayBuffer> | undefined {
  const body = optionalTextOf(event.body, 'body')
  if (body === undefined) return undefined
  if (event.isBase64Encoded !== true) return new TextEncoder().encode(body)
  const bytes = fromBase64(body)
  if (bytes === undefined) throw new MalformedEvent('the body must be base64')
  return new Uint8Array(bytes)
}
