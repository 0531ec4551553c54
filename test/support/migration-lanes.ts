import { PGlite } from '@electric-sql/pglite'
import { drizzle as drizzlePg } from 'drizzle-orm/node-postgres'
import { migrate as migratePg } from 'drizzle-orm/node-postgres/migrator'
import { drizzle as drizzlePGlite } from 'drizzle-orm/pglite'
import { migrate as migratePGlite } from 'drizzle-orm/pglite/migrator'
import { Client } from 'pg'
import { openDatabase, type DatabaseProvider } from '../../src/sql/database.ts'
import { pglite } from '../../src/sql/drivers/pglite/driver.ts'
import { postgres } from '../../src/sql/drivers/postgres/driver.ts'
import { findPostgres, startPostgres } from './postgres.ts'

/** A database for tests of migrations, as the owner of its schema. */
export interface MigrationDatabase extends AsyncDisposable {
  readonly database: DatabaseProvider
  /** Applies a folder with drizzle-orm's own migrator. */
  migrateWithDrizzle(folder: string): Promise<void>
}

export interface MigrationLane {
  readonly name: string
  /** The reason why these tests cannot run here, if they cannot. */
  readonly missing: string | undefined
  start(): Promise<MigrationDatabase>
}

const bin = findPostgres()

export const migrationLanes: readonly MigrationLane[] = [
  { name: 'PGlite', missing: undefined, start: startPGlite },
  { name: 'PostgreSQL', missing: bin === undefined ? 'PostgreSQL is not installed' : undefined, start: startServer },
]

async function startPGlite(): Promise<MigrationDatabase> {
  const instance = await PGlite.create()
  const database = await openDatabase({ drivers: [pglite({ instance })], url: 'pglite:memory?role=postgres' })
  return {
    database,
    migrateWithDrizzle: (migrationsFolder) => migratePGlite(drizzlePGlite({ client: instance }), { migrationsFolder }),
    async [Symbol.asyncDispose]() {
      await database[Symbol.asyncDispose]()
      await instance.close()
    },
  }
}

async function startServer(): Promise<MigrationDatabase> {
  const cluster = await startPostgres(bin ?? '')
  const database = await openDatabase({ drivers: [postgres()], url: cluster.superuserUrl })
  return {
    database,
    async migrateWithDrizzle(migrationsFolder) {
      const client = new Client({ connectionString: cluster.superuserUrl })
      await client.connect()
      try {
        await migratePg(drizzlePg({ client }), { migrationsFolder })
      } finally {
        await client.end()
      }
    },
    async [Symbol.asyncDispose]() {
      await database[Symbol.asyncDispose]()
      await cluster.stop()
    },
  }
}
