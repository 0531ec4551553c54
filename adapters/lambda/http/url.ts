import type { HttpEvent } from './event.ts'
import { MalformedEvent } from './malformed.ts'
import { mergeByName, optionalTextOf, pairsOf, textOf } from './members.ts'

export interface UrlOptions {
  /** A prefix that the routes do not know, such as the base path of a custom domain. */
  readonly basePath: string
  readonly headers: Headers
}

/** The URL that the client asked for, without the stage or base path in front. @throws MalformedEvent */
export function urlOf(http: HttpEvent, { basePath, headers }: UrlOptions): URL {
  const query = escapeControls(queryOf(http).replaceAll('#', '%23'))
  const full = originOf(http, headers) + encodePath(withoutPrefix(pathOf(http), basePath)) + (query && `?${query}`)
  const url = URL.parse(full)
  if (url === null) throw new MalformedEvent('the path or query is malformed')
  return url
}

/** The scheme is what the first hop was asked by; HTTPS where nothing says so. */
function originOf({ kind, event }: HttpEvent, headers: Headers): string {
  const [forwarded = ''] = (headers.get('x-forwarded-proto') ?? '').split(',', 1)
  const scheme = forwarded.trim().toLowerCase() === 'http' ? 'http' : 'https'
  const domain =
    kind === 'rest' || kind === 'http'
      ? optionalTextOf(event.requestContext.domainName, 'requestContext.domainName')
      : undefined
  for (const host of [headers.get('host'), domain]) {
    const url = host === null || host === undefined ? null : URL.parse(`${scheme}://${host}`)
    if (url !== null) return url.origin
  }
  return `${scheme}://localhost`
}

/** HTTP APIs with a named stage put it in front of the path; `$default` is not there. VPC Lattice adds the query. */
function pathOf({ kind, event }: HttpEvent): string {
  if (kind === 'lattice') return textOf(event.path, 'path').split('?', 1)[0]!
  if (kind !== 'http') return textOf(event.path, 'path')
  const stage = optionalTextOf(event.requestContext.stage, 'requestContext.stage') ?? '$default'
  return withoutPrefix(textOf(event.rawPath, 'rawPath'), stage === '$default' ? '' : `/${stage}`)
}

/**
 * HTTP APIs and function URLs have the raw query, and so has VPC Lattice's path; load balancers have values as the client
 * wrote them; the others decode them, so they are encoded again.
 */
function queryOf({ kind, event }: HttpEvent): string {
  if (kind === 'http') return optionalTextOf(event.rawQueryString, 'rawQueryString') ?? ''
  if (kind === 'lattice') {
    const [, raw] = /\?(.*)/s.exec(textOf(event.path, 'path')) ?? []
    if (raw !== undefined) return raw
  }
  const single = pairsOf(event.queryStringParameters, 'queryStringParameters')
  if (kind === 'lattice') return joinQuery(single, encode)
  const given = mergeByName(pairsOf(event.multiValueQueryStringParameters, 'multiValueQueryStringParameters'), single)
  return joinQuery(given, kind === 'alb' ? (text) => text : encode)
}

function joinQuery(pairs: ReturnType<typeof pairsOf>, write: (text: string) => string): string {
  return pairs.map(([name, value]) => `${write(name)}=${write(value)}`).join('&')
}

function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed())
}

function withoutPrefix(path: string, prefix: string): string {
  if (prefix === '' || (path !== prefix && !path.startsWith(`${prefix}/`))) return path
  return path.slice(prefix.length) || '/'
}

/** Some sources decode the path: what would end it, or is not an escape, is escaped again. The rest `URL` does. */
function encodePath(path: string): string {
  const escaped = path.replaceAll(/[?#\\]/g, encodeURIComponent).replaceAll(/%(?![0-9A-Fa-f]{2})/g, '%25')
  return escapeControls(escaped.startsWith('/') ? escaped : `/${escaped}`)
}

/** `URL` would drop line breaks and tabs, and spaces at the end. https://url.spec.whatwg.org/#concept-basic-url-parser */
function escapeControls(text: string): string {
  return text.replaceAll(/[\0-\x20]/g, encodeURIComponent)
}
