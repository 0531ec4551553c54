import type { Described } from './described.ts'

/** Others are not repeated: a caller could make names without end. */
const methods = new Set(['CONNECT', 'DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT', 'QUERY', 'TRACE'])

/**
 * Without the query and the user information of the URL, because both may hold secrets.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-server-span
 */
export function describeRequest({ method, url }: Request): Described {
  const { hostname, pathname, port, protocol } = new URL(url)
  const known = methods.has(method)
  return {
    name: known ? method : 'HTTP',
    kind: 'server',
    attributes: {
      'http.request.method': known ? method : '_OTHER',
      'url.scheme': protocol.slice(0, -1),
      'url.path': pathname,
      'server.address': hostname,
      'server.port': port === '' ? undefined : Number(port),
    },
  }
}
