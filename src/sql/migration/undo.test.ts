import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { migrationFixture } from '../../../test/support/migration-fixture.ts'
import { migrationLanes } from '../../../test/support/migration-lanes.ts'
import type { SqlMigration } from './migration.ts'
import { createMigrator } from './migrator.ts'

const first = { name: '0001_products', sql: 'create table products (id int)', down: 'drop table products' }
const second = { name: '0002_names', sql: 'alter table products add name text', down: 'alter table products drop name' }

describe.each(migrationLanes)('down over $name', (lane) => {
  const { database } = migrationFixture(lane)

  describe.each(['interactive', 'a batch'])('as %s', (kind) => {
    const migrator = (...migrations: SqlMigration[]) => {
      const batchOnly = { session: () => database().session() }
      return createMigrator({ database: kind === 'a batch' ? batchOnly : database(), migrations })
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
        message: expect.stringMatching(
          /^0002_names, down(?:, statement 2 .*)? cannot run: .*; nothing of it was kept$/,
        ),
      })
      await using session = database().session()
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
    await createMigrator({ database: database(), migrations: [first, second] }).apply()
    const older = createMigrator({ database: database(), migrations: [first] })
    await expect(older.down()).rejects.toThrow(/0002_names cannot be undone: this build does not know it/)
  })
})
