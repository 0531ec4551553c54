import type { HttpEvent } from './event.ts'
import { MalformedEvent } from './malformed.ts'
import { urlOf } from './url.ts'

export interface RequestOptions {
  readonly basePath: string
  readonly signal: AbortSignal
}

/** An event as a `Request`. @throws MalformedEvent for header names, base64 or URLs that are none */
export function toRequest(http: HttpEvent, options: RequestOptions): Request {
  const headers = headersOf(http)
  const url = urlOf(http, { basePath: options.basePath, host: headers.get('host') })
  const method = methodOf(http).toUpperCase()
  const bytes = bodyOf(http)
  // What the gateway measured may be the encoded form.
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
    throw new MalformedEvent('the method is malformed', { cause })
  }
}

function methodOf({ kind, event }: HttpEvent): string {
  if (kind === 'http') return event.requestContext.http.method
  return kind === 'lattice' ? event.method : event.httpMethod
}

/** Multiple values win over single ones, which leave some out. */
function headersOf({ kind, event }: HttpEvent): Headers {
  const headers = new Headers()
  const given = kind === 'rest' || kind === 'alb' ? (event.multiValueHeaders ?? event.headers) : event.headers
  for (const [name, values] of Object.entries(given ?? {})) {
    if (Array.isArray(values)) for (const value of values) append(headers, name, value)
    else if (values !== undefined && values !== null) append(headers, name, values)
  }
  if (kind === 'http' && event.cookies !== undefined) headers.set('cookie', toByteString(event.cookies.join('; ')))
  return headers
}

function append(headers: Headers, name: string, value: string): void {
  try {
    headers.append(name, toByteString(value))
  } catch (cause) {
    throw new MalformedEvent('a header is malformed', { cause })
  }
}

/** A header is bytes: characters that are none are escaped as UTF-8. https://fetch.spec.whatwg.org/#concept-header-value */
function toByteString(value: string): string {
  // Most are bytes already, and every request has a dozen.
  if (!/[^\0-\xFF]/.test(value)) return value
  return value.replaceAll(/[\u{100}-\u{10FFFF}]+/gu, (text) => encodeURIComponent(text.toWellFormed()))
}

function bodyOf({ event }: HttpEvent): Uint8Array<ArrayBuffer> | undefined {
  const { body, isBase64Encoded } = event
  if (body === undefined || body === null) return undefined
  if (isBase64Encoded !== true) return new TextEncoder().encode(body)
  // Buffer would skip what is not base64.
  if (body.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(body)) throw new MalformedEvent('the body is not base64')
  return new Uint8Array(Buffer.from(body, 'base64'))
}
