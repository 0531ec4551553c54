import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase } from '../../database.ts'
import { pglite } from './driver.ts'

let instance: PGlite
beforeAll(async () => {
  instance = await PGlite.create()
}, 60_000)
afterAll(() => instance.close())

describe('the embedded database', () => {
  it('lets a statement wait for a transaction at most for poolTimeout', async () => {
    const database = await openDatabase({ drivers: [pglite({ instance })], url: 'pglite:memory', poolTimeoutMs: 30 })
    await using session = database.session()
    await using other = database.session()
    await session.transaction(async (tx) => {
      await tx.execute(sql`select 1`)
      await expect(other.execute(sql`select 1`)).rejects.toMatchObject({ code: 'LEX_ERR_SQL_004' })
    })
    expect(await other.execute(sql`select 1`)).toHaveLength(1)
  })

  it('rolls back what a session leaves open at its end', async () => {
    const database = await openDatabase({ drivers: [pglite({ instance })], url: 'pglite:memory', poolTimeoutMs: 500 })
    await instance.exec('create table if not exists left_open (n int)')
    const session = database.session()
    const { promise: written, resolve: write } = Promise.withResolvers<void>()
    const open = session.transaction(async (tx) => {
      await tx.execute(sql`insert into left_open values (1)`)
      write()
      await new Promise(() => {})
    })
    const refused = expect(open).rejects.toMatchObject({ code: 'LEX_ERR_USE_001' })
    await written
    await session[Symbol.asyncDispose]()
    await refused
    await using next = database.session()
    expect(await next.execute(sql`select * from left_open`)).toEqual([])
  })

  it('is free again after transactions that could not begin', async () => {
    const database = await openDatabase({ drivers: [pglite({ instance })], url: 'pglite:memory', poolTimeoutMs: 500 })
    const session = database.session()
    await using other = database.session()
    const run = (tx: { execute(text: string): Promise<unknown> }) => tx.execute('select 1')
    const unknownRole = session.withSettings({ role: 'nobody_of_that_name' })
    await expect(unknownRole.transaction(run)).rejects.toMatchObject({ code: 'LEX_ERR_SQL_026' })
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>()
    const holding = session.transaction(async (tx) => {
      await run(tx)
      begin()
      await new Promise(() => {})
    })
    const outcome = expect(holding).rejects.toMatchObject({ code: 'LEX_ERR_USE_001' })
    await begun
    const waiting = expect(other.transaction(run)).rejects.toMatchObject({ code: 'LEX_ERR_USE_001' })
    await other[Symbol.asyncDispose]()
    await waiting
    await session[Symbol.asyncDispose]()
    await outcome
    await using next = database.session()
    expect(await next.execute('select 1')).toHaveLength(1)
  })

  it('runs nothing that was given up while a direct user kept the connection', async () => {
    const database = await openDatabase({ drivers: [pglite({ instance })], url: 'pglite:memory' })
    await instance.exec('create table if not exists given_up (n int)')
    const stop = new AbortController()
    await using session = database.session({ signal: stop.signal })
    let release = (): void => {}
    const direct = instance.transaction(() => new Promise<void>((resolve) => (release = resolve)))
    await expect.poll(() => instance.isInTransaction()).toBe(true)
    const waiting = session.execute(sql`insert into given_up values (1)`)
    const refused = expect(waiting).rejects.toMatchObject({ code: 'LEX_ERR_INFRA_002' })
    stop.abort()
    await refused
    release()
    await direct
    expect((await instance.query('select * from given_up')).rows).toEqual([])
  })

  it.each([
    ['the application’s role', 'pglite:memory', 'lexigram'],
    ['the owner', 'pglite:memory?role=lexigram_owner', 'lexigram_owner'],
    ['the superuser', 'pglite:memory?role=postgres', 'postgres'],
  ])('runs statements as %s where its URL says so', async (_what, url, role) => {
    const database = await openDatabase({ drivers: [pglite({ instance })], url })
    await using session = database.session()
    const asked = sql`select current_user::text as role`
    expect([...(await session.execute(asked))]).toEqual([{ role }])
    expect(await session.transaction(async (tx) => [...(await tx.execute(asked))])).toEqual([{ role }])
    expect((await instance.query('select current_user::text as role')).rows).toEqual([{ role: 'postgres' }])
  })

  it.each(['pglite:memory?role=nobody', 'pglite:memory?user=postgres'])('is not opened by %s', async (url) => {
    const open = openDatabase({ drivers: [pglite({ instance })], url })
    await expect(open).rejects.toMatchObject({ code: 'LEX_ERR_USE_001' })
  })

  it('keeps its data in the folder of its URL', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lexigram-pglite-'))
    const open = () => openDatabase({ drivers: [pglite()], url: `pglite:${folder}/data` })
    {
      await using database = await open()
      await using session = database.session()
      await session.execute(sql`create table kept (n int)`)
    }
    await using database = await open()
    await using session = database.session()
    expect(await session.execute(sql`select * from kept`)).toEqual([])
    rmSync(folder, { recursive: true, force: true })
  }, 60_000)

  it('has its folder alone until it is closed, also after a failure', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lexigram-pglite-'))
    const url = `pglite:${folder}/data`
    const open = (address = url) => openDatabase({ drivers: [pglite()], url: address })
    await expect(open(`${url}?role=nobody`)).rejects.toThrow('the role "nobody" cannot be used')
    {
      await using _database = await open()
      await expect(open()).rejects.toMatchObject({
        code: 'LEX_ERR_USE_001',
        message: `the database in ${folder}/data cannot be opened: this process is using it`,
      })
    }
    await (await open())[Symbol.asyncDispose]()
    expect(readdirSync(folder)).toEqual(['data'])
    rmSync(folder, { recursive: true, force: true })
  }, 60_000)

  it('is not opened where there is no folder', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'lexigram-pglite-')), 'file')
    writeFileSync(file, '')
    await expect(openDatabase({ drivers: [pglite()], url: `pglite:${file}` })).rejects.toMatchObject({
      code: 'LEX_ERR_USE_001',
      message: `the database in ${file} cannot be opened`,
    })
    rmSync(dirname(file), { recursive: true, force: true })
  })

  it('is left open when it was given', async () => {
    const database = await openDatabase({ drivers: [pglite({ instance })], url: 'pglite:memory' })
    await database[Symbol.asyncDispose]()
    expect((await instance.query('select 1 as one')).rows).toEqual([{ one: 1 }])
  })

  it('does not let direct users into a transaction', async () => {
    const database = await openDatabase({ drivers: [pglite({ instance })], url: 'pglite:memory' })
    await instance.exec('create table if not exists counted (n int)')
    await using session = database.session()
    const seen = await session.transaction(async (tx) => {
      await tx.execute(sql`insert into counted values (1)`)
      return { direct: instance.query<{ n: number }>('select count(*)::int as n from counted') }
    })
    expect((await seen.direct).rows).toEqual([{ n: 1 }])
  })

  it.each(['auditor', 'second_auditor'])(
    'warns by name of the setting role = %s, whatever was asked before',
    async (role) => {
      await instance.exec(`create role ${role} bypassrls; grant ${role} to lexigram`)
      const warnings: string[] = []
      const onWarning = (warning: Error) => void warnings.push(warning.message)
      const database = await openDatabase({ drivers: [pglite({ instance })], url: 'pglite:memory', onWarning })
      await using session = database.session()
      const tenant = session.withSettings({ 'app.tenant_id': 'acme' })
      await tenant.execute('select 1')
      expect(warnings).toEqual([])
      for (const scoped of [tenant.withSettings({ role }), session.withSettings({ ROLE: role })]) {
        await scoped.execute('select 1')
        await scoped.transaction((tx) => tx.execute('select 1'))
      }
      expect(warnings).toEqual([`row security cannot confine the role "${role}": it has BYPASSRLS`])
    },
  )

  it('puts back the role of its URL after a session that has left another', async () => {
    await using database = await openDatabase({ drivers: [pglite()], url: 'pglite:memory?role=postgres' })
    await using session = database.session()
    await session.execute('create role reader')
    await session.execute('set role reader')
    await using next = database.session()
    expect([...(await next.execute('select current_user::text as role'))]).toEqual([{ role: 'postgres' }])
  }, 60_000)

  // Where it fires, the embedded database never returns from its next call, and no timer of this process runs again.
  it.each(['idle_in_transaction_session_timeout', 'idle_session_timeout', 'transaction_timeout'])(
    'refuses %s, which would end the process’s only thread in a loop',
    async (name) => {
      const database = await openDatabase({ drivers: [pglite({ instance })], url: 'pglite:memory' })
      await using session = database.session()
      const refused = { code: 'LEX_ERR_USE_001', hint: expect.stringContaining('LEX_DATABASE__STATEMENT_TIMEOUT') }
      await expect(session.execute(`set ${name} = '1h'`)).rejects.toMatchObject(refused)
      await expect(session.execute(`select set_config('${name}', '1h', true)`)).rejects.toMatchObject(refused)
      const scoped = session.withSettings({ [name]: '1h' })
      await expect(scoped.execute('select 1')).rejects.toMatchObject(refused)
      await expect(scoped.transaction((tx) => tx.execute('select 1'))).rejects.toMatchObject(refused)
      await session.execute(`set ${name} = 0`)
      expect([...(await session.execute(`show ${name}`))]).toEqual([{ [name]: '0' }])
    },
  )
})
