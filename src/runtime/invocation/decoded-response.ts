import { assertMembers, must } from '../../core/assert-options.ts'
import type { WatchedResponse } from '../runtime-traits.ts'
import { watchAnywhere } from './end-with-body.ts'
import type { ReportBodyFailure } from './watched-body.ts'

/** What Node's `fetch` decodes by itself. It keeps the header. */
const decoded = /^(?:(?:x-)?gzip|deflate|br)$/i

/**
 * A response of `fetch` that a handler passes on, for runtimes whose `fetch` leaves the headers of the encoded form on a body
 * that it has decoded: a client would decode it again. Only a response of `fetch` itself has a URL.
 *
 * @throws UsageError `LEX_ERR_USE_001` for another value
 */
export function asDecoded(response: Response): Response {
  assertMembers(response, { status: must.beNumber, headers: must.beObject }, 'the response')
  const { url, body, status, statusText } = response
  const encodings = response.headers.get('content-encoding')?.split(',') ?? []
  const isDecoded = encodings.length > 0 && encodings.every((encoding) => decoded.test(encoding.trim()))
  if (url === '' || body === null || !isDecoded) return response
  const headers = new Headers(response.headers)
  headers.delete('content-encoding')
  headers.delete('content-length')
  return new Response(body, { status, statusText, headers })
}

/**
 * Watches a response, of `fetch` as it is decoded: what is watched has no URL.
 *
 * @throws UsageError `LEX_ERR_USE_001` for another value
 */
export async function watchDecoded(response: Response, report: ReportBodyFailure): Promise<WatchedResponse> {
  return watchAnywhere(asDecoded(response), report)
}
