import { PGlite } from '@electric-sql/pglite'
import { createMigrator, openDatabase, type DatabaseDriver } from 'lexigram-edge/sql'
import { pglite } from 'lexigram-edge/sql/pglite'
import { migrations } from '../src/migrations.ts'

/** An embedded database in memory that has its tables. The owner makes them; the application is another role. */
export async function migratedDatabase(): Promise<DatabaseDriver> {
  const driver = pglite({ instance: await PGlite.create() })
  await using database = await openDatabase({ drivers: [driver], url: 'pglite:memory?role=lexigram_owner' })
  await createMigrator({ database, migrations }).apply()
  return driver
}
