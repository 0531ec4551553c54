import fc from 'fast-check'
import { createApplication } from 'lexigram-edge'
import { lambda, type HttpResult } from 'lexigram-edge/lambda'
import { describe, expect, it } from 'vitest'
import { responseOf } from '../support/lambda-result.ts'
import { contextWith } from './fixtures/records.ts'
import { writers, type ClientRequest } from './fixtures/wire-events.ts'

const token = fc.stringMatching(/^[a-z][a-z0-9-]{0,10}$/)
const visible = fc.stringMatching(/^[\x21-\x2B\x2D-\x7E]{1,12}$/)
const text = fc.string({ unit: 'grapheme', maxLength: 8 })

/** Every way to write a byte: as it is where a path may hold it, or escaped, in either case. */
const pathByte = fc.oneof(
  fc.stringMatching(/^[A-Za-z0-9_~!$&'()*+,;=:@-]$/),
  fc.integer({ min: 0, max: 255 }).map((byte) => `%${byte.toString(16).padStart(2, '0').toUpperCase()}`),
  fc.integer({ min: 0, max: 255 }).map((byte) => `%${byte.toString(16).padStart(2, '0')}`),
)
const segment = fc
  .array(pathByte, { minLength: 1, maxLength: 6 })
  .map((bytes) => bytes.join(''))
  // `.` and `..`, however they are written, are resolved by the client. https://url.spec.whatwg.org/#double-dot-path-segment
  .filter((part) => !/^(?:\.|%2e)+$/i.test(part))

const reserved = new Set(['host', 'cookie', 'set-cookie', 'connection', 'keep-alive', 'upgrade', 'expect', 'te', 'via'])
const headerName = token.filter((name) => !reserved.has(name) && !/^(?:content|transfer|x-forwarded)-/.test(name))
const headers = fc.uniqueArray(fc.tuple(headerName, fc.array(visible, { minLength: 1, maxLength: 3 })), {
  selector: ([name]) => name,
  maxLength: 4,
})
const cookies = fc.uniqueArray(fc.tuple(token, fc.stringMatching(/^[\w-]{0,8}$/)), {
  selector: ([name]) => name,
  maxLength: 4,
})

const requests: fc.Arbitrary<ClientRequest> = fc.record({
  method: fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'),
  path: fc.array(segment, { maxLength: 4 }).map((segments) => `/${segments.join('/')}`),
  query: fc.array(fc.tuple(text.filter(Boolean), text), { maxLength: 5 }),
  headers,
  cookies,
  body: fc.uint8Array({ maxLength: 40 }),
})

const responses = fc.record({
  status: fc.constantFrom(200, 201, 204, 302, 404, 422, 500),
  type: fc.constantFrom('text/plain', 'application/json', 'image/png', 'text/html; charset=iso-8859-1', 'x/y+xml'),
  headers,
  cookies,
  body: fc.uint8Array({ maxLength: 60 }),
})

interface Seen {
  readonly method: string
  readonly path: string
  readonly query: readonly (readonly [string, string])[]
  readonly headers: Readonly<Record<string, readonly string[]>>
  readonly cookie: string | null
  readonly body: readonly number[]
}

const split = (value: string | null): string[] => (value ?? '').split(/, ?/)

async function seenBy(request: Request, names: readonly string[]): Promise<Seen> {
  const url = new URL(request.url)
  return {
    method: request.method,
    path: url.pathname,
    query: byName([...url.searchParams]),
    headers: Object.fromEntries(names.map((name) => [name, split(request.headers.get(name))])),
    cookie: request.headers.get('cookie'),
    body: [...new Uint8Array(await request.arrayBuffer())],
  }
}

describe.each(Object.entries(writers))('a request behind %s', (_name, { write, carries }) => {
  it('is the same on both sides of a gateway', async () => {
    await fc.assert(
      fc.asyncProperty(requests, responses, async (sent, answered) => {
        const names = sent.headers.map(([name]) => name)
        const hasBody = sent.body.length > 0 && sent.method !== 'GET' && sent.method !== 'HEAD'
        const bytes = answered.status === 204 ? null : answered.body
        let seen: Seen | undefined
        const app = createApplication({
          name: 'test',
          health: false,
          fetch: async (request) => {
            seen = await seenBy(request, names)
            const given = new Headers([['content-type', answered.type]])
            for (const [name, values] of answered.headers) for (const value of values) given.append(name, value)
            for (const [name, value] of answered.cookies) given.append('set-cookie', `${name}=${value}`)
            return new Response(bytes, { status: answered.status, headers: given })
          },
        })
        const event: unknown = JSON.parse(JSON.stringify(write(hasBody ? sent : { ...sent, body: new Uint8Array() })))
        const handler = lambda(app, { env: {}, bootAtInit: false })
        const result = (await handler(event, contextWith(60_000))) as HttpResult

        expect(seen).toEqual({
          method: sent.method,
          path: new URL(`https://x.test${sent.path}`).pathname,
          query: byName(carries.repeatedQuery ? sent.query : lastOfEach(sent.query)),
          headers: Object.fromEntries(
            sent.headers.map(([name, values]) => [name, carries.repeatedHeaders ? values : values.slice(-1)]),
          ),
          cookie: sent.cookies.map(([name, value]) => `${name}=${value}`).join('; ') || null,
          body: hasBody ? [...sent.body] : [],
        })
        // What Lambda carries is JSON.
        const response = responseOf(JSON.parse(JSON.stringify(result)) as HttpResult)
        expect(response.status).toBe(answered.status)
        for (const [name, values] of answered.headers) expect(split(response.headers.get(name))).toEqual(values)
        expect(response.headers.getSetCookie()).toEqual(answered.cookies.map(([name, value]) => `${name}=${value}`))
        expect(response.headers.get('content-type')).toBe(answered.type)
        expect([...new Uint8Array(await response.arrayBuffer())]).toEqual(
          sent.method === 'HEAD' || bytes === null ? [] : [...bytes],
        )
      }),
      { numRuns: 150 },
    )
  })
})

type Query = ClientRequest['query']

/** Sources with a list for each name keep the order of a name's values, not that between names. */
function byName(query: Query): Query {
  return query.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
}

function lastOfEach(query: Query): Query {
  return [...new Map(query.map(([name, value]) => [name, [name, value] as const])).values()]
}
