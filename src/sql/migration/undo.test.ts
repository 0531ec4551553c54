import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { neonLane } from '../../../test/support/neon-backends.ts'
import { migrationLanes, type MigrationDatabase } from '../../../test/support/migration-lanes.ts'
import { openDatabase } from '../database.ts'
import { neon } from '../drivers/neon/driver.ts'
import type { SqlMigration } from './migration.ts'
import { createMigrator } from './migrator.ts'

const start = 60_000
const first = { name: '0001_products', sql: 'create table products (id int)', down: 'drop table products' }
const second = { name: '0002_names', sql: 'alter table products add name text', down: 'alter table products drop name' }

describe.each(migrationLanes)('down over $name', (lane) => {
  let db: MigrationDatabase
  beforeAll(async () => {
    if (lane.missing === undefined) db = await lane.start()
  }, start)
  afterAll(() => db?.[Symbol.asyncDispose](), start)
  beforeEach(async (context) => {
    context.skip(lane.missing !== undefined, lane.missing)
    await using session = db.database.session()
    await session.execute('drop table if exists products, lexigram_migrations')
  })

  describe.each(['interactive', 'a batch'])('as %s', (kind) => {
    const migrator = (...migrations: SqlMigration[]) => {
      const batchOnly = { session: () => db.database.session() }
      return createMigrator({ database: kind === 'a batch' ? batchOnly : db.database, migrations })
    }

    it('undoes the last one, until none is left', async () => {
      await migrator(first, second).apply()
      expect(await migrator(first, second).down()).toBe('0002_names')
      expect(await migrator(first, second).pending()).toEqual(['0002_names'])
      expect(await migrator(first, second).down()).toBe('0001_products')
      expect(await migrator(first, second).down()).toBeUndefined()
    })

    it('keeps everything when a statement fails', async () => {
      const broken = { ...second, down: 'alter table products drop name; alter table nowhere drop x' }
      await migrator(first, broken).apply()
      await expect(migrator(first, broken).down()).rejects.toMatchObject({
        code: 'LEX_ERR_SQL_032',
        message: expect.stringMatching(/^0002_names, down(?:, statement 2 .*)?: .*; nothing of it was kept$/),
      })
      await using session = db.database.session()
      await session.execute(sql`select name from products`)
      expect(await migrator(first, broken).pending()).toEqual([])
    })

    it('undoes one migration once, for two runners', async () => {
      await migrator(first, second).apply()
      const runs = await Promise.allSettled([migrator(first, second).down(), migrator(first, second).down()])
      const undone = runs.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
      expect(new Set(undone).size).toBe(undone.length)
      for (const one of runs) {
        if (one.status === 'rejected') expect(String(one.reason)).toMatch(/another runner has changed the history/)
      }
    })
  })

  it('refuses what this build does not know', async () => {
    await createMigrator({ database: db.database, migrations: [first, second] }).apply()
    const older = createMigrator({ database: db.database, migrations: [first] })
    await expect(older.down()).rejects.toThrow(/0002_names cannot be undone: this build does not know it/)
  })
})

describe('a migration whose answer was lost', () => {
  const lane = neonLane('PGlite')
  afterAll(() => lane.stop(), start)

  it(
    'is not said to have left nothing',
    async () => {
      const { url } = await lane.start()
      let isLost = false
      const lossy: typeof fetch = async (...args) => {
        const response = await fetch(...args)
        if (isLost) throw new TypeError('the answer was lost')
        return response
      }
      await using database = await openDatabase({ drivers: [neon({ fetch: lossy })], url })
      const migrator = (...migrations: SqlMigration[]) =>
        createMigrator({ database: { session: () => database.session() }, migrations })
      const onProgress = () => (isLost = true)
      await expect(migrator(first).apply({ onProgress })).rejects.toMatchObject({
        code: 'LEX_ERR_SQL_032',
        message: expect.stringMatching(/^0001_products: .*; whether it was kept is not known$/),
        details: { migrations: ['0001_products'] },
      })
      isLost = false
      expect(await migrator(first).pending()).toEqual([])
    },
    start,
  )
})
