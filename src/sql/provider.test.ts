import { sql } from 'drizzle-orm'
import { PGlite } from '@electric-sql/pglite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { defineConfig } from '../config/define-config.ts'
import { factory } from '../container/registration.ts'
import { provider } from '../runtime/provider.ts'
import type { Scope } from '../container/resolver.ts'
import { token } from '../core/token.ts'
import { createApplication } from '../runtime/application.ts'
import { DatabaseConfig } from './config.ts'
import type { DatabaseDriver, DriverSettings } from './contract/driver.ts'
import { pglite } from './drivers/pglite/driver.ts'
import type { StatementLog } from './session/statements/statement-log.ts'
import { sqlProvider, type SqlProviderOptions } from './provider.ts'
import { DatabaseProvider, DbSession, TransactionalDbSession } from './tokens.ts'

let instance: PGlite
beforeAll(async () => {
  instance = await PGlite.create()
}, 60_000)
afterAll(() => instance.close())

const NeedsTransactions = token<string>('NeedsTransactions')
const env = { DATABASE_URL: 'pglite:memory' }

function boot(options: Partial<SqlProviderOptions> = {}, more: object = {}, runtime = {}) {
  const app = createApplication({
    name: 'test',
    config: defineConfig({ database: DatabaseConfig }),
    providers: [
      sqlProvider({ drivers: [pglite({ instance })], ...options }),
      provider('needy', {
        register: (container) => {
          container.scoped(
            NeedsTransactions,
            factory([TransactionalDbSession], () => 'has them'),
          )
        },
      }),
    ],
  })
  const traits = { name: 'node', socketsOutliveRequests: true, sharesPending: true, ...runtime }
  return app.boot({ ...env, ...more }, traits)
}

const driver = (overrides: Partial<DatabaseDriver>): DatabaseDriver => ({ ...pglite({ instance }), ...overrides })

describe('sqlProvider', () => {
  it('provides a database to the application and a session to each scope', async () => {
    await using running = await boot()
    const database = await running.container.resolve(DatabaseProvider)
    expect(database.driver).toBe('pglite')
    await using first = running.container.scope()
    await using second = running.container.scope()
    const session = first.get(DbSession)
    expect(session).toBe(first.get(TransactionalDbSession))
    expect(session).not.toBe(second.get(DbSession))
    expect([...(await session.execute(sql`select 1 as one`))]).toEqual([{ one: 1 }])
  })

  it('ends a session with its scope', async () => {
    await using running = await boot()
    const scope = running.container.scope()
    const session = scope.get(DbSession)
    await session.execute('select 1')
    await scope[Symbol.asyncDispose]()
    await expect(session.execute('select 1')).rejects.toMatchObject({ code: 'LEX_ERR_USE_001' })
  })

  it('opens a scope for a session that the application container resolves', async () => {
    await using running = await boot()
    await using session = await running.container.resolve(DbSession)
    expect([...(await session.execute(sql`select 1 as one`))]).toEqual([{ one: 1 }])
  })

  it('reads every setting, aliases and defaults included', async () => {
    await using running = await boot({}, { LEX_DATABASE__POOL_SIZE: '3', LEX_DATABASE__POOL_TIMEOUT: '5' })
    const config = running.container.get(DatabaseConfig)
    expect(config).toMatchObject({ echo: false, poolSize: 3, poolTimeout: 5_000 })
    expect(String(config.url)).toBe('[secret]')
  })

  it('hands size and timeout of the pool to the driver', async () => {
    const opened: unknown[] = []
    const spy = driver({
      open: (settings) => {
        opened.push(settings)
        return pglite({ instance }).open(settings)
      },
    })
    await using _running = await boot(
      { drivers: [spy] },
      { LEX_DATABASE__POOL_SIZE: '3', LEX_DATABASE__POOL_TIMEOUT: '5s' },
    )
    expect(opened).toMatchObject([{ url: 'pglite:memory', poolSize: 3, poolTimeoutMs: 5_000 }])
  })

  it('logs calls while echo is on, with counts and times, never with parameters', async () => {
    const entries: StatementLog[] = []
    const log = (entry: StatementLog) => entries.push(entry)
    await using quiet = await boot({ log })
    await (await quiet.container.resolve(DatabaseProvider)).ping()
    expect(entries).toEqual([])
    await using running = await boot({ log }, { LEX_DATABASE__ECHO: 'yes' })
    await using session = await running.container.resolve(TransactionalDbSession)
    await session.execute(sql`select ${'hunter2'}::text as word`)
    await session.batch([sql`select 1`, sql`select 2`])
    await session.transaction((tx) => tx.execute(sql`select 3`))
    await session.execute(sql`select nope`).catch(() => undefined)
    const texts = entries.map((entry) => entry.statements.map(({ text }) => text))
    expect(texts).toEqual([
      ['select $1::text as word'],
      ['select 1', 'select 2'],
      ['begin'],
      ['select 3'],
      ['commit'],
      ['select nope'],
    ])
    expect(entries[0]).toMatchObject({
      statements: [{ params: 1 }],
      roundTrips: 1,
      rows: 1,
      durationMs: expect.any(Number),
    })
    expect(entries.at(-1)).toMatchObject({ rows: 0, error: 'LEX_ERR_SQL_005' })
    expect(JSON.stringify(entries)).not.toContain('hunter2')
  })

  it('refuses echo without a logger at boot', async () => {
    await expect(boot({}, { LEX_DATABASE__ECHO: '1' })).rejects.toMatchObject({ hint: expect.stringContaining('log:') })
  })

  it('refuses a URL that no listed driver takes, with the line to import', async () => {
    const error = await boot({}, { DATABASE_URL: 'postgresql://user:hunter2@h/d' }).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ hint: expect.stringContaining("import { neon } from 'lexigram-edge/sql/neon'") })
    expect(String(error)).not.toContain('hunter2')
  })

  const drivers = [driver({ name: 'first' }), driver({ name: 'second' })]

  it('picks a driver by name', async () => {
    await using running = await boot({ drivers }, { LEX_DATABASE__DRIVER: 'second' })
    expect((await running.container.resolve(DatabaseProvider)).driver).toBe('second')
  })

  it('refuses a driver that is not listed', async () => {
    await expect(boot({ drivers }, { LEX_DATABASE__DRIVER: 'third' })).rejects.toThrow(/"third".*first, second/)
  })

  it('refuses at boot, by name, who needs transactions that the driver has not', async () => {
    const plain = driver({ interactiveTransactions: false })
    await expect(boot({ drivers: [plain] })).rejects.toThrow(
      /NeedsTransactions → TransactionalDbSession|TransactionalDbSession/,
    )
  })

  it('opens a driver that has a socket for each session, where sockets die with the request', async () => {
    let opened: DriverSettings | undefined
    const open: DatabaseDriver['open'] = (settings) => {
      opened = settings
      return pglite({ instance }).open(settings)
    }
    const perSession = driver({ io: 'socket', socketPerSession: true, open })
    await using _running = await boot({ drivers: [perSession] }, {}, { socketsOutliveRequests: false })
    expect(opened).toMatchObject({ socketsOutliveRequests: false })
  })

  it('refuses a driver that keeps sockets where they die with the request', async () => {
    const socket = driver({ io: 'socket' })
    await expect(boot({ drivers: [socket] }, {}, { socketsOutliveRequests: false })).rejects.toThrow(/DatabaseProvider/)
  })

  it('reports writes that a scope ended without committing instead of sending them', async () => {
    await instance.exec('create table if not exists forgotten (n int)')
    const reported: unknown[] = []
    const app = createApplication({
      name: 'test',
      config: defineConfig({ database: DatabaseConfig }),
      providers: [sqlProvider({ drivers: [pglite({ instance })] })],
      onError: ({ error, phase }) => reported.push([phase, ...(error as AggregateError).errors.map(String)]),
    })
    const work = (scope: Scope) => {
      scope
        .get(DbSession)
        .unitOfWork()
        .add(sql`insert into forgotten values (1)`)
    }
    const traits = { name: 'node', socketsOutliveRequests: true, sharesPending: true }
    await app.run(work, { env, waitUntil: () => undefined }, traits)
    await expect
      .poll(() => reported)
      .toEqual([['dispose', expect.stringContaining('a unit of work cannot end with 1 uncommitted writes')]])
    expect((await instance.query('select * from forgotten')).rows).toEqual([])
  })

  it('is healthy while the database answers', async () => {
    await using running = await boot()
    expect((await running.health('readiness')).status).toBe('healthy')
    const signals: unknown[] = []
    const watched = driver({
      open: () => ({
        session: () => ({
          execute: (_statement, { signal }) => {
            signals.push(signal)
            return Promise.resolve({ columns: [], rows: [], rowCount: 0 })
          },
          batch: () => Promise.resolve([]),
          close: () => Promise.resolve(),
        }),
        close: () => Promise.resolve(),
      }),
    })
    await using slow = await boot({ drivers: [watched] })
    await slow.health('readiness')
    expect(signals).toEqual([expect.any(AbortSignal)])
    const gone = driver({
      open: () => ({
        session: () => ({
          execute: () => Promise.reject(new Error('gone')),
          batch: () => Promise.reject(new Error('gone')),
          close: () => Promise.resolve(),
        }),
        close: () => Promise.resolve(),
      }),
    })
    await using sick = await boot({ drivers: [gone] })
    expect((await sick.health('readiness')).status).toBe('unhealthy')
  })
})
