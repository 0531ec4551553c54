import { loadModule } from '../load-module.ts'
import { UsageError } from '../../core/errors.ts'
import type { SqlMigration } from '../../sql/migration/migration.ts'
import { readDrizzleFolder } from './drizzle-folder.ts'

/** The migrations of a folder of drizzle-kit, or those that a module exports as `migrations` or as its default. */
export async function migrationsOf(source: {
  readonly folder: string | undefined
  readonly module: string | undefined
}): Promise<readonly SqlMigration[]> {
  if (source.module === undefined) return readDrizzleFolder(source.folder ?? 'drizzle')
  const exported = await loadModule(source.module)
  const migrations = exported['migrations'] ?? exported['default']
  if (Array.isArray(migrations) && migrations.every(isMigration)) return migrations
  throw new UsageError(`${source.module} must export migrations, a list of { name, sql }`)
}

function isMigration(value: unknown): value is SqlMigration {
  const { name, sql } = Object(value) as Record<string, unknown>
  return typeof name === 'string' && (typeof sql === 'string' || Array.isArray(sql))
}
