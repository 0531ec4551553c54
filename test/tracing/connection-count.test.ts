import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serveNeon } from '../../src/cli/neon-local/serve.ts'
import { defineConfig } from '../../src/config/define-config.ts'
import { named } from '../../src/core/token.ts'
import { NoSqlConfig } from '../../src/nosql/config.ts'
import { mongodb } from '../../src/nosql/drivers/mongodb/mongodb-driver.ts'
import { noSqlProvider } from '../../src/nosql/provider.ts'
import { DocumentStore } from '../../src/nosql/store/document-store.ts'
import { createApplication } from '../../src/runtime/application.ts'
import { DatabaseConfig } from '../../src/sql/config.ts'
import { neon } from '../../src/sql/drivers/neon/driver.ts'
import { postgres } from '../../src/sql/drivers/postgres/driver.ts'
import { sqlProvider } from '../../src/sql/provider.ts'
import { DbSession, ReadOnlyDbSession, TransactionalDbSession } from '../../src/sql/tokens.ts'
import { startTestApplication } from '../../src/testing/test-application.ts'
import { createTestTracer, type TestTracer } from '../../src/testing/tracing/test-tracer.ts'
import { serveMongo } from '../../tools/mongodb-server/serve.ts'
import { describeWithServer } from '../support/needs-server.ts'
import { findPostgres, startPostgres, type PostgresCluster } from '../support/postgres.ts'

/** How many connections are in each state, by what was measured. */
function countsOf(tracer: TestTracer): Readonly<Record<string, number>> {
  const own = tracer.metrics.filter(({ name }) => name === 'db.client.connection.count')
  return Object.fromEntries(
    own.map(({ attributes, values }) => [
      attributes['db.client.connection.state'],
      values.reduce((sum, value) => sum + value, 0),
    ]),
  )
}

const poolsOf = (tracer: TestTracer, metric: string): ReadonlySet<unknown> =>
  new Set(
    tracer.metrics
      .filter(({ name }) => name === metric)
      .map(({ attributes }) => attributes['db.client.connection.pool.name']),
  )

describeWithServer('PostgreSQL', findPostgres() !== undefined, () => {
  let cluster: PostgresCluster
  beforeAll(async () => {
    cluster = await startPostgres(findPostgres()!)
  }, 60_000)
  afterAll(() => cluster.stop(), 60_000)

  const start = (tracer: TestTracer, options: Parameters<typeof postgres>[0] = {}) =>
    startTestApplication(
      createApplication({
        name: 'shop',
        tracer,
        config: defineConfig({ database: DatabaseConfig }),
        providers: [sqlProvider({ drivers: [postgres(options)] })],
      }),
      { env: { DATABASE_URL: cluster.url, LEX_DATABASE__POOL_SIZE: '3' } },
    )

  it('is counted by its state until the application ends', async () => {
    const tracer = createTestTracer()
    const app = await start(tracer)
    let inside: unknown
    await Promise.all(
      [1, 2].map(() =>
        app.run(async (scope) => {
          const session = await scope.resolve(DbSession)
          await session.execute('select pg_sleep(0.1)')
        }),
      ),
    )
    await app.run(async (scope) => {
      const session = await scope.resolve(TransactionalDbSession)
      await session.transaction(async (tx) => {
        await tx.execute('select 1')
        inside = countsOf(tracer)
      })
    })
    const total = (counts: unknown) => Object.values(counts as Record<string, number>).reduce((a, b) => a + b, 0)
    expect(inside).toMatchObject({ used: 1 })
    expect(total(inside)).toBeGreaterThanOrEqual(2)
    await expect.poll(() => countsOf(tracer)).toMatchObject({ used: 0 })
    expect(tracer.metrics.find(({ name }) => name === 'db.client.connection.count')).toMatchObject({
      kind: 'upDownCounter',
      unit: '{connection}',
      attributes: { 'db.system.name': 'postgresql', 'db.client.connection.pool.name': 'postgresql' },
    })
    await app[Symbol.asyncDispose]()
    expect(countsOf(tracer)).toEqual({ idle: 0, used: 0 })
  })

  it('is counted under the name of its database, as waits for it are', async () => {
    const tracer = createTestTracer()
    const databases = ['main', 'reports']
    const env = databases.map((name, i) => ({
      [`LEX_DATABASE__BACKENDS__${i}__NAME`]: name,
      [`LEX_DATABASE__BACKENDS__${i}__URL`]: cluster.url,
      [`LEX_DATABASE__BACKENDS__${i}__PRIMARY`]: `${i === 0}`,
    }))
    await using app = await startTestApplication(
      createApplication({
        name: 'shop',
        tracer,
        config: defineConfig({ database: DatabaseConfig }),
        providers: [sqlProvider({ drivers: [postgres()] })],
      }),
      { env: Object.assign({ LEX_DATABASE__BACKENDS__0__REPLICAS__0: cluster.url }, ...env) as Record<string, string> },
    )
    await app.run(async (scope) => {
      for (const token of [...databases.map((name) => named(DbSession, name)), ReadOnlyDbSession]) {
        await (await scope.resolve(token)).execute('select 1')
      }
    })
    for (const name of ['db.client.connection.count', 'db.client.connection.wait_time']) {
      expect(poolsOf(tracer, name), name).toEqual(new Set(['main', 'main.replicas.0', 'reports']))
    }
  })

  it('is not counted any more once the server has ended it', async () => {
    const tracer = createTestTracer()
    await using app = await start(tracer)
    const use = () => app.run(async (scope) => (await scope.resolve(DbSession)).execute('select 1'))
    await use()
    await expect.poll(() => countsOf(tracer)).toEqual({ idle: 1, used: 0 })
    const admin = new pg.Client(cluster.superuserUrl)
    await admin.connect()
    await admin.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()",
    )
    await admin.end()
    await expect.poll(() => countsOf(tracer)).toEqual({ idle: 0, used: 0 })
    await use()
    await expect.poll(() => countsOf(tracer)).toEqual({ idle: 1, used: 0 })
  })

  it('is not counted once it was closed because it was unused', async () => {
    const tracer = createTestTracer()
    await using app = await start(tracer, { idleTimeout: 30 })
    await app.run(async (scope) => (await scope.resolve(DbSession)).execute('select 1'))
    await expect.poll(() => countsOf(tracer)).toEqual({ idle: 0, used: 0 })
  })
})

describe('a WebSocket to Neon', () => {
  it('is counted from its first transaction to the end of its session', async () => {
    await using endpoint = await closing(serveNeon())
    const tracer = createTestTracer()
    await using app = await startTestApplication(
      createApplication({
        name: 'shop',
        tracer,
        config: defineConfig({ database: DatabaseConfig }),
        providers: [sqlProvider({ drivers: [neon()] })],
      }),
      { env: { DATABASE_URL: endpoint.value.url } },
    )
    const seen: unknown[] = []
    await app.run(async (scope) => {
      const session = await scope.resolve(TransactionalDbSession)
      await session.execute('select 1')
      seen.push(countsOf(tracer))
      await session.transaction(async (tx) => {
        await tx.execute('select 1')
        seen.push(countsOf(tracer))
      })
      seen.push(countsOf(tracer))
    })
    expect(seen).toEqual([{}, { used: 1 }, { used: 0, idle: 1 }])
    expect(countsOf(tracer)).toEqual({ used: 0, idle: 0 })
  })
})

describe('a connection to MongoDB', () => {
  it('is counted by its state until the application ends', async () => {
    await using server = await closing(serveMongo())
    const tracer = createTestTracer()
    const app = await startTestApplication(
      createApplication({
        name: 'shop',
        tracer,
        config: defineConfig({ nosql: NoSqlConfig }),
        providers: [noSqlProvider({ drivers: [mongodb()] })],
      }),
      { env: { MONGODB_URI: server.value.uri, LEX_NOSQL__DRIVER: 'mongodb', LEX_NOSQL__MONGODB__DATABASE: 'counted' } },
    )
    let inside: Readonly<Record<string, number>> = {}
    await app.run(async (scope) => {
      const store = await scope.resolve(DocumentStore)
      await Promise.all([1, 2, 3].map((n) => store.collection('items').insertOne({ n })))
      inside = countsOf(tracer)
    })
    expect(inside['used']).toBe(0)
    expect(inside['idle']).toBeGreaterThan(0)
    const values = tracer.metrics.filter(
      ({ name, attributes }) =>
        name === 'db.client.connection.count' && attributes['db.client.connection.state'] === 'used',
    )
    expect(values.flatMap((metric) => metric.values)).toContain(1)
    expect(values[0]?.attributes).toMatchObject({ 'db.system.name': 'mongodb' })
    await app[Symbol.asyncDispose]()
    expect(countsOf(tracer)).toEqual({ idle: 0, used: 0 })
  })

  it('is counted under the name of its store', async () => {
    await using server = await closing(serveMongo())
    const tracer = createTestTracer()
    const env = ['main', 'reports'].map((name, i) => ({
      [`LEX_NOSQL__BACKENDS__${i}__NAME`]: name,
      [`LEX_NOSQL__BACKENDS__${i}__DRIVER`]: 'mongodb',
      [`LEX_NOSQL__BACKENDS__${i}__PRIMARY`]: `${i === 0}`,
      [`LEX_NOSQL__BACKENDS__${i}__MONGODB__URI`]: server.value.uri,
      [`LEX_NOSQL__BACKENDS__${i}__MONGODB__DATABASE`]: name,
    }))
    await using app = await startTestApplication(
      createApplication({
        name: 'shop',
        tracer,
        config: defineConfig({ nosql: NoSqlConfig }),
        providers: [noSqlProvider({ drivers: [mongodb()] })],
      }),
      { env: Object.assign({}, ...env) as Record<string, string> },
    )
    await app.run(async (scope) => {
      for (const name of ['main', 'reports']) {
        await (await scope.resolve(named(DocumentStore, name))).collection('items').insertOne({ n: 1 })
      }
    })
    expect(poolsOf(tracer, 'db.client.connection.count')).toEqual(new Set(['main', 'reports']))
  })
})

async function closing<T extends { close(): Promise<unknown> }>(opening: Promise<T>) {
  const value = await opening
  return {
    value,
    async [Symbol.asyncDispose]() {
      await value.close()
    },
  }
}
