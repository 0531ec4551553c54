import { attachDatabasePool } from '@vercel/functions'
import { createApplication, defineConfig, token, type Scope } from 'lexigram-edge'
import { connectionProvider, type Connectable, type Connection } from 'lexigram-edge/runtime'
import { DatabaseConfig, DbSession, sqlProvider } from 'lexigram-edge/sql'
import { postgres as sqlPostgres } from 'lexigram-edge/sql/postgres'
import { vercel } from 'lexigram-edge/vercel'
import pg from 'pg'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { findPostgres, startPostgres, type PostgresCluster } from '../support/postgres.ts'
import { describeWithServer } from '../support/needs-server.ts'

type Rows = readonly Readonly<Record<string, unknown>>[]

const idleTimeoutMillis = 50

const postgres = (url: string): Connectable<string, Rows> => ({
  name: 'postgres',
  async connect() {
    const pool = new pg.Pool({ connectionString: url, idleTimeoutMillis })
    return {
      pool,
      execute: async (command) => (await pool.query(command)).rows as Rows,
      ping: async () => void (await pool.query('select 1')),
      close: () => pool.end(),
    }
  },
})

const Ledger = token<Connection<string, Rows>>('Ledger')
const bin = findPostgres()

describeWithServer('PostgreSQL', bin !== undefined, () => {
  let cluster: PostgresCluster
  let observer: pg.Client
  beforeAll(async () => {
    cluster = await startPostgres(bin!)
    observer = new pg.Client(cluster.superuserUrl)
    await observer.connect()
  })
  afterAll(async () => {
    vi.unstubAllEnvs()
    await observer.end()
    await cluster.stop()
  })

  const apps = [
    {
      name: 'a connection',
      provider: connectionProvider(Ledger, ({ env }) => postgres((env as { URL: string }).URL)),
      ask: async (scope: Scope) => (await scope.resolve(Ledger)).execute('select 7 as seven'),
    },
    {
      name: 'the SQL driver postgres',
      provider: sqlProvider({ drivers: [sqlPostgres({ idleTimeout: idleTimeoutMillis })] }),
      ask: async (scope: Scope) => (await scope.resolve(DbSession)).execute('select 7 as seven'),
    },
  ] as const

  it.each(apps)('sees a Vercel instance kept until the idle clients of $name are closed', async ({ provider, ask }) => {
    // By these the vendor's library knows where it is.
    vi.stubEnv('VERCEL_URL', 'shop.test')
    vi.stubEnv('VERCEL_REGION', 'fra1')
    const kept: Promise<unknown>[] = []
    const context = { waitUntil: (work: Promise<unknown>) => kept.push(work) }
    vi.stubGlobal(Symbol.for('@vercel/request-context'), { get: () => context })
    const app = createApplication({
      name: 'ledger',
      config: defineConfig({ database: DatabaseConfig }),
      providers: [provider],
      fetch: async (_request, _env, { scope }) => Response.json(await ask(scope)),
    })
    const env = {
      URL: cluster.superuserUrl,
      DATABASE_URL: cluster.superuserUrl,
      CURSOR_SECRET: 'sixteen bytes or more',
    }
    const { fetch } = vercel(app, { env, attachDatabasePool })
    const others = async (): Promise<unknown> => {
      const sql = "select count(*)::int as n from pg_stat_activity where backend_type = 'client backend'"
      return ((await observer.query(sql)).rows as { n: number }[])[0]!.n - 1
    }

    expect(await (await fetch(new Request('https://x.test'))).json()).toEqual([{ seven: 7 }])
    expect(await others()).toBe(1)
    expect(kept.length).toBeGreaterThan(0)
    await Promise.all(kept)
    await expect.poll(others).toBe(0)
    await app.stop(env)
  })
})
