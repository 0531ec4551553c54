import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import type { SqlMigration } from '../../src/sql/migration/migration.ts'
import { createMigrator } from '../../src/sql/migration/migrator.ts'
import type { MigrationDatabase, MigrationLane } from './migration-lanes.ts'

const start = 60_000

/** The database of a lane, started for a group of tests; each test begins without the table `products` and a history. */
export function migrationFixture(lane: MigrationLane) {
  let db: MigrationDatabase
  const run = async (...statements: string[]) => {
    await using session = db.database.session()
    return await session.batch(statements.map((statement) => sql.raw(statement)))
  }
  const migrator = (...migrations: SqlMigration[]) => createMigrator({ database: db.database, migrations })
  beforeAll(async () => {
    if (lane.missing === undefined) db = await lane.start()
  }, start)
  afterAll(() => db?.[Symbol.asyncDispose](), start)
  beforeEach(async (context) => {
    context.skip(lane.missing !== undefined, lane.missing)
    await run('drop table if exists products, lexigram_migrations')
  })
  return {
    database: () => db.database,
    run,
    migrator,
    states: async (...migrations: SqlMigration[]) =>
      (await migrator(...migrations).status()).map(({ name, state }) => `${name} ${state}`),
  }
}
