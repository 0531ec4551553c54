import { join } from 'node:path'
import type { Miniflare } from 'miniflare'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { bundleWorker, startWorkerd, type WorkerdOptions } from '../../tools/runtimes/workerd.ts'
import { hangUp } from '../support/hang-up.ts'
import { describeWithServer } from '../support/needs-server.ts'
import { findPostgres, startPostgres, type PostgresCluster } from '../support/postgres.ts'

const bin = findPostgres()

const bound: readonly [string, (url: string) => WorkerdOptions][] = [
  ['the binding HYPERDRIVE', (url) => ({ hyperdrives: { HYPERDRIVE: url } })],
  ['a binding of the usual name', (url) => ({ hyperdrives: { DATABASE_URL: url } })],
]

describeWithServer('PostgreSQL', bin !== undefined, () => {
  let cluster: PostgresCluster
  let observer: pg.Client
  let script: string
  beforeAll(async () => {
    cluster = await startPostgres(bin!)
    observer = new pg.Client(cluster.superuserUrl)
    await observer.connect()
    script = await bundleWorker(join(import.meta.dirname, 'hyperdrive-worker.ts'))
  }, 60_000)
  afterAll(async () => {
    await observer?.end()
    await cluster?.stop()
  }, 60_000)

  const count = async (condition: string): Promise<unknown> => {
    const from = "from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()"
    return ((await observer.query(`select count(*)::int as n ${from} ${condition}`)).rows[0] as { n: number }).n
  }
  beforeEach(() => expect.poll(() => count('')).toBe(0))

  describe.each(bound)('an application that is configured by %s', (_what, options) => {
    let miniflare: Miniflare | undefined
    let address: URL
    beforeAll(async () => {
      miniflare = await startWorkerd(script, {
        ...options(cluster.url),
        bindings: { CURSOR_SECRET: 'sixteen bytes or more' },
        compatibilityFlags: ['nodejs_compat', 'enable_request_signal'],
      })
      address = await miniflare.ready
    })
    afterAll(() => miniflare?.dispose())

    const get = (path: string): Promise<Response> => fetch(new URL(path, address))

    it('has one connection for each request, whatever it asks for together', async () => {
      const answers = await Promise.all(
        Array.from({ length: 8 }, async () => (await get('/pid')).json() as Promise<{ pid: number }[]>),
      )
      const pids = answers.map((rows) => new Set(rows.map(({ pid }) => pid)))
      expect(pids.every((own) => own.size === 1)).toBe(true)
      expect(new Set(pids.flatMap((own) => [...own])).size).toBe(8)
      await expect.poll(() => count('')).toBe(0)
    })

    it('opens none for a request that asks the database for nothing', async () => {
      const before = await observer.query('select sessions from pg_stat_database where datname = current_database()')
      expect(await (await get('/')).text()).toBe('nothing was asked')
      expect(await count('')).toBe(0)
      const after = await observer.query('select sessions from pg_stat_database where datname = current_database()')
      expect(after.rows).toEqual(before.rows)
    })

    it('keeps it while the body of the response is read', async () => {
      expect(await (await get('/streamed')).json()).toBe(7)
    })

    it('ends what a request has left open', async () => {
      expect(await (await get('/left-open')).text()).toBe('left')
      await expect.poll(() => count('')).toBe(0)
    })

    it('stops what runs for a client that has left', async () => {
      const running = expect.poll(() => count("and state = 'active'")).toBe(1)
      await hangUp(address, '/slow')
      await running
      await expect.poll(() => count(''), { timeout: 5_000 }).toBe(0)
    })
  })
})
