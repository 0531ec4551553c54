import { integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openDatabase, type DatabaseProvider } from '../database.ts'
import { pglite } from '../drivers/pglite/driver.ts'
import type { TransactionalDbSession } from '../session/session.ts'
import { SqlRepository } from './repository.ts'

const things = pgTable('given_things', {
  id: integer().primaryKey(),
  body: text(),
  count: integer(),
  words: text().array(),
  document: jsonb(),
  documents: jsonb().array(),
})
type Thing = Partial<typeof things.$inferSelect> & { readonly id: number }

let database: DatabaseProvider
let session: TransactionalDbSession
beforeAll(async () => {
  database = await openDatabase({ drivers: [pglite()], url: 'pglite:memory' })
  session = database.session()
}, 60_000)
afterAll(async () => {
  await session[Symbol.asyncDispose]()
  await database[Symbol.asyncDispose]()
})
beforeEach(async () => {
  await session.execute('drop table if exists given_things')
  await session.execute(
    'create table given_things (id int primary key, body text, count int, words text[], document jsonb, documents jsonb[])',
  )
})

const repository = () =>
  new SqlRepository<typeof things, Thing, number>(things, session, { toEntity: (row) => row, toRow: (thing) => thing })

describe('values that an entity gives', () => {
  it('are read as they were saved, also texts in JSON and in arrays of it', async () => {
    const thing = {
      id: 1,
      body: '5',
      count: 5,
      words: ['', 'NULL', 'a"b', '\\'],
      document: '5',
      documents: ['5', 'null', 'true', { at: new Date(0).toISOString(), none: null }, [1, '1'], 7],
    }
    await repository().save(thing)
    expect(await repository().find(1)).toEqual(thing)
  })

  it.each<readonly [keyof Thing, unknown]>([
    ['body', 5],
    ['body', true],
    ['body', new Date(0)],
    ['count', '5'],
    ['count', 5n],
    ['words', 'a'],
    ['words', [5]],
    ['words', [undefined]],
    // oxlint-disable-next-line no-sparse-arrays
    ['words', ['a', , 'b']],
    ['words', [['a']]],
    ['document', { a: Number.NaN }],
    ['document', [undefined]],
    ['document', { a: new Map() }],
    ['document', { a: new Uint8Array(1) }],
    ['document', { a: new Date(Number.NaN) }],
    ['document', { a: () => 1 }],
    ['documents', [Number.NaN]],
  ])('are refused before anything is written: %s is %o', async (key, value) => {
    // What programs without types pass.
    const thing = { id: 1, [key]: value } as unknown as Thing
    await expect(repository().save(thing)).rejects.toMatchObject({
      code: 'LEX_ERR_USE_001',
      message: expect.stringContaining(`the value of '${key}' must be of its column's type`),
    })
    expect(await repository().find(1)).toBeNull()
  })
})
