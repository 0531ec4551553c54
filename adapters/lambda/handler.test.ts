import { describe, expect, it, vi } from 'vitest'
import { createApplication } from '../../src/runtime/application.ts'
import { RequestContext } from '../../src/runtime/index.ts'
import { contextWith, scheduledEvent, sqsRecord } from '../../test/lambda/fixtures/records.ts'
import { writers } from '../../test/lambda/fixtures/wire-events.ts'
import { untilDeadline } from '../../test/lambda/deadline.ts'
import { lambda, type LambdaOptions } from './handler.ts'

const request = writers['a function URL']!.write({
  method: 'GET',
  path: '/',
  query: [],
  headers: [],
  cookies: [],
  body: new Uint8Array(),
})
const minute = () => contextWith(60_000, 'invocation-1')
/** Less than the call of `env` may take. */
const seconds = () => contextWith(5000, 'invocation-1')

/** A function that answers with its environment; its boot fails for as long as `down` says why. */
function functionWith(options: LambdaOptions, state: { down?: Error } = {}) {
  const errors: unknown[] = []
  const app = createApplication({
    name: 'test',
    fetch: async (_request, _env, { scope }) => Response.json((await scope.resolve(RequestContext)).env),
    onError: ({ error, phase, subject }) => errors.push([phase, (error as Error).message, subject]),
    providers: [{ name: 'flaky', boot: () => (state.down === undefined ? undefined : Promise.reject(state.down)) }],
  })
  const on = { schedule: () => {} }
  return { errors, handler: lambda(app, { on, ...options }) }
}

describe('the environment of a function', () => {
  it.each([
    ['an object', { A: '1' }],
    ['a function', () => ({ A: '1' })],
    ['an async function', async () => Promise.resolve({ A: '1' })],
  ])('may be %s', async (_name, env) => {
    expect(await functionWith({ env }).handler(request, minute())).toMatchObject({ body: '{"A":"1"}' })
  })

  it('is made once', async () => {
    const env = vi.fn(() => Promise.resolve({ A: '1' }))
    const { handler } = functionWith({ env })
    await Promise.all([handler(request, minute()), handler(scheduledEvent, minute())])
    await handler(request, minute())
    expect(env).toHaveBeenCalledTimes(1)
  })

  it('is not made before the first invocation when nothing is booted before', async () => {
    const env = vi.fn(() => Promise.resolve({}))
    const { handler } = functionWith({ env, bootAtInit: false })
    expect(env).not.toHaveBeenCalled()
    await handler(request, minute())
    expect(env).toHaveBeenCalledTimes(1)
  })

  it('an environment that never comes is made again after a time', async () => {
    vi.useFakeTimers()
    try {
      const env = vi.fn(() =>
        env.mock.calls.length === 1 ? new Promise<object>(() => {}) : Promise.resolve({ A: '1' }),
      )
      const { handler, errors } = functionWith({ env })
      await vi.advanceTimersByTimeAsync(10_000)
      expect(errors).toEqual([['boot', 'the call of env did not end within 10000 ms', undefined]])
      expect(await handler(request, minute())).toMatchObject({ body: '{"A":"1"}' })
    } finally {
      vi.useRealTimers()
    }
  })

  it('the environment of a function that cannot be made is a 503 for a request', async () => {
    const { handler } = functionWith({ env: () => Promise.reject(new Error('denied')), bootAtInit: false })
    expect(await handler(request, minute())).toMatchObject({
      statusCode: 503,
      headers: { 'content-type': 'application/problem+json' },
    })
  })

  it('the environment of a function that cannot be made fails an event', async () => {
    const { handler } = functionWith({ env: () => Promise.reject(new Error('denied')), bootAtInit: false })
    await expect(handler(scheduledEvent, minute())).rejects.toThrow('denied')
  })

  it('the environment of a function that cannot be made is reported once, however many invocations wait for it', async () => {
    const { errors, handler } = functionWith({ env: () => Promise.reject(new Error('denied')), bootAtInit: false })
    await Promise.allSettled([handler(request, minute()), handler(scheduledEvent, minute())])
    expect(errors).toEqual([['boot', 'denied', undefined]])
  })

  it('the environment of a function that could not be made is made by the next invocation', async () => {
    let calls = 0
    const env = () => (++calls === 1 ? Promise.reject(new Error('denied')) : Promise.resolve({ A: '1' }))
    const { handler } = functionWith({ env, bootAtInit: false })
    await handler(request, minute())
    expect(await handler(request, minute())).toMatchObject({ statusCode: 200, body: '{"A":"1"}' })
  })

  it.each([undefined, null, 'text', 5])('the environment of a function of %j is refused', async (made) => {
    const { errors, handler } = functionWith({ env: () => made as never, bootAtInit: false })
    expect(await handler(request, minute())).toMatchObject({ statusCode: 503 })
    expect(errors).toEqual([['boot', 'env must be an object, or a function that returns one', undefined]])
  })

  it('the environment of a function that is not made by the deadline fails an event', async () => {
    const { errors, handler } = functionWith({ env: () => new Promise<object>(() => {}), bootAtInit: false })
    await expect(untilDeadline(() => handler(scheduledEvent, seconds()))).rejects.toMatchObject({
      code: 'LEX_ERR_INFRA_002',
    })
    expect(errors).toMatchObject([
      ['boot', expect.stringContaining('timeout'), 'invocation-1'],
      ['boot', expect.stringContaining('env'), undefined],
    ])
  })

  it('the environment of a function that is not made by the deadline is a 504 for a request', async () => {
    const { handler } = functionWith({ env: () => new Promise<object>(() => {}), bootAtInit: false })
    expect(await untilDeadline(() => handler(request, seconds()))).toMatchObject({ statusCode: 504 })
  })
})

describe('a failed boot', () => {
  it('is reported once, however many invocations wait for it', async () => {
    const { errors, handler } = functionWith({ env: {}, bootAtInit: false }, { down: new Error('down') })
    const answers = await Promise.allSettled([handler(request, minute()), handler(scheduledEvent, minute())])
    expect(answers).toMatchObject([{ value: { statusCode: 503 } }, { reason: { message: 'down' } }])
    expect(errors).toEqual([['boot', 'down', undefined]])
  })

  it('a failed boot of the initialisation does not fail the invocations that waited for it', async () => {
    let boots = 0
    const errors: unknown[] = []
    const app = createApplication({
      name: 'test',
      fetch: () => new Response('ok'),
      onError: ({ error }) => errors.push((error as Error).message),
      providers: [{ name: 'thawed', boot: () => (++boots === 1 ? Promise.reject(new Error('down')) : undefined) }],
    })
    const handler = lambda(app, { on: { schedule: () => {} }, env: {} })
    const answers = await Promise.all([handler(request, minute()), handler(scheduledEvent, minute())])
    expect([answers[0], boots, errors]).toEqual([expect.objectContaining({ statusCode: 200 }), 2, ['down']])
  })

  it('is reported each time that booting has failed', async () => {
    const { errors, handler } = functionWith({ env: {}, bootAtInit: false }, { down: new Error('down') })
    await handler(request, minute())
    await handler(request, minute())
    expect(errors).toEqual([
      ['boot', 'down', undefined],
      ['boot', 'down', undefined],
    ])
  })

  it('is tried again by the next invocation', async () => {
    const state: { down?: Error } = { down: new Error('down') }
    const { handler } = functionWith({ env: {} }, state)
    await handler(request, minute())
    delete state.down
    expect(await handler(request, minute())).toMatchObject({ statusCode: 200 })
  })
})

describe('what is reported of a request', () => {
  it.each([
    ['an answer that is not there in time', () => new Promise<Response>(() => {}), 'handler'],
    [
      'background work that does not end in time',
      (context: { waitUntil(work: Promise<unknown>): void }) => {
        context.waitUntil(new Promise(() => {}))
        return new Response()
      },
      'waitUntil',
    ],
  ])('%s has the invocation’s id', async (_name, answer, phase) => {
    const errors: unknown[] = []
    const app = createApplication({
      name: 'test',
      fetch: (_request, _env, context) => answer(context),
      onError: ({ phase: where, subject }) => errors.push([where, subject]),
    })
    await untilDeadline(() => lambda(app, { env: {} })(request, minute()))
    expect(errors).toEqual([[phase, 'invocation-1']])
  })

  it('a body that fails has the invocation’s id', async () => {
    const errors: unknown[] = []
    const failing = new ReadableStream({ pull: () => Promise.reject(new Error('half-way')) })
    const app = createApplication({
      name: 'test',
      fetch: () => new Response(failing),
      onError: ({ phase: where, subject }) => errors.push([where, subject]),
    })
    await lambda(app, { env: {} })(request, minute())
    expect(errors).toEqual([['stream', 'invocation-1']])
  })
})

describe('the address of a client', () => {
  const address = async (event: object): Promise<unknown> => {
    const app = createApplication({
      name: 'test',
      fetch: async (_request, _env, { scope }) =>
        Response.json({ address: (await scope.resolve(RequestContext)).clientAddress }),
    })
    const { body } = await lambda(app, { env: {} })<{ body: string }>(event, minute())
    return (JSON.parse(body) as { address?: string }).address
  }
  const eventOf = (source: string, forwarded?: string) => {
    const headers = forwarded === undefined ? [] : [['x-forwarded-for', [forwarded]] as const]
    return writers[source]!.write({ method: 'GET', path: '/', query: [], headers, cookies: [], body: new Uint8Array() })
  }

  it.each(['a REST API', 'a function URL'])(
    'the address of a client of %s is the one that it reports',
    async (source) => {
      expect(await address(eventOf(source, 'spoofed'))).toBe('192.0.2.1')
    },
  )

  it.each([
    ['spoofed, 203.0.113.7', '203.0.113.7'],
    ['203.0.113.7:4711', '203.0.113.7'],
    ['2001:db8::7', '2001:db8::7'],
    ['[2001:db8::7]:4711', '2001:db8::7'],
    [undefined, undefined],
  ])('the address of a client behind a load balancer that forwards for %s is %s', async (forwarded, expected) => {
    expect(await address(eventOf('a load balancer', forwarded))).toBe(expected)
    expect(await address(eventOf('VPC Lattice', forwarded))).toBe(expected)
  })
})

describe('lambda', () => {
  it.each([-1, Number.NaN])('refuses a deadlineMargin of %d', (deadlineMargin) => {
    expect(() => lambda(createApplication({ name: 'test' }), { env: {}, deadlineMargin })).toThrow(
      "'deadlineMargin' must be a number of at least 0",
    )
  })

  it('refuses an isContentTypeBinary that is not a function', () => {
    const isContentTypeBinary = /image/ as never
    expect(() => lambda(createApplication({ name: 'test' }), { env: {}, isContentTypeBinary })).toThrow(
      "'isContentTypeBinary' must be a function",
    )
  })

  it('reports what isContentTypeBinary throws', async () => {
    const errors: unknown[] = []
    const app = createApplication({
      name: 'test',
      fetch: () => new Response('x'),
      onError: ({ error }) => errors.push(error),
    })
    const isContentTypeBinary = (): never => {
      throw new Error('no')
    }
    const handler = lambda(app, { env: {}, isContentTypeBinary })
    expect(await handler(request, minute())).toMatchObject({ statusCode: 500 })
    expect(errors).toMatchObject([{ message: 'no' }])
  })

  it('answers several invocations at a time, each with its id', async () => {
    const app = createApplication({ name: 'test' })
    const seen: string[] = []
    const handler = lambda.on(
      app,
      { other: async (_event, scope) => void seen.push((await scope.resolve(RequestContext)).requestId) },
      { env: {} },
    )
    await Promise.all(['a', 'b'].map((id) => handler({}, contextWith(60_000, id))))
    expect(seen.toSorted()).toEqual(['a', 'b'])
  })

  it('has an id for a message though the context has none', async () => {
    const seen: string[] = []
    const on = {
      sqs: async (_message: unknown, scope: { resolve(t: typeof RequestContext): Promise<RequestContext> }) =>
        void seen.push((await scope.resolve(RequestContext)).requestId),
    }
    await lambda.on(createApplication({ name: 'test' }), on, { env: {} })(
      { Records: [sqsRecord('m-1', '1')] },
      undefined as never,
    )
    expect(seen).toEqual(['m-1'])
  })
})
