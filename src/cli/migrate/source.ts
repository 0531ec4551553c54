import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { UsageError } from '../../core/errors.ts'
import type { SqlMigration } from '../../sql/migration/migration.ts'
import { readDrizzleFolder } from './drizzle-folder.ts'

/** The migrations of a folder of drizzle-kit, or those that a module exports as `migrations` or as its default. */
export async function migrationsOf(source: {
  readonly folder: string | undefined
  readonly module: string | undefined
}): Promise<readonly SqlMigration[]> {
  if (source.module === undefined) return readDrizzleFolder(source.folder ?? 'drizzle')
  const exported = await load(source.module)
  const migrations = exported['migrations'] ?? exported['default']
  if (Array.isArray(migrations) && migrations.every(isMigration)) return migrations
  throw new UsageError(`${source.module} must export migrations, a list of { name, sql }`)
}

async function load(path: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return (await import(pathToFileURL(resolve(path)).href)) as Readonly<Record<string, unknown>>
  } catch (cause) {
    throw new UsageError(`the module ${path} cannot be loaded: ${(cause as Error).message}`, {
      hint: 'Name a file that this Node can import; TypeScript needs Node 22.18 or newer.',
      cause,
    })
  }
}

function isMigration(value: unknown): value is SqlMigration {
  const { name, sql } = Object(value) as Record<string, unknown>
  return typeof name === 'string' && (typeof sql === 'string' || Array.isArray(sql))
}
