import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { neonLane } from '../../../test/support/neon-backends.ts'
import { openDatabase, type DatabaseProvider } from '../database.ts'
import { neon } from '../drivers/neon/driver.ts'
import type { SqlMigration } from './migration.ts'
import { createMigrator } from './migrator.ts'

const start = 60_000
const first = { name: '0001_products', sql: 'create table products (id int)' }
const index = {
  name: '0002_index',
  transaction: false,
  sql: 'create index concurrently by_id on products (id)',
  down: 'drop index concurrently if exists by_id',
}

describe('the outcome of a migration whose answer was lost', () => {
  const lane = neonLane('PGlite')
  let database: DatabaseProvider
  /** A request with this text is carried out, and its answer lost. */
  let lost: string | undefined
  beforeAll(async () => {
    const { url } = await lane.start()
    const lossy: typeof fetch = async (...args) => {
      const response = await fetch(...args)
      if (lost !== undefined && String(args[1]?.body).includes(lost)) throw new TypeError('the answer was lost')
      return response
    }
    database = await openDatabase({ drivers: [neon({ fetch: lossy })], url })
  }, start)
  afterAll(async () => {
    await database?.[Symbol.asyncDispose]()
    await lane.stop()
  }, start)
  beforeEach(async () => {
    lost = undefined
    await using session = database.session()
    await session.execute('drop table if exists products, lexigram_migrations')
  })
  // Each migration is a batch, which is one request.
  const migrator = (...migrations: SqlMigration[]) =>
    createMigrator({ database: { session: () => database.session() }, migrations })

  it('is not said to be nothing', async () => {
    lost = 'create table products'
    await expect(migrator(first).apply()).rejects.toMatchObject({
      code: 'LEX_ERR_SQL_032',
      message: expect.stringMatching(/^0001_products cannot run: .*; whether it was kept is not known$/),
      details: { migrations: ['0001_products'] },
    })
    lost = undefined
    expect(await migrator(first).pending()).toEqual([])
  })

  it('names the statement outside a transaction that may have been carried out', async () => {
    await migrator(first).apply()
    lost = 'create index'
    await expect(migrator(first, index).apply()).rejects.toThrow(
      /^0002_index, statement 1 at line 1 \(create index by_id\) cannot run: .*; it may have been carried out, and what ran before/,
    )
    lost = undefined
    expect((await migrator(first, index).status()).at(-1)).toMatchObject({ state: 'unfinished' })
  })

  it.each(['apply', 'down'] as const)(
    'says that %s did all statements when only recording that failed',
    async (verb) => {
      await migrator(first, ...(verb === 'down' ? [index] : [])).apply()
      lost = verb === 'apply' ? 'set statements_done' : 'delete from'
      await expect(migrator(first, index)[verb]()).rejects.toMatchObject({
        code: 'LEX_ERR_SQL_032',
        message: expect.stringMatching(
          /^0002_index(?:, down)? cannot run: .*; its statements before were carried out \(statements done: 1\), and whether/,
        ),
        details: { migrations: [expect.stringContaining('0002_index')], statementsDone: 1 },
      })
    },
  )
})
