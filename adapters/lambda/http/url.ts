import { MalformedEvent } from './malformed.ts'
import type { HeadersN, Headers1, HttpEvent } from './event.ts'

export interface UrlOptions {
  /** A prefix that the routes do not know, such as the base path of a custom domain. */
  readonly basePath: string
  /** From the `host` header. */
  readonly host: string | null
}

/** The URL that the client asked for, without the stage or base path in front. */
export function urlOf({ kind, event }: HttpEvent, options: UrlOptions): URL {
  const domain = 'domainName' in event.requestContext ? event.requestContext.domainName : undefined
  const origin = `https://${options.host ?? domain ?? 'localhost'}`
  const base = URL.parse(origin)?.origin ?? 'https://localhost'
  const path = kind === 'http' ? withoutPrefix(event.rawPath, stagePrefix(event.requestContext.stage)) : event.path
  const query = queryOf({ kind, event } as HttpEvent)
  const url = URL.parse(base + encodePath(withoutPrefix(path, options.basePath)) + (query === '' ? '' : `?${query}`))
  if (url === null) throw new MalformedEvent('the path or query is malformed')
  return url
}

/**
 * HTTP APIs and function URLs give the raw query; load balancers give values as the client wrote them; the others decode
 * them, so they are encoded again.
 */
function queryOf({ kind, event }: HttpEvent): string {
  switch (kind) {
    case 'http':
      return event.rawQueryString ?? ''
    case 'alb':
      return joinQuery(event.multiValueQueryStringParameters ?? event.queryStringParameters, (text) => text)
    case 'rest':
      return joinQuery(event.multiValueQueryStringParameters ?? event.queryStringParameters, encodeURIComponent)
    case 'lattice':
      return joinQuery(event.queryStringParameters, encodeURIComponent)
  }
}

function joinQuery(parameters: Headers1 | HeadersN | undefined, encode: (text: string) => string): string {
  return Object.entries(parameters ?? {})
    .flatMap(([name, values]) => [values ?? []].flat().map((value) => `${encode(name)}=${encode(value)}`))
    .join('&')
}

/** HTTP APIs with a named stage put it in front of the path; `$default` is not there. */
function stagePrefix(stage: string | undefined): string {
  return stage === undefined || stage === '$default' ? '' : `/${stage}`
}

function withoutPrefix(path: string, prefix: string): string {
  if (prefix === '' || (path !== prefix && !path.startsWith(`${prefix}/`))) return path
  return path.slice(prefix.length) || '/'
}

/** Some sources decode the path: what would end it, or is no escape, is escaped again. The rest `URL` does. */
function encodePath(path: string): string {
  const escaped = path.replaceAll(/[?#\\]/g, encodeURIComponent).replaceAll(/%(?![0-9A-Fa-f]{2})/g, '%25')
  return escaped.startsWith('/') ? escaped : `/${escaped}`
}
