import { createApplication, RequestContext, type Fetch, type ReportedError } from 'lexigram-edge'
import { lambda, type HttpResult } from 'lexigram-edge/lambda'
import { ConformanceSession, createConformanceApplication } from 'lexigram-edge/testing'
import { describe, expect, it } from 'vitest'
import { untilDeadline } from './deadline.ts'
import { itConforms } from '../support/adapter-conformance.ts'
import { responseOf } from '../support/lambda-result.ts'
import { eventOf, sampleOf, sources, type Sample, type Source } from './fixtures/events.ts'
import { contextWith } from './fixtures/records.ts'

const minute = () => contextWith(60_000)

function functionOf(fetch: Fetch, errors: unknown[] = []) {
  const onError = ({ error }: ReportedError): void => void errors.push(error)
  return lambda(createApplication({ name: 'test', fetch, onError }), { env: {} })
}

async function call(handler: ReturnType<typeof lambda>, source: Source, sample: Sample): Promise<HttpResult> {
  return (await handler(eventOf(source, sample), minute())) as HttpResult
}

async function atDeadline(handler: ReturnType<typeof lambda>, path: string): Promise<HttpResult> {
  const event = eventOf('http', await sampleOf(path))
  return (await untilDeadline(() => handler(event, contextWith(60_000, 'request-1')))) as HttpResult
}

describe.each(sources)('the Lambda adapter behind %s', (source) => {
  const handler = lambda(createConformanceApplication().app, { env: {} })
  const send = async (path: string, init?: RequestInit) =>
    responseOf(await call(handler, source, await sampleOf(path, init)))
  itConforms({ send, streams: false, ownRequestIds: true })
})

describe('answers', () => {
  it('are base64 unless they are text', async () => {
    const bodies: Record<string, [BodyInit, Record<string, string>, boolean]> = {
      json: ['{"a":1}', { 'content-type': 'application/problem+json' }, false],
      'text with a byte order mark': ['\uFEFFtext', { 'content-type': 'text/plain;charset=UTF-8' }, false],
      latin1: [new Uint8Array([0xe4]), { 'content-type': 'text/plain;charset=ISO-8859-1' }, true],
      image: [new Uint8Array([1, 2]), { 'content-type': 'image/png' }, true],
      compressed: [new Uint8Array([0x1f, 0x8b]), { 'content-type': 'text/html', 'content-encoding': 'gzip' }, true],
    }
    for (const [name, [body, headers, encoded]] of Object.entries(bodies)) {
      const handler = functionOf(() => new Response(body, { headers }))
      const result = await call(handler, 'http', await sampleOf('/'))
      expect([name, result.isBase64Encoded]).toEqual([name, encoded])
      const bytes = new Uint8Array(await responseOf(result).arrayBuffer())
      expect(bytes).toEqual(new Uint8Array(await new Response(body).arrayBuffer()))
    }
  })

  it('carry every cookie where a name may stand only once', async () => {
    const cookies = Array.from({ length: 5 }, (_, i) => `c${i}=1`)
    const handler = functionOf(
      () => new Response('', { headers: cookies.map((cookie) => ['set-cookie', cookie] as [string, string]) }),
    )
    const { headers } = await call(handler, 'alb', await sampleOf('/'))
    const sent = Object.entries(headers ?? {}).filter(([name]) => name.toLowerCase() === 'set-cookie')
    expect(sent.map(([, value]) => value)).toEqual(cookies)
  })
})

describe('events', () => {
  const ok = functionOf((request) => Response.json({ url: request.url, type: request.headers.get('x-test') }))

  it('lose the stage and the base path that the routes do not know', async () => {
    const based = lambda(
      createApplication({ name: 'test', fetch: (request) => new Response(new URL(request.url).pathname) }),
      { env: {}, basePath: '/shop' },
    )
    const event = (rawPath: string) => ({
      rawPath,
      headers: {},
      requestContext: { stage: 'prod', http: { method: 'GET' } },
    })
    const path = async (rawPath: string) => (await based<HttpResult>(event(rawPath), minute())).body
    expect(await path('/prod/shop/products')).toBe('/products')
    expect(await path('/prod/shop')).toBe('/')
    expect(await path('/prod/shopping')).toBe('/shopping')
  })

  it('events with characters that no header can carry are escaped', async () => {
    const result = await call(ok, 'rest', { method: 'GET', path: '/', query: [], headers: [['x-test', 'ä€']] })
    expect(JSON.parse(result.body)).toMatchObject({ type: 'ä%E2%82%AC' })
  })

  it('events that are unknown are an error that names their members and no value', async () => {
    const error: unknown = await ok({ Records: [{ secret: 'swordfish' }] }, minute()).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'LEX_ERR_USE_001', message: /Records/ })
    expect((error as Error).message).not.toContain('swordfish')
    await expect(ok('text', minute())).rejects.toThrow(/string/)
  })
})

describe('an invocation', () => {
  it('has the deadline of its invocation', async () => {
    const handler = functionOf(async (_request, _env, { scope }) => {
      const { deadline, requestId, signal } = await scope.resolve(RequestContext)
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
      return Response.json({ early: (deadline ?? 0) < Date.now() + 500, requestId })
    })
    const result = await atDeadline(handler, '/')
    expect(JSON.parse(result.body)).toEqual({ early: true, requestId: 'request-1' })
  })

  const hangingAt = (path: string, errors: unknown[] = []) =>
    functionOf((request) => (request.url.endsWith(path) ? new Promise<Response>(() => {}) : new Response('up')), errors)

  it('an invocation that never settles is a 504 before Lambda ends the process', async () => {
    const errors: unknown[] = []
    const never = await atDeadline(hangingAt('/never', errors), '/never')
    expect([never.statusCode, never.headers?.['content-type']]).toEqual([504, 'application/problem+json'])
    expect(errors).toMatchObject([{ code: 'LEX_ERR_INFRA_002' }])
  })

  it('is answered after one that never settled', async () => {
    const handler = hangingAt('/never')
    await atDeadline(handler, '/never')
    expect((await call(handler, 'http', await sampleOf('/'))).statusCode).toBe(200)
  })

  it('an invocation whose body is not whole by the deadline is a 504', async () => {
    const { app, log } = createConformanceApplication()
    const slow = createApplication({
      ...app.options,
      fetch: async (_request, _env, { scope }) => {
        await scope.resolve(ConformanceSession)
        return new Response(new ReadableStream({ pull: () => new Promise(() => {}) }))
      },
    })
    const handler = lambda(slow, { env: {} })
    const result = await atDeadline(handler, '/')
    expect(result.statusCode).toBe(504)
    expect(log).toEqual([expect.stringMatching(/^handler: /), 'end 1'])
  })

  it('ends after its background work', async () => {
    const log: string[] = []
    const handler = functionOf((_request, _env, context) => {
      context.waitUntil(new Promise((resolve) => setTimeout(resolve, 10)).then(() => log.push('done')))
      return new Response('ok')
    })
    await call(handler, 'http', await sampleOf('/'))
    expect(log).toEqual(['done'])
  })

  it('reports background work that is not done when time is over', async () => {
    const errors: unknown[] = []
    const handler = functionOf((_request, _env, context) => {
      context.waitUntil(new Promise(() => {}))
      return new Response('ok')
    }, errors)
    await atDeadline(handler, '/')
    expect(errors).toMatchObject([{ message: /background work did not end/ }])
  })

  it('boots again when the boot during initialisation failed, which is reported', async () => {
    let boots = 0
    const errors: unknown[] = []
    const app = createApplication({
      name: 'test',
      onError: ({ error, phase }) => errors.push([phase, (error as Error).message]),
      fetch: () => new Response('up'),
      providers: [{ name: 'flaky', boot: () => (++boots === 1 ? Promise.reject(new Error('down')) : undefined) }],
    })
    const handler = lambda(app, { env: {} })
    await expect.poll(() => errors).toEqual([['boot', 'down']])
    expect((await call(handler, 'http', await sampleOf('/'))).statusCode).toBe(200)
    expect(boots).toBe(2)
  })
})
