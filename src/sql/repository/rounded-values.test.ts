import { sql } from 'drizzle-orm'
import { bigint, bigserial, integer, numeric, pgTable, timestamp } from 'drizzle-orm/pg-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openDatabase, type DatabaseProvider } from '../database.ts'
import { pglite } from '../drivers/pglite/driver.ts'
import type { TransactionalDbSession } from '../session/session.ts'
import { SqlRepository } from './repository.ts'

const readings = pgTable('readings', {
  id: integer().primaryKey(),
  note: integer(),
  amount: numeric({ mode: 'number' }),
  amounts: numeric({ mode: 'number' }).array(),
  price: numeric({ mode: 'number', precision: 9, scale: 2 }),
  at: timestamp(),
  zoned: timestamp({ withTimezone: true }),
  moments: timestamp({ withTimezone: true }).array(),
})
type Reading = typeof readings.$inferSelect

const counted = pgTable('counted', {
  id: integer().primaryKey(),
  total: bigint({ mode: 'number' }),
  totals: bigint({ mode: 'number' }).array(),
})
const numbered = pgTable('numbered', { id: bigserial({ mode: 'number' }).primaryKey(), note: integer() })
const byMoment = pgTable('by_moment', { at: timestamp().primaryKey(), note: integer() })
const byAmount = pgTable('by_amount', { amount: numeric({ mode: 'number' }).primaryKey(), note: integer() })

let database: DatabaseProvider
let session: TransactionalDbSession
beforeAll(async () => {
  database = await openDatabase({ drivers: [pglite()], url: 'pglite:memory' })
  session = database.session()
  await session.batch([
    sql`create table readings (id int primary key, note int, amount numeric, amounts numeric[], price numeric(9, 2),
      at timestamp, zoned timestamptz, moments timestamptz[])`,
    sql`create table counted (id int primary key, total bigint, totals bigint[])`,
    sql`create table numbered (id bigserial primary key, note int)`,
    sql`create table by_moment (at timestamp primary key, note int)`,
    sql`create table by_amount (amount numeric primary key, note int)`,
  ])
}, 60_000)
afterAll(() => database[Symbol.asyncDispose]())

const mapping = { toEntity: (row: Reading) => row, toRow: (row: Reading) => row }
const stored = async (): Promise<unknown> =>
  (
    await session.execute(
      `select note, amount::text, amounts::text, price::text, at::text, zoned at time zone 'UTC' as zoned, moments::text from readings`,
    )
  )[0]

const exact = {
  note: 1,
  amount: '0.12345678901234567890',
  amounts: '{1.00000000000000000001,NULL,2.50}',
  price: '1.50',
  at: '1969-12-31 23:59:59.123456',
  zoned: '2026-02-28 10:00:00.000001',
  moments: expect.stringContaining('00.654321') as string,
}

describe('a value that is read rounded', () => {
  beforeEach(async () => {
    await session.execute('delete from readings')
    await session.execute(`insert into readings values (1, 1, 0.12345678901234567890, '{1.00000000000000000001,null,2.50}', 1.5,
      '1969-12-31 23:59:59.123456', '2026-02-28 10:00:00.000001Z', '{2026-02-28 10:00:00.654321Z,null}')`)
  })
  const repository = (): SqlRepository<typeof readings, Reading> => new SqlRepository(readings, session, mapping)

  it('is kept by a save that does not change it', async () => {
    const reading = await repository().find(1)
    if (reading === null) throw new Error('the row must be there')
    await repository().save({ ...reading, note: 2 })
    expect(await stored()).toEqual({ ...exact, note: 2 })
  })

  it('is kept by saveMany and upsert', async () => {
    const reading = await repository().get(1)
    if (!reading.ok) throw reading.error
    await repository().saveMany([{ ...reading.value, note: 2 }])
    await repository().upsert({ ...reading.value, note: 3 })
    expect(await stored()).toEqual({ ...exact, note: 3 })
  })

  it('is kept by a save over a version', async () => {
    const versioned = new SqlRepository(readings, session, mapping, { version: 'note' })
    const reading = await versioned.get(1)
    if (!reading.ok) throw reading.error
    await versioned.save({ ...reading.value, price: 2 })
    expect(await stored()).toEqual({ ...exact, note: 2, price: '2.00' })
  })

  it('is replaced by what differs', async () => {
    const at = new Date('2026-01-01T00:00:00.001Z')
    const next = { id: 1, note: 1, amount: 0.5, amounts: [1, 2.5], price: 1.25, at, zoned: null, moments: [at] }
    await repository().save(next)
    expect(await repository().find(1)).toEqual(next)
    await repository().save({ ...next, zoned: at, at: null, amounts: null, moments: [] })
    expect(await repository().find(1)).toEqual({ ...next, zoned: at, at: null, amounts: null, moments: [] })
  })
})

describe('a whole number beyond those of JavaScript', () => {
  beforeEach(() => session.batch([sql`delete from counted`, sql`delete from numbered`]))
  const repository = (): SqlRepository<typeof counted, typeof counted.$inferSelect> =>
    new SqlRepository(counted, session, { toEntity: (row) => row, toRow: (row) => row })
  const refusal = (name: string) => ({
    code: 'LEX_ERR_SQL_026',
    message: `the column '${name}' cannot be read as a number: its value is beyond those that JavaScript has`,
    hint: "Declare the column with mode: 'bigint'.",
  })

  it.each(['9007199254740993', '-9007199254740992'])('is refused when it is read: %s', async (total) => {
    await session.execute('insert into counted values (1, $1)', [total])
    await expect(repository().find(1)).rejects.toMatchObject(refusal('total'))
    await expect(repository().page()).rejects.toMatchObject(refusal('total'))
    await expect(session.db.select().from(counted)).rejects.toMatchObject(refusal('total'))
  })

  it('is refused when it is read in a list', async () => {
    await session.execute(`insert into counted values (1, null, '{1,null,9007199254740993}')`)
    await expect(repository().find(1)).rejects.toMatchObject(refusal('totals'))
  })

  it('is refused as a key', async () => {
    await session.execute('insert into numbered values (9007199254740993, 1)')
    const keyed = new SqlRepository(numbered, session, { toEntity: (row) => row, toRow: (row) => row })
    await expect(keyed.list()).rejects.toMatchObject(refusal('id'))
    await expect(keyed.find(2 ** 53)).rejects.toMatchObject({ code: 'LEX_ERR_USE_001' })
  })

  it('is not written', async () => {
    await expect(repository().save({ id: 1, total: 2 ** 53, totals: null })).rejects.toThrow("the value of 'total'")
    await expect(repository().save({ id: 1, total: 1, totals: [-(2 ** 53)] })).rejects.toThrow("the value of 'totals'")
    expect(await repository().count()).toBe(0)
  })

  it('is read up to the last that is exact', async () => {
    const last = { id: 1, total: Number.MAX_SAFE_INTEGER, totals: [Number.MIN_SAFE_INTEGER, null as unknown as number] }
    expect(await repository().save(last)).toEqual(last)
  })
})

describe('a key that would be read rounded', () => {
  it('is refused when it has microseconds', async () => {
    const keyed = new SqlRepository(byMoment, session, { toEntity: (row) => row, toRow: (row) => row })
    await session.execute(
      `insert into by_moment values ('2026-01-01 10:00:00.123456', 1), ('2026-01-01 10:00:00.12', 1)`,
    )
    expect(await keyed.find(new Date('2026-01-01T10:00:00.120Z'))).toMatchObject({ note: 1 })
    await expect(keyed.list()).rejects.toMatchObject({
      code: 'LEX_ERR_SQL_026',
      message: "the key 'at' cannot be read as a Date: it has microseconds",
      hint: "Declare the column with mode: 'string', or with precision: 3.",
    })
  })

  it('is refused when it has more digits than a number', async () => {
    const keyed = new SqlRepository(byAmount, session, { toEntity: (row) => row, toRow: (row) => row })
    await session.execute('insert into by_amount values (0.50, 1), (0.12345678901234567890, 2)')
    expect(await keyed.find(0.5)).toEqual({ amount: 0.5, note: 1 })
    await expect(keyed.list()).rejects.toMatchObject({
      code: 'LEX_ERR_SQL_026',
      message: "the key 'amount' cannot be read as a number: it has more digits",
    })
  })
})

it('text in an array of dates is refused', async () => {
  const dated = new SqlRepository(readings, session, mapping)
  const row = { id: 5, note: 1, amount: 1, amounts: [], price: 1, at: null, zoned: null }
  await expect(dated.save({ ...row, moments: ['2026-01-01'] as never })).rejects.toMatchObject({
    code: 'LEX_ERR_USE_001',
    message: "the value of 'moments' must be of its column's type, timestamp with time zone[]",
  })
})
