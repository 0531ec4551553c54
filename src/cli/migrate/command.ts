import { UsageError } from '../../core/errors.ts'
import type { SqlMigration } from '../../sql/migration/migration.ts'
import { createMigrator } from '../../sql/migration/migrator.ts'
import type { CommandRun } from '../command-context.ts'
import { loadModule } from '../load-module.ts'
import { connect } from './connect.ts'
import { toMigrateLine, type MigrateRequest } from './options.ts'
import { readDrizzleFolder } from './drizzle-folder.ts'
import { tasks } from './tasks.ts'

/** `lexigram-edge migrate <task>`. Returns 0 when it is done, 3 when `status --check` finds something to apply. */
export async function runMigrate(request: MigrateRequest, { signal, env, report }: CommandRun): Promise<number> {
  const line = await toMigrateLine(request, env)
  const migrations = await migrationsOf(line)
  await using database = await connect(line)
  const migrator = createMigrator({
    database: {
      session: () => database.session({ signal }),
      interactiveTransactions: database.interactiveTransactions,
    },
    migrations,
    ...(line.table !== undefined && { table: line.table }),
    ...(line.drizzleTable !== undefined && { drizzleTable: line.drizzleTable }),
  })
  // Awaited here: the database closes when this function returns.
  return await tasks[line.task]({ migrator, line, report })
}

/** The migrations of a folder of drizzle-kit, or those that a module exports as `migrations` or as its default. */
async function migrationsOf(source: {
  readonly folder: string | undefined
  readonly module: string | undefined
}): Promise<readonly SqlMigration[]> {
  if (source.module === undefined) return readDrizzleFolder(source.folder ?? 'drizzle')
  const exported = await loadModule(source.module)
  const migrations = exported['migrations'] ?? exported['default']
  if (Array.isArray(migrations) && migrations.every(isMigration)) return migrations
  throw new UsageError(`${source.module} must export migrations, an array of { name, sql }`)
}

function isMigration(value: unknown): value is SqlMigration {
  const { name, sql }: Readonly<Record<string, unknown>> = Object(value)
  return typeof name === 'string' && (typeof sql === 'string' || Array.isArray(sql))
}
