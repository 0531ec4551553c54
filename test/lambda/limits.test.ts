import { createApplication, type Fetch } from 'lexigram-edge'
import { lambda, type HttpResult } from 'lexigram-edge/lambda'
import { describe, expect, it } from 'vitest'
import { lambdaFunction, Session } from '../support/lambda-function.ts'
import { untilDeadline } from './deadline.ts'
import { eventOf, sampleOf, type Source } from './fixtures/events.ts'
import { contextWith } from './fixtures/records.ts'

async function answerTo(source: Source, fetch: Fetch, init: RequestInit = {}) {
  const errors: unknown[] = []
  const app = createApplication({ name: 'test', fetch, onError: ({ error, phase }) => errors.push([phase, error]) })
  const event = eventOf(source, await sampleOf('/', init))
  const result = (await lambda(app, { env: {} })(event, contextWith(60_000))) as HttpResult
  return { result, errors }
}

const mebibyte = 1024 * 1024

describe('an answer', () => {
  it.each([
    ['http', 6_291_556, /stream: lambda\(app, \{ streaming: true \}\)/],
    ['rest', 6_291_556, /stream/],
    ['lattice', 6_291_556, /^Answer in pages, or with a link to what is large\.$/],
    ['alb', mebibyte, /^Answer in pages, or with a link to what is large\.$/],
  ] as const)('an answer behind %s that is too large says how large it may be', async (source, limit, hint) => {
    const { result, errors } = await answerTo(source, () => new Response('x'.repeat(limit)))
    expect([result.statusCode, JSON.parse(result.body)]).toEqual([
      500,
      expect.objectContaining({ detail: expect.stringContaining(String(limit)) }),
    ])
    expect(errors).toEqual([
      ['handler', expect.objectContaining({ code: 'LEX_ERR_USE_001', hint: expect.stringMatching(hint) })],
    ])
  })

  it('is measured as what is sent', async () => {
    const fitting = await answerTo('alb', () => new Response('x'.repeat(mebibyte - 200)))
    expect(fitting.result.statusCode).toBe(200)
    for (const body of ['\u0001'.repeat(mebibyte / 5), new Uint8Array(mebibyte * 0.8)]) {
      const headers = { 'content-type': typeof body === 'string' ? 'text/plain' : 'image/png' }
      expect((await answerTo('alb', () => new Response(body, { headers }))).result.statusCode).toBe(500)
    }
    const headers = { 'x-large': 'x'.repeat(200) }
    const pushed = await answerTo('alb', () => new Response('x'.repeat(mebibyte - 200), { headers }))
    expect(pushed.result.statusCode).toBe(500)
  })

  it('an answer without an end is read no further than what could be sent', async () => {
    let pulled = 0
    let cancelled = false
    const endless = new ReadableStream({
      pull: (controller) => (pulled++, controller.enqueue(new Uint8Array(mebibyte))),
      cancel: () => void (cancelled = true),
    })
    const { result } = await answerTo('http', () => new Response(endless))
    expect([result.statusCode, cancelled, pulled < 10]).toEqual([500, true, true])
  })

  it.each([
    ['begins before', 0],
    ['begins after', 61_000],
  ])('an answer without an end that %s the deadline is cancelled then', async (_name, delay) => {
    const log: string[] = []
    const fetch: Fetch = async (_request, _env, { scope }) => {
      scope.get(Session)
      await new Promise((resolve) => setTimeout(resolve, delay))
      const pull = () => new Promise<void>(() => {})
      return new Response(new ReadableStream({ pull, cancel: () => void log.push('cancelled') }))
    }
    const { send, log: ends } = lambdaFunction({}, { fetch })
    const event = eventOf('http', await sampleOf('/'))
    expect(await untilDeadline(() => send(event), 62_000)).toMatchObject({ statusCode: 504 })
    expect([log, ends.filter((line) => line.startsWith('end'))]).toEqual([['cancelled'], ['end 1']])
  })

  it('an answer whose body fails is a 500 that is reported though nothing has to be released', async () => {
    const failing = (): Response =>
      new Response(new ReadableStream({ pull: () => Promise.reject(new Error('half-way')) }))
    const { result, errors } = await answerTo('http', failing)
    expect([result.statusCode, errors]).toEqual([500, [['stream', expect.objectContaining({ message: 'half-way' })]]])
  })

  it('an answer to HEAD has the length of the body that it leaves out', async () => {
    let cancelled = false
    const body = new ReadableStream({ cancel: () => void (cancelled = true) })
    const { result } = await answerTo('http', () => new Response(body, { headers: { 'content-length': '9' } }), {
      method: 'HEAD',
    })
    expect([result.body, result.headers?.['content-length'], cancelled]).toEqual(['', '9', true])
  })

  it('an answer of fetch is passed on as it was decoded', async () => {
    const fetched = new Response('hello', { headers: { 'content-encoding': 'gzip', 'content-length': '9' } })
    const { result } = await answerTo('http', () =>
      Object.defineProperty(fetched, 'url', { value: 'https://upstream.test/' }),
    )
    expect([result.body, result.headers]).toEqual(['hello', { 'content-type': 'text/plain;charset=UTF-8' }])
  })

  it('an answer that was fetched elsewhere loses what was true of that connection only', async () => {
    const headers = { 'transfer-encoding': 'chunked', connection: 'close', 'content-length': '7', 'x-kept': '1' }
    const { result } = await answerTo('http', () => new Response('hello', { headers }))
    expect(result.headers).toEqual({ 'content-type': 'text/plain;charset=UTF-8', 'content-length': '5', 'x-kept': '1' })
  })
})

describe('a request', () => {
  it('a request of 6 MB arrives whole', async () => {
    const body = new Uint8Array(6 * mebibyte).fill(7)
    const { result } = await answerTo(
      'http',
      async (request) => new Response(String((await request.bytes()).every((byte) => byte === 7) && body.length)),
      { method: 'POST', body },
    )
    expect(result.body).toBe(String(body.length))
  })

  it('a request with an empty body has one, of no length', async () => {
    const app = createApplication({
      name: 'test',
      fetch: async (request) => new Response(`${request.headers.get('content-length')} ${await request.text()}`),
    })
    const event = { ...eventOf('http', await sampleOf('/', { method: 'POST' })), body: '', isBase64Encoded: true }
    expect(await lambda(app, { env: {} })(event, contextWith(60_000))).toMatchObject({ statusCode: 200, body: '0 ' })
  })
})
