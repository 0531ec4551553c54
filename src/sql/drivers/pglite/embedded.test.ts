import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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
  it('lets a statement wait for a transaction, but not longer than poolTimeout', async () => {
    const database = await openDatabase({ drivers: [pglite({ instance })], url: 'pglite:memory', poolTimeoutMs: 30 })
    await using session = database.session()
    await session.transaction(async (tx) => {
      await tx.execute(sql`select 1`)
      await expect(session.execute(sql`select 1`)).rejects.toMatchObject({ code: 'LEX_ERR_SQL_004' })
    })
    expect(await session.execute(sql`select 1`)).toHaveLength(1)
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
})
