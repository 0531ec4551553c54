import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { sql } from 'drizzle-orm'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { describeWithServer } from '../../../../test/support/needs-server.ts'
import { findPostgres, startPostgres, type PostgresCluster } from '../../../../test/support/postgres.ts'
import { root } from '../../../../tools/commands/steps.ts'
import { openDatabase, type DatabaseOptions } from '../../database.ts'
import { postgres, type PostgresOptions } from './driver.ts'

const bin = findPostgres()

describeWithServer('PostgreSQL', bin !== undefined, () => {
  let cluster: PostgresCluster
  let observer: pg.Client
  beforeAll(async () => {
    cluster = await startPostgres(bin!)
    observer = new pg.Client(cluster.superuserUrl)
    await observer.connect()
  }, 60_000)
  afterAll(async () => {
    await observer.end()
    await cluster.stop()
  }, 60_000)

  const open = (options: Partial<DatabaseOptions> = {}, driver: PostgresOptions = {}) =>
    openDatabase({ drivers: [postgres(driver)], url: cluster.url, ...options })
  const ask = async (text: string): Promise<unknown> => ((await observer.query(text)).rows[0] as { n: unknown }).n
  const others = "from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()"
  const backends = (): Promise<unknown> => ask(`select count(*)::int as n ${others}`)
  // The server needs a moment to end those of the test before.
  beforeEach(() => expect.poll(backends).toBe(0))
  const endBackends = (): Promise<unknown> => ask(`select count(pg_terminate_backend(pid)) as n ${others}`)

  describe('the pool of an application', () => {
    it('serves everyone with no more connections than poolSize', async () => {
      await using database = await open({ poolSize: 3 })
      const seen: number[] = []
      await Promise.all(
        Array.from({ length: 20 }, async () => {
          await using session = database.session()
          await session.execute(sql`select pg_sleep(0.02)`)
          seen.push(Number(await backends()))
        }),
      )
      expect(Math.max(...seen)).toBe(3)
    })

    it('uses one connection for a session, also for statements that it asks for together', async () => {
      await using database = await open()
      await using session = database.session()
      const rows = await Promise.all([1, 2, 3].map(() => session.execute(sql`select pg_backend_pid() as pid`)))
      expect(new Set(rows.map(([row]) => row?.['pid'])).size).toBe(1)
      expect(await backends()).toBe(1)
    })

    it('tells who waits too long', async () => {
      await using database = await open({ poolSize: 1, poolTimeoutMs: 50 })
      await using holder = database.session()
      await using waiter = database.session()
      await holder.transaction(async (tx) => {
        await tx.execute('select 1')
        await expect(waiter.execute('select 1')).rejects.toMatchObject({ code: 'LEX_ERR_SQL_004' })
      })
      expect(await waiter.execute('select 1 as one')).toEqual([{ one: 1 }])
    })

    it('opens connections also where no caller may wait for one', async () => {
      await using database = await open({ poolSize: 1, poolTimeoutMs: 0 })
      await database.ping()
      await database.ping()
    })

    it('closes what is no longer used', async () => {
      await using database = await open({}, { idleTimeout: 30 })
      await database.ping()
      expect(await backends()).toBe(1)
      await expect.poll(backends).toBe(0)
    })

    it('closes everything at its end', async () => {
      const database = await open()
      await database.ping()
      await database[Symbol.asyncDispose]()
      await expect.poll(backends).toBe(0)
    })

    it('hands the vendor its pool for platforms that watch it', async () => {
      const attached: unknown[] = []
      await using _database = await open({ attachPool: (pool) => attached.push(pool) })
      expect(attached).toEqual([
        expect.objectContaining({ options: expect.objectContaining({ idleTimeoutMillis: 10_000 }) }),
      ])
    })

    it('replaces connections that the server has ended while they were unused', async () => {
      await using database = await open({}, { verifyAfter: 0 })
      await Promise.all([1, 2, 3].map(() => database.ping()))
      await endBackends()
      await using session = database.session()
      await session.execute('create temp table thawed (id int)')
    })
  })

  it('keeps no process alive that is done', async () => {
    const open = `import { openDatabase } from './src/sql/database.ts'
      import { postgres } from './src/sql/drivers/postgres/index.ts'
      const database = await openDatabase({ drivers: [postgres({ idleTimeout: 60_000 })], url: process.env.URL })
      await database.ping()
      console.log('done')`
    const args = ['--no-warnings', '--input-type=module', '--eval', open]
    const options = { cwd: root, env: { ...process.env, URL: cluster.url }, timeout: 20_000 }
    expect((await promisify(execFile)(process.execPath, args, options)).stdout).toBe('done\n')
  })

  describe('a statement that is given up', () => {
    it('is stopped at the server with nothing changed', async () => {
      await observer.query('create table if not exists slow (id int)')
      await using database = await open({ statementTimeoutMs: 500 })
      await using session = database.session()
      await session.execute('select 1')
      const write = session.execute(sql`insert into slow select 1 from pg_sleep(20)`)
      await expect(write).rejects.toMatchObject({
        code: 'LEX_ERR_INFRA_002',
        message: expect.stringContaining('500 ms'),
      })
      // The server ends a cancelled statement a moment after it has answered the request to cancel.
      await expect.poll(() => ask(`select count(*)::int as n ${others} and state = 'active'`)).toBe(0)
      expect(await session.execute('select count(*)::int as n from slow')).toEqual([{ n: 0 }])
    })

    it('ends its transaction alone, not the next statement on its connection', async () => {
      await using database = await open({ poolSize: 1 })
      const stop = new AbortController()
      await using session = database.session({ signal: stop.signal })
      const work = session.transaction(async (tx) => {
        await tx.execute('select 1')
        await tx.execute('select pg_sleep(20)')
      })
      work.catch(() => {})
      await expect
        .poll(() => ask(`select count(*)::int as n ${others} and state = 'active' and query like '%pg_sleep(20)%'`))
        .toBe(1)
      stop.abort()
      await expect(work).rejects.toMatchObject({ code: 'LEX_ERR_INFRA_002' })
      await database.ping()
      expect(await ask(`select count(*)::int as n ${others} and state <> 'idle'`)).toBe(0)
    })

    it('stops with its session', async () => {
      await using database = await open()
      const session = database.session()
      const work = session.execute('select pg_sleep(20)').catch((error: unknown) => error)
      await expect.poll(() => ask(`select count(*)::int as n ${others} and state = 'active'`)).toBe(1)
      await session[Symbol.asyncDispose]()
      expect(await work).toMatchObject({ code: 'LEX_ERR_USE_001' })
      await expect.poll(() => ask(`select count(*)::int as n ${others} and state = 'active'`)).toBe(0)
    })
  })

  describe('what a statement leaves in a connection', () => {
    it.each([
      ["select set_config('app.tenant', 'acme', false)", "select current_setting('app.tenant', true) as n", [null, '']],
      ['set application_name = acme', "select current_setting('application_name') as n", ['']],
      ['create temp table left_over as select 1', "select to_regclass('left_over')::text as n", [null]],
      [
        'select pg_advisory_lock(7)',
        "select count(*)::int as n from pg_locks where pid = pg_backend_pid() and locktype = 'advisory'",
        [0],
      ],
    ])('%s is not seen by the next user', async (leave, look, clean) => {
      await using database = await open({ poolSize: 1 })
      const pid = 'select pg_backend_pid() as pid'
      await using first = database.session()
      await first.execute(leave)
      const [before] = await first.execute(pid)
      await using second = database.session()
      const [row] = await second.execute(look)
      expect(clean).toContain(row?.['n'])
      expect(await second.execute(pid)).toEqual([before])
    })
  })

  it('answers for a server that is not there', async () => {
    await using database = await open({ url: 'postgresql://u:secret@127.0.0.1:1/d' })
    await using session = database.session()
    await expect(session.execute('delete from x')).rejects.toMatchObject({
      code: 'LEX_ERR_SQL_001',
      message: expect.not.stringContaining('secret'),
    })
  })

  it('refuses a password that is wrong', async () => {
    const wrong = cluster.url.replace(/:[^:@]*@/, ':wrong@')
    await using refused = await open({ url: wrong })
    await expect(refused.ping()).rejects.toMatchObject({
      code: 'LEX_ERR_SQL_001',
      message: expect.stringContaining('credentials'),
    })
  })

  it('asks for a password where it is a function', async () => {
    const wrong = cluster.url.replace(/:[^:@]*@/, ':wrong@')
    await using asked = await open({ url: wrong }, { password: () => Promise.resolve('lexigram') })
    await asked.ping()
    await using failing = await open({ url: wrong }, { password: () => Promise.reject(new Error('no token')) })
    await expect(failing.ping()).rejects.toMatchObject({ code: 'LEX_ERR_SQL_001' })
  })
})
