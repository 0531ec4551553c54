import { sql } from 'drizzle-orm'
import { describe, expect, it, vi } from 'vitest'
import { defineConfig } from '../config/define-config.ts'
import { NoSqlConfig } from '../nosql/config.ts'
import { memory } from '../nosql/drivers/memory/index.ts'
import { noSqlProvider } from '../nosql/provider.ts'
import { DocumentStore } from '../nosql/store/document-store.ts'
import { factory } from '../container/registration.ts'
import { err } from '../core/result/result.ts'
import { token } from '../core/token.ts'
import { createApplication } from '../runtime/application.ts'
import type { Fetch } from '../runtime/application-options.ts'
import { provider } from '../runtime/provider.ts'
import { sharedRuntime } from '../runtime/runtime-traits.ts'
import { DatabaseConfig } from '../sql/config.ts'
import { pglite } from '../sql/drivers/pglite/index.ts'
import { sqlProvider } from '../sql/provider.ts'
import { TransactionalDbSession } from '../sql/tokens.ts'
import { expectTrace } from '../testing/tracing/expect-trace.ts'
import { createTestTracer } from '../testing/tracing/test-tracer.ts'
import { startTestApplication } from '../testing/test-application.ts'

/** PGlite needs seconds to start on a busy machine. */
vi.setConfig({ testTimeout: 60_000 })

const env = { DATABASE_URL: 'pglite:memory', NOSQL_DRIVER: 'memory' }

async function start(fetch: Fetch) {
  const tracer = createTestTracer()
  const app = await startTestApplication(
    createApplication({
      name: 'shop',
      tracer,
      onError: () => {},
      config: defineConfig({ database: DatabaseConfig, nosql: NoSqlConfig }),
      providers: [sqlProvider({ drivers: [pglite()] }), noSqlProvider({ drivers: [memory()] })],
      fetch,
    }),
    { env },
  )
  return { app, tracer }
}

describe('the trace of a request', () => {
  it('goes from the handler to the statement and the documents without a value', async () => {
    const { app, tracer } = await start(async (_request, _env, { scope }) => {
      const database = await scope.resolve(TransactionalDbSession)
      const store = await scope.resolve(DocumentStore)
      await database.execute(sql`select ${'hunter2'}::text as secret`)
      await database.execute("select 'hunter2', 4711 -- hunter2")
      await database.transaction(async (tx) => {
        await tx.execute('select 1')
        await tx.transaction((inner) => inner.execute('select 2'))
      })
      const users = store.collection('users')
      await users.insertMany([{ name: 'hunter2' }, { name: 'Ada' }])
      await users.find({ name: 'hunter2' }, { sort: { name: 1 } }).toArray()
      return new Response('done')
    })
    expect(tracer.print()).toBe(['boot', '  register sql', '  register nosql', '  boot sql', '  boot nosql'].join('\n'))
    tracer.clear()
    const response = await app.fetch('/orders/7?token=hunter2')
    expect(await response.text()).toBe('done')
    await app.settled()
    const root = expectTrace(tracer, { name: 'GET', attributes: { 'http.response.status_code': 200 } })
    expect(JSON.stringify(root)).not.toMatch(/hunter2|4711/)
    expect(tracer.print('db.query.text', 'lexigram.plan.access', 'db.operation.batch.size')).toBe(
      [
        'GET',
        '  session',
        '    SELECT  db.query.text=select $1::text as secret',
        '    SELECT  db.query.text=select ?, ?',
        '    transaction',
        '      BEGIN  db.query.text=begin',
        '      SELECT  db.query.text=select ?',
        '      SAVEPOINT  db.query.text=savepoint lexigram_1',
        '      SELECT  db.query.text=select ?',
        '      RELEASE  db.query.text=release savepoint lexigram_1',
        '      COMMIT  db.query.text=commit',
        '  insertMany users  db.operation.batch.size=2',
        '  find users  lexigram.plan.access=scan',
        '  end of scope',
      ].join('\n'),
    )
    await app[Symbol.asyncDispose]()
  })

  it('the trace of the caller says what has failed by its code', async () => {
    const { app, tracer } = await start(async (_request, _env, { scope, span }) => {
      expect(span?.traceId).toBe('a'.repeat(32))
      const database = await scope.resolve(TransactionalDbSession)
      await database.execute('select * from nowhere')
      return new Response()
    })
    tracer.clear()
    const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`
    const response = await app.fetch('/', { headers: { traceparent } })
    expect(response.status).toBe(500)
    await app.settled()
    const root = expectTrace(tracer, { name: 'GET', children: [{ name: 'session' }, { name: 'end of scope' }] })
    // The code of a table that does not exist.
    expect([root.failure, root.children[0]?.children[0]?.failure]).toEqual(['LEX_ERR_SQL_005', 'LEX_ERR_SQL_005'])
    expect(root).toMatchObject({ traceId: 'a'.repeat(32), callerId: 'b'.repeat(16) })
    await app[Symbol.asyncDispose]()
  })

  it('is what errors are reported with, wherever they come from', async () => {
    const tracer = createTestTracer()
    const told: unknown[] = []
    const app = createApplication({
      name: 'shop',
      tracer,
      onError: ({ error, phase, traceId }) => void told.push([phase, (error as Error).message, traceId]),
      fetch(_request, _env, context) {
        context.waitUntil(Promise.reject(new Error('background')))
        throw new Error('handler')
      },
    })
    await using running = await startTestApplication(app)
    tracer.clear()
    await running.fetch('/')
    await running.settled()
    const [root] = tracer.roots
    expect(told).toEqual([
      ['handler', 'handler', root?.traceId],
      ['waitUntil', 'background', root?.traceId],
    ])
    expect(tracer.print()).toBe('GET  failed: Error\n  waitUntil  failed: Error')
  })

  it('the trace of the sender of a message says what an Err was', async () => {
    const tracer = createTestTracer()
    const app = createApplication({ name: 'shop', tracer })
    const traceParent = { traceId: 'c'.repeat(32), parentId: 'd'.repeat(16), sampled: true }
    const invocation = {
      env: {},
      waitUntil: () => {},
      trigger: 'queue',
      source: 'orders',
      requestId: 'm-1',
      traceParent,
    }
    await app.run(() => err('SOLD_OUT'), invocation, sharedRuntime)
    const root = expectTrace(tracer, { name: 'process orders', failure: 'SOLD_OUT' })
    expect(root).toMatchObject({ kind: 'consumer', traceId: 'c'.repeat(32), callerId: 'd'.repeat(16) })
  })

  it('shows a slow release and how long it took', async () => {
    const tracer = createTestTracer()
    const Slow = token<object>('Slow')
    const Quick = token<object>('Quick')
    const releasing = (ms: number) =>
      factory([], () => ({}), { dispose: () => new Promise((resolve) => setTimeout(resolve, ms)) })
    const held = provider('held', {
      register: (container) => void container.scoped(Slow, releasing(80)).scoped(Quick, releasing(1)),
    })
    const fetch: Fetch = (_request, _env, { scope }) => {
      scope.get(Slow)
      scope.get(Quick)
      return new Response('done')
    }
    await using app = await startTestApplication(createApplication({ name: 'shop', tracer, providers: [held], fetch }))
    await (await app.fetch('/')).text()
    await app.settled()
    const root = expectTrace(tracer, { name: 'GET', children: [{ name: 'end of scope' }] })
    const [release, ...others] = root.children[0]?.children ?? []
    expect([release?.name, others]).toEqual(['dispose Slow', []])
    expect(release?.attributes['lexigram.duration_ms']).toBeGreaterThanOrEqual(70)
  })

  it('the trace of a body that the reader cancels ends', async () => {
    const tracer = createTestTracer()
    const Held = token<object>('Held')
    const held = provider('held', {
      register: (container) =>
        container.scoped(
          Held,
          factory([], () => ({}), { dispose: () => {} }),
        ),
    })
    const fetch: Fetch = (_request, _env, { scope }) => {
      scope.get(Held)
      return new Response(new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(1)) }))
    }
    await using app = await startTestApplication(createApplication({ name: 'shop', tracer, providers: [held], fetch }))
    const reader = (await app.fetch('/')).body!.getReader()
    await reader.read()
    expect(tracer.named('GET')[0]?.ended).toBe(false)
    await reader.cancel()
    await app.settled()
    expectTrace(tracer, { name: 'GET', children: [{ name: 'end of scope' }] })
  })

  it('the trace of a boot that fails has the failure', async () => {
    const tracer = createTestTracer()
    const failing = createApplication({ name: 'broken', tracer, providers: [provider('bad', { boot: fail })] })
    await expect(failing.boot({})).rejects.toThrow('down')
    expectTrace(tracer, { name: 'boot', failure: 'Error', children: [{ name: 'boot bad', failure: 'Error' }] })
  })
})

function fail(): never {
  throw new Error('down')
}
