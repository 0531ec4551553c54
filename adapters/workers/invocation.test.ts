import { describe, expect, it, vi } from 'vitest'
import { createApplication } from '../../src/runtime/application.ts'
import { durableObject, rpcService } from './entrypoints/index.ts'
import { workers } from './handler.ts'

vi.mock('cloudflare:workers', () => {
  const base = function (this: object, ctx: object, env: object): void {
    Object.assign(this, { ctx, env })
  }
  return { WorkerEntrypoint: base, DurableObject: base }
})

const ctx = { waitUntil: () => {}, passThroughOnException: () => {} }
const controller = { scheduledTime: 0, cron: '* * * * *', noRetry: () => {} }

function failing(derive: () => unknown) {
  const reports: string[] = []
  const app = createApplication({
    name: 'test',
    fetch: () => new Response('answered'),
    onError: ({ error, phase }) => void reports.push(`${phase}: ${(error as Error).message}`),
  })
  return { app, reports, options: { env: derive as () => object } }
}

const lost = (): never => {
  throw new Error('no binding hunter2')
}

describe('an option env', () => {
  it('is called once for each environment, so that what it returns may be a new object', async () => {
    let boots = 0
    const app = createApplication({
      name: 'test',
      providers: [{ name: 'counted', boot: () => void boots++ }],
      fetch: () => new Response('answered'),
    })
    const options = { env: (env: object) => ({ ...env }) }
    const worker = workers(app, options)
    const env = {}
    for (const _ of [1, 2]) await worker.fetch(new Request('https://x.test'), env, ctx)
    expect(boots).toBe(1)
    await worker.fetch(new Request('https://x.test'), {}, ctx)
    expect(boots).toBe(2)
  })
})

describe('an option env that throws', () => {
  it('is a 503 that says nothing, reported once', async () => {
    const { app, reports, options } = failing(lost)
    const response = await workers(app, options).fetch(new Request('https://x.test'), {}, ctx)
    expect(response.status).toBe(503)
    expect(await response.text()).not.toContain('hunter2')
    expect(reports).toEqual(['boot: no binding hunter2'])
  })

  it.each(['scheduled', 'queue', 'email'] as const)('rejects a %s event with one report', async (trigger) => {
    const { app, reports, options } = failing(lost)
    const worker = workers(app, { ...options, [trigger]: () => {} })
    const event = trigger === 'queue' ? { queue: 'jobs', messages: [] } : controller
    const handled = (async () => worker[trigger](event as never, {}, ctx))()
    await expect(handled).rejects.toThrow('no binding')
    expect(reports).toEqual(['boot: no binding hunter2'])
  })

  it('is a 503 of a Durable Object', async () => {
    const { app, reports, options } = failing(lost)
    const instance = new (durableObject(app, options))(ctx, {})
    expect((await instance.fetch(new Request('https://x.test'))).status).toBe(503)
    expect(reports).toEqual(['boot: no binding hunter2'])
  })

  it('is an Err of a call over RPC that says nothing', async () => {
    const { app, reports, options } = failing(lost)
    const Service = rpcService(app, { find: () => 1 }, options)
    const outcome = await new Service(ctx, {}).find()
    expect(outcome).toEqual({ ok: false, error: { status: 503, message: 'Service Unavailable' } })
    expect(reports).toEqual(['boot: no binding hunter2'])
  })
})

describe('an option env that returns something else than an object', () => {
  it.each([
    ['a promise', () => Promise.resolve({})],
    ['a string', () => 'production'],
    ['null', () => null],
  ])('is reported and a 503: %s', async (kind, derive) => {
    const { app, reports, options } = failing(derive)
    const response = await workers(app, options).fetch(new Request('https://x.test'), {}, ctx)
    expect(response.status).toBe(503)
    expect(reports).toEqual([`boot: the option env must return an object, not ${kind}`])
  })
})
