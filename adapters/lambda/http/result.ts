import type { HttpEvent } from './event.ts'
import { encodeBody, type WholeResponse } from './encode-body.ts'
import { headersOf } from './headers.ts'

/** What Lambda's HTTP sources take for an answer. */
export interface HttpResult {
  readonly statusCode: number
  /** Load balancers show it; the others ignore it. */
  readonly statusDescription?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[]>>
  readonly cookies?: readonly string[]
  readonly body: string
  readonly isBase64Encoded: boolean
}

/**
 * How many bytes an answer may have as JSON: 6 MB for Lambda, 1 MB for load balancers.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html
 */
export function maxPayloadOf({ kind }: HttpEvent): number {
  return kind === 'alb' ? 1_048_576 : 6_291_556
}

/** Whether an answer is not too large on its way to the runtime. */
export function fits(result: HttpResult, limit: number): boolean {
  // As JSON, one character has up to six bytes; what is left is more than any source takes for headers.
  return result.body.length * 8 <= limit || Buffer.byteLength(JSON.stringify(result)) <= limit
}

/** An answer in the form that its source takes. */
export function toResult({ kind, event }: HttpEvent, whole: WholeResponse): HttpResult {
  const { response, bytes } = whole
  const { single, cookies } = headersOf(response)
  // A handler that passes on what it has fetched may have measured the encoded form.
  if (single['content-length'] !== undefined && bytes.length > 0) single['content-length'] = String(bytes.length)
  const base = { statusCode: response.status, ...encodeBody(whole) }
  const statusDescription = `${response.status} ${response.statusText}`.trim()
  switch (kind) {
    case 'http':
      return { ...base, headers: single, ...(cookies.length > 0 && { cookies }) }
    case 'rest':
      return { ...base, multiValueHeaders: multiValues(single, cookies) }
    case 'alb':
      return event.multiValueHeaders === undefined || event.multiValueHeaders === null
        ? { ...base, statusDescription, headers: { ...single, ...cookieHeaderVariants(cookies) } }
        : { ...base, statusDescription, multiValueHeaders: multiValues(single, cookies) }
    case 'lattice':
      return { ...base, statusDescription, headers: { ...single, ...cookieHeaderVariants(cookies) } }
  }
}

function multiValues(single: Record<string, string>, cookies: readonly string[]): Record<string, readonly string[]> {
  const all: Record<string, readonly string[]> = {}
  for (const [name, value] of Object.entries(single)) all[name] = [value]
  if (cookies.length > 0) all['set-cookie'] = cookies
  return all
}

/** Where a name may stand only once, the same name in another spelling carries the next cookie. */
function cookieHeaderVariants(cookies: readonly string[]): Record<string, string> {
  return Object.fromEntries(cookies.map((cookie, n) => [caseVariant('set-cookie', n), cookie]))
}

/** The n-th way to write a name: each bit of n makes one letter a capital. */
function caseVariant(name: string, n: number): string {
  let bits = n
  return name.replaceAll(/[a-z]/g, (letter) => {
    const capital = (bits & 1) === 1
    bits >>= 1
    return capital ? letter.toUpperCase() : letter
  })
}
