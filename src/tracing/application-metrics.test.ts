import { PGlite } from '@electric-sql/pglite'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { defineConfig } from '../config/define-config.ts'
import { runBatch } from '../runtime/invocation/run-batch.ts'
import { createApplication } from '../runtime/application.ts'
import type { Fetch } from '../runtime/application-options.ts'
import { sharedRuntime, workersTraits } from '../runtime/runtime-traits.ts'
import { DatabaseConfig } from '../sql/config.ts'
import { pglite } from '../sql/drivers/pglite/index.ts'
import { SerializationError } from '../sql/errors.ts'
import { sqlProvider } from '../sql/provider.ts'
import { DbSession, TransactionalDbSession } from '../sql/tokens.ts'
import { expectMetric } from '../testing/tracing/expect-metric.ts'
import { createTestTracer } from '../testing/tracing/test-tracer.ts'
import { startTestApplication } from '../testing/test-application.ts'
import type { Scope } from '../container/resolver.ts'
import { factory } from '../container/registration.ts'
import { token } from '../core/token.ts'
import { createTracer } from './create-tracer.ts'

let instance: PGlite
beforeAll(async () => {
  instance = await PGlite.create()
}, 60_000)
afterAll(() => instance.close())

const tracer = createTestTracer()
afterEach(() => tracer.clear())

const shop = (fetch: Fetch) =>
  startTestApplication(
    createApplication({
      name: 'shop',
      tracer,
      onError: () => {},
      config: defineConfig({ database: DatabaseConfig }),
      providers: [sqlProvider({ drivers: [pglite({ instance })] })],
      fetch,
    }),
    { env: { DATABASE_URL: 'pglite:memory', CURSOR_SECRET: 'a secret of sixteen bytes' } },
  )

describe('sessions of one connection', () => {
  it('sessions that wait for a connection say so, as a span and in seconds', async () => {
    await using app = await shop(async (_request, _env, { scope }) => {
      const session = await scope.resolve(TransactionalDbSession)
      await session.transaction(async (inner) => {
        await inner.execute('select 1')
        await new Promise((resolve) => setTimeout(resolve, 1))
      })
      return new Response('done')
    })
    await (await app.fetch('/')).text()
    tracer.clear()
    await Promise.all(Array.from({ length: 3 }, async () => (await app.fetch('/')).text()))
    await app.settled()
    const pool = { 'db.client.connection.pool.name': 'postgresql' }
    const series = expectMetric(tracer, { name: 'db.client.connection.wait_time', attributes: pool, count: 3 })
    const waits = tracer.named('wait for a connection')
    expect(waits).toHaveLength(2)
    expect(series.flatMap(({ values }) => values).filter((value) => value > 0)).toHaveLength(2)
    expect(waits.every(({ ended }) => ended)).toBe(true)
    expectMetric(tracer, {
      name: 'db.client.operation.duration',
      attributes: { 'db.operation.name': 'SELECT' },
      count: 3,
    })
  })

  it('sessions that met another transaction count how often they began anew', async () => {
    let failures = 2
    await using app = await shop(async (_request, _env, { scope }) => {
      const session = await scope.resolve(TransactionalDbSession)
      await session.transaction(
        async () => {
          if (failures-- > 0) throw new SerializationError('it met another one')
        },
        { retry: 5 },
      )
      return new Response('done')
    })
    expect(await (await app.fetch('/')).text()).toBe('done')
    const attributes = { 'db.system.name': 'postgresql', 'lexigram.retry.of': 'transaction' }
    expectMetric(tracer, { name: 'lexigram.retries', attributes, count: 2, sum: 2 })
  })
})

it('a scope that is used after its end is counted', async () => {
  let kept: Scope | undefined
  await using app = await shop(async (_request, _env, { scope }) => {
    kept = scope
    await (await scope.resolve(DbSession)).execute('select 1')
    return new Response('done')
  })
  await (await app.fetch('/')).text()
  await app.settled()
  await expect(kept?.resolve(DbSession)).rejects.toMatchObject({ code: 'LEX_ERR_DI_011' })
  expect(() => kept?.get(DbSession)).toThrow(expect.objectContaining({ code: 'LEX_ERR_DI_011' }))
  expectMetric(tracer, { name: 'lexigram.scope.leaks_refused', count: 2, sum: 2 })
})

it('the outcome of a batch is counted by its source', async () => {
  const run = (id: string) => ({ id, run: () => id === 'bad' && Promise.reject(new Error(id)) })
  await runBatch(['a', 'bad', 'b'].map(run), { source: 'orders', onError: () => {}, tracer })
  const name = 'lexigram.batch.messages'
  const of = (outcome: string) => ({ 'lexigram.batch.source': 'orders', 'lexigram.batch.outcome': outcome })
  expectMetric(tracer, { name, attributes: of('done'), count: 1, sum: 2 })
  expectMetric(tracer, { name, attributes: of('handed_back'), count: 1, sum: 1 })
})

describe('what a sink holds back', () => {
  const Held = token<object>('Held')
  const flushed = async (runtime: typeof workersTraits, fetch: Fetch) => {
    const log: string[] = []
    const sink = createTracer({
      start: ({ name }) => ({ set: () => {}, fail: () => {}, end: () => void log.push(`${name} ended`) }),
      flush: () => void log.push('flush'),
    })
    const app = createApplication({
      name: 'shop',
      tracer: sink,
      providers: [
        {
          name: 'held',
          register: (container) =>
            void container.scoped(
              Held,
              factory([], () => ({}), { dispose: () => {} }),
            ),
        },
      ],
      fetch,
    })
    const env = {}
    await app.start(env, runtime)
    log.length = 0
    const pending: Promise<unknown>[] = []
    const invocation = { env, waitUntil: (work: Promise<unknown>) => void pending.push(work) }
    await (await app.handle(new Request('http://localhost/'), invocation, runtime)).text()
    for (const work of pending) await work
    await app.run(async () => log.push('job'), invocation, runtime)
    for (const work of pending) await work
    await app.stop(env)
    return log
  }

  it('is sent within waitUntil after all of an invocation, where the platform may stop then', async () => {
    const simple = ['GET ended', 'flush', 'job', 'job ended', 'flush', 'flush']
    expect(await flushed(workersTraits, () => new Response('done'))).toEqual(simple)
    const holding: Fetch = async (_request, _env, context) => {
      await context.scope.resolve(Held)
      context.waitUntil(Promise.resolve())
      return new Response('done')
    }
    const held = await flushed(workersTraits, holding)
    expect(held).toEqual([
      'waitUntil ended',
      'GET ended',
      'end of scope ended',
      'flush',
      'job',
      'job ended',
      'flush',
      'flush',
    ])
  })

  it('is sent once, at the end, by a process that goes on', async () => {
    expect(await flushed(sharedRuntime, () => new Response('done'))).toEqual(['GET ended', 'job', 'job ended', 'flush'])
  })
})
