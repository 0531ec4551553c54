import fc from 'fast-check'
import { createApplication, factory, provider, token } from 'lexigram-edge'
import { lambda, type HttpResult } from 'lexigram-edge/lambda'
import { describe, expect, it } from 'vitest'
import { damaged, damages } from './damage.ts'
import { contextWith } from './fixtures/records.ts'
import { writers, type ClientRequest } from './fixtures/wire-events.ts'

const Session = token<object>('Session')

/** A function that opens a session for each request, with what became of them. */
function functionWith() {
  const errors: unknown[] = []
  const counts = { opened: 0, ended: 0 }
  const session = provider('session', {
    register(container) {
      const dispose = (): void => void counts.ended++
      container.scoped(
        Session,
        factory([], () => (counts.opened++, {}), { dispose }),
      )
    },
  })
  const app = createApplication({
    name: 'test',
    providers: [session],
    onError: ({ error }) => errors.push(error),
    async fetch(request, _env, { scope }) {
      await scope.resolve(Session)
      return Response.json({ url: request.url, headers: [...request.headers], body: await request.text() })
    },
  })
  const handler = lambda(app, { env: {} })
  return { errors, counts, send: (event: unknown) => handler(event, contextWith(60_000)) }
}

const request: ClientRequest = {
  method: 'POST',
  path: '/a/b',
  query: [['q', '1']],
  headers: [['x-test', ['1', '2']]],
  cookies: [['c', '1']],
  body: new TextEncoder().encode('hello'),
}
const events = Object.fromEntries(
  Object.entries(writers).map(([name, { write }]) => [name, write(request) as Record<string, unknown>]),
)
const rest = events['a REST API']!
const url = events['a function URL']!
const lattice = events['VPC Lattice']!
const single = events['a load balancer']!

describe('an HTTP event', () => {
  const cases: Readonly<Record<string, readonly [event: object, detail: RegExp]>> = {
    'without a method': [{ ...url, requestContext: { http: {} } }, /requestContext\.http\.method of the event/],
    'whose `http` is null': [{ ...url, requestContext: { http: null } }, /requestContext\.http\.method/],
    'whose method is not a string': [{ ...rest, httpMethod: 5 }, /httpMethod of the event must be a string/],
    'whose method is malformed': [
      { ...rest, httpMethod: 'NOT A METHOD' },
      /method must be one that a Request can have/,
    ],
    'with a method that no Request has': [
      { ...single, httpMethod: 'TRACE' },
      /method must be one that a Request can have/,
    ],
    'whose path is not a string': [{ ...lattice, path: ['/'] }, /^path of the event must be a string/],
    'whose raw path is null': [{ ...url, rawPath: null }, /^rawPath of the event must be a string/],
    'whose raw query is an object': [{ ...url, rawQueryString: {} }, /^rawQueryString of the event/],
    'whose stage is a number': [
      { ...url, requestContext: { stage: 1, http: { method: 'GET' } } },
      /stage of the event/,
    ],
    'whose headers are text': [{ ...url, headers: 'host: x' }, /^headers of the event must be an object/],
    'with a header that is a number': [{ ...url, headers: { 'content-length': 5 } }, /a value of headers/],
    'with nested header values': [{ ...rest, multiValueHeaders: { a: [['b']] } }, /a value of multiValueHeaders/],
    'with a malformed header name': [{ ...rest, multiValueHeaders: { 'bad name': ['x'] } }, /name of a header/],
    'with a line break in a header': [{ ...url, headers: { 'x-test': 'a\r\nb: c' } }, /value of header x-test/],
    'whose cookies are a number': [{ ...url, cookies: 5 }, /a value of cookies/],
    'with a query of numbers': [{ ...lattice, queryStringParameters: { q: [1] } }, /a value of queryStringParameters/],
    'whose body is an object': [{ ...rest, body: { a: 1 } }, /^body of the event must be a string/],
    'whose body is not base64': [{ ...rest, body: 'abc' }, /body must be base64/],
    'whose body is base64 with rubbish in it': [{ ...rest, body: 'aGVs*G8=' }, /body must be base64/],
  }
  it.each(Object.entries(cases))('%s is a 400 that names the member', async (_name, [event, detail]) => {
    const { errors, counts, send } = functionWith()
    const { statusCode, body, headers, multiValueHeaders } = (await send(event)) as HttpResult
    expect([statusCode, JSON.parse(body)]).toEqual([
      400,
      expect.objectContaining({ detail: expect.stringMatching(detail) }),
    ])
    expect(headers?.['content-type'] ?? multiValueHeaders?.['content-type']?.[0]).toBe('application/problem+json')
    expect([errors, counts.opened]).toEqual([[], 0])
  })

  it('says nothing of the values that are wrong', async () => {
    const { send } = functionWith()
    const secret = { ...rest, body: { token: 'swordfish' }, multiValueHeaders: { authorization: ['a\nswordfish'] } }
    for (const event of [secret, { ...secret, multiValueHeaders: { 'swordfish ': ['x'] } }]) {
      expect(((await send(event)) as HttpResult).body).not.toContain('swordfish')
    }
  })

  const kept: Readonly<Record<string, readonly [event: object, answer: object]>> = {
    'has the length of the decoded body, however many were claimed': [
      { ...rest, headers: {}, multiValueHeaders: { 'content-length': ['5', '500'], 'Content-Length': ['7'] } },
      { headers: [['content-length', '5']], body: 'hello' },
    ],
    'has its single headers and query where the lists are empty': [
      { ...rest, multiValueHeaders: {}, headers: { 'x-a': '1' }, multiValueQueryStringParameters: {}, body: null },
      { headers: [['x-a', '1']], url: 'https://x.test/a/b?q=1' },
    ],
    'falls back on the domain when the host is malformed': [
      { ...url, headers: { host: 'not a host' }, body: '' },
      { url: 'https://x.test/a/b?q=1' },
    ],
    'keeps a path that begins with two slashes on its host': [
      { ...url, rawPath: '//evil.test/x' },
      { url: 'https://x.test//evil.test/x?q=1' },
    ],
    'keeps line breaks and spaces of a decoded path': [
      { ...rest, path: '/a\n\t b ' },
      { url: 'https://x.test/a%0A%09%20b%20?q=1' },
    ],
    'keeps a number sign in a query': [{ ...url, rawQueryString: 'a=#b' }, { url: 'https://x.test/a/b?a=%23b' }],
    'replaces what is not a character': [
      { ...rest, multiValueQueryStringParameters: { q: ['\u{D800}'] } },
      { url: 'https://x.test/a/b?q=%EF%BF%BD' },
    ],
    'knows that a load balancer was asked without TLS': [
      { ...single, headers: { host: 'x.test:8080', 'x-forwarded-proto': 'http' } },
      { url: 'http://x.test:8080/a/b?q=1' },
    ],
  }
  it.each(Object.entries(kept))('%s', async (_name, [event, answer]) => {
    const { send } = functionWith()
    const { statusCode, body } = (await send(event)) as HttpResult
    expect([statusCode, JSON.parse(body)]).toEqual([200, expect.objectContaining(answer)])
  })

  it('an HTTP event of any source, however damaged, is answered or refused by name', async () => {
    const { errors, counts, send } = functionWith()
    const refused: unknown[] = []
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...Object.values(events)), damages, async (event, changes) => {
        const outcome = await send(damaged(event, changes)).catch((error: unknown) => error)
        const { statusCode, code } = outcome as { statusCode?: number; code?: string }
        expect([200, 400, 'LEX_ERR_USE_001']).toContain(statusCode ?? code)
        if (statusCode === undefined) refused.push(outcome)
        expect(counts.ended).toBe(counts.opened)
      }),
      { numRuns: 2000 },
    )
    expect(errors).toEqual(refused)
  })
})

describe('an event for an authorizer', () => {
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-input.html
  const asked: Readonly<Record<string, object>> = {
    'of a REST API': { ...rest, type: 'REQUEST', methodArn: 'arn:aws:execute-api:us-east-1:123456789012:a/prod/GET/' },
    'of an HTTP API': { ...url, type: 'REQUEST', routeArn: 'arn:aws:execute-api:us-east-1:123456789012:a/$default/' },
    'of a WebSocket API': {
      type: 'REQUEST',
      methodArn: 'arn:aws:execute-api:us-east-1:123456789012:a/prod/$connect',
      requestContext: { connectionId: 'L0SM9cOFvHcCIhw=', eventType: 'CONNECT' },
    },
  }
  it.each(Object.entries(asked))('%s is not a request: it goes to `other`', async (_name, event) => {
    const app = createApplication({ name: 'test', fetch: () => new Response('http') })
    const answer = { isAuthorized: true }
    const on = { other: () => answer, webSocket: () => ({ statusCode: 200 }) }
    expect(await lambda(app, { env: {}, on })(event, contextWith(60_000))).toBe(answer)
  })
})
