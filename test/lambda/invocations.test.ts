import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { createApplication, RequestContext, type Fetch, type ReportedError } from 'lexigram-edge'
import { lambda, type HttpResult, type LambdaContext } from 'lexigram-edge/lambda'
import { describe, expect, it, vi } from 'vitest'
import { untilDeadline } from './deadline.ts'
import { eventOf, sampleOf } from './fixtures/events.ts'
import { contextWith, sqsRecord } from './fixtures/records.ts'

const get = async (path: string) => eventOf('http', await sampleOf(path))

function functionOf(fetch: Fetch, errors: unknown[] = []) {
  const onError = ({ error }: ReportedError): void => void errors.push(error)
  return lambda(createApplication({ name: 'test', fetch, onError }), { env: {} })
}

describe('a context made by hand', () => {
  const contexts: Readonly<Record<string, unknown>> = {
    'that is missing': undefined,
    'without members': {},
    'whose time is not a number': { awsRequestId: 5, getRemainingTimeInMillis: () => Number.NaN },
  }
  it.each(Object.entries(contexts))('%s means that there is no deadline', async (_name, context) => {
    const log: string[] = []
    const handler = functionOf(async (_request, _env, execution) => {
      const { deadline, requestId, signal } = await execution.scope.resolve(RequestContext)
      execution.waitUntil(new Promise((resolve) => setTimeout(resolve, 5)).then(() => log.push('done')))
      return Response.json({ deadline: deadline ?? 'none', id: requestId.length, aborted: signal.aborted })
    })
    const { body } = (await handler(await get('/'), context as LambdaContext)) as HttpResult
    expect(JSON.parse(body)).toEqual({ deadline: 'none', id: 36, aborted: false })
    expect(log).toEqual(['done'])
    const queue = lambda.on(createApplication({ name: 'test' }), { sqs: () => {} }, { env: {} })
    expect(await queue({ Records: [sqsRecord('1', '1')] }, context as LambdaContext)).toEqual({
      batchItemFailures: [],
    })
  })

  it('an invocation whose time is over is answered at once', async () => {
    const errors: unknown[] = []
    const handler = functionOf(() => new Promise<Response>(() => {}), errors)
    expect(await handler(await get('/'), contextWith(-5))).toMatchObject({ statusCode: 504 })
  })
})

describe('work that comes after the answer', () => {
  it('is reported, as nothing awaits it', async () => {
    const errors: unknown[] = []
    const late = Promise.withResolvers<void>()
    const handler = functionOf((_request, _env, { waitUntil }) => {
      void late.promise.then(() => waitUntil(Promise.resolve()))
      return new Response('early')
    }, errors)
    await handler(await get('/'), contextWith(60_000))
    expect(errors).toEqual([])
    late.resolve()
    await late.promise
    expect(errors).toEqual([expect.objectContaining({ message: 'work cannot be awaited: its invocation has ended' })])
  })
})

describe('two invocations in one process', () => {
  it('have a deadline, a signal and an id each', async () => {
    const open = new Map<string, RequestContext>()
    const handler = functionOf(async (request, _env, { scope }) => {
      const context = await scope.resolve(RequestContext)
      open.set(new URL(request.url).pathname, context)
      return new Promise<Response>(() => {})
    })
    const [short, long] = [await get('/short'), await get('/long')]
    const result = await untilDeadline(() => {
      void handler(long, { ...contextWith(300_000), awsRequestId: 'long' })
      return handler(short, { ...contextWith(60_000), awsRequestId: 'short' })
    })
    expect(result).toMatchObject({ statusCode: 504 })
    expect([...open].map(([path, { requestId, signal }]) => [path, requestId, signal.aborted])).toEqual([
      ['/long', 'long', false],
      ['/short', 'short', true],
    ])
    const [later, sooner] = [open.get('/long')!.deadline!, open.get('/short')!.deadline!]
    expect(Math.round((later - sooner) / 1000)).toBe(240)
  })
})

describe('an application that does not boot', () => {
  it('is a 503 for each request, tried again each time', async () => {
    let boots = 0
    const errors: unknown[] = []
    const app = createApplication({
      name: 'test',
      onError: ({ error }) => errors.push(error),
      providers: [{ name: 'down', boot: () => Promise.reject(new Error(`down ${++boots}`)) }],
    })
    const handler = lambda(app, { env: {}, bootAtInit: false })
    for (let i = 0; i < 3; i++)
      expect(await handler(await get('/'), contextWith(60_000))).toMatchObject({ statusCode: 503 })
    expect(errors).toMatchObject([{ message: 'down 1' }, { message: 'down 2' }, { message: 'down 3' }])
  })

  it('because a provider hangs keeps no later request waiting for longer than its own time', async () => {
    let hangs = true
    const app = createApplication({
      name: 'test',
      fetch: () => new Response('up'),
      onError: () => {},
      providers: [{ name: 'hanging', timeout: 100_000, boot: () => (hangs ? new Promise<void>(() => {}) : undefined) }],
    })
    const handler = lambda(app, { env: {}, bootAtInit: false })
    const event = await get('/')
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
    try {
      for (let i = 0; i < 2; i++) {
        const answer = handler(event, contextWith(30_000))
        await vi.advanceTimersByTimeAsync(30_000)
        expect(await answer).toMatchObject({ statusCode: 504 })
      }
      hangs = false
      await vi.advanceTimersByTimeAsync(40_000)
      expect(await handler(event, contextWith(30_000))).toMatchObject({ statusCode: 200, body: 'up' })
    } finally {
      vi.useRealTimers()
    }
  })
})

describe('a base path', () => {
  it.each(['shop', '/shop', '/shop/', 'shop/'])('may be written as %s', async (basePath) => {
    const app = createApplication({ name: 'test', fetch: (request) => new Response(new URL(request.url).pathname) })
    const event = await get('/shop/products')
    expect(await lambda(app, { env: {}, basePath })(event, contextWith(60_000))).toMatchObject({ body: '/products' })
  })
})

describe('SIGTERM', () => {
  it('ends the process after its invocation, with every application shut down', async () => {
    const script = join(import.meta.dirname, 'terminated-functions.ts')
    const env = { ...process.env, AWS_LAMBDA_RUNTIME_API: '127.0.0.1:9' }
    const child = spawn(process.execPath, [script], { env, stdio: ['ignore', 'pipe', 'inherit'] })
    const output = text(child.stdout)
    const [code] = (await once(child, 'exit')) as [number]
    expect([code, (await output).trim().split('\n')]).toEqual([
      0,
      ['answered 200', 'first shut down', 'second shut down'],
    ])
  })
})
