import type { HttpEvent } from './event.ts'

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

/** A buffered answer may have 6 MB, with its headers. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const maxPayload = 6_291_556

/** Reads a response to its end, in the form that its source takes. Rejects with what the body failed with. */
export async function toResult(response: Response, { kind, event }: HttpEvent): Promise<HttpResult> {
  const payload = encodeBody(new Uint8Array(await response.arrayBuffer()), response.headers)
  const base = { statusCode: response.status, ...payload }
  const cookies = response.headers.getSetCookie()
  const single = Object.fromEntries([...response.headers].filter(([name]) => name !== 'set-cookie'))
  const statusDescription = `${response.status} ${response.statusText}`.trim()
  switch (kind) {
    case 'http':
      return { ...base, headers: single, ...(cookies.length > 0 && { cookies }) }
    case 'rest':
      return { ...base, multiValueHeaders: multiValues(single, cookies) }
    case 'alb':
      return event.multiValueHeaders === undefined || event.multiValueHeaders === null
        ? { ...base, statusDescription, headers: { ...single, ...spellings(cookies) } }
        : { ...base, statusDescription, multiValueHeaders: multiValues(single, cookies) }
    case 'lattice':
      return { ...base, statusDescription, headers: { ...single, ...spellings(cookies) } }
  }
}

/** What an answer weighs on its way to the runtime. */
export function payloadSize(result: HttpResult): number {
  return Buffer.byteLength(JSON.stringify(result))
}

function multiValues(single: Record<string, string>, cookies: readonly string[]): Record<string, readonly string[]> {
  const all: Record<string, readonly string[]> = {}
  for (const [name, value] of Object.entries(single)) all[name] = [value]
  if (cookies.length > 0) all['set-cookie'] = cookies
  return all
}

/** Where a name may stand only once, the same name in another spelling carries the next cookie. */
function spellings(cookies: readonly string[]): Record<string, string> {
  return Object.fromEntries(cookies.map((cookie, n) => [spelling('set-cookie', n), cookie]))
}

/** The n-th way to write a name: each bit of n makes one letter a capital. */
function spelling(name: string, n: number): string {
  let bits = n
  return name.replaceAll(/[a-z]/g, (letter) => {
    const capital = (bits & 1) === 1
    bits >>= 1
    return capital ? letter.toUpperCase() : letter
  })
}

const textual =
  /^(?:text\/|application\/(?:json|xml|javascript|x-www-form-urlencoded|graphql)\b|[\w.-]+\/[\w.-]+\+(?:json|xml)\b)/i

/** A byte order mark is part of the body. */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Text goes as text when it is text and valid UTF-8; everything else, compressed text included, as base64. */
function encodeBody(bytes: Uint8Array, headers: Headers): { body: string; isBase64Encoded: boolean } {
  const encoding = headers.get('content-encoding') ?? 'identity'
  const type = headers.get('content-type') ?? 'text/plain'
  if (encoding === 'identity' && textual.test(type)) {
    try {
      return { body: utf8.decode(bytes), isBase64Encoded: false }
    } catch {
      // Another charset, or bytes that only claim to be text.
    }
  }
  return { body: Buffer.from(bytes).toString('base64'), isBase64Encoded: bytes.length > 0 }
}
