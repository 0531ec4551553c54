import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { UsageError } from '../../core/errors.ts'
import { drizzleKitMigrations } from '../../sql/migration/drizzle-kit.ts'
import type { SqlMigration } from '../../sql/migration/migration.ts'

/**
 * Reads the folder that `drizzle-kit generate` wrote, with a journal, or with a folder for each migration (1.x).
 *
 * @throws UsageError when the folder or its journal cannot be read, and for what {@link drizzleKitMigrations} refuses
 */
export function readDrizzleFolder(folder: string): readonly SqlMigration[] {
  const journal = join(folder, 'meta', '_journal.json')
  const folders = existsSync(journal) ? [] : foldersIn(folder)
  if (folders.length === 0) return drizzleKitMigrations(parse(read(journal)), textsOf(folder, sqlFilesIn(folder)))
  return drizzleKitMigrations(
    textsOf(
      folder,
      folders.flatMap((name) => filesOf(folder, name)),
    ),
  )
}

/** Those with a migration in them. */
function foldersIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder).filter((name) => existsSync(join(folder, name, 'migration.sql')))
}

function filesOf(folder: string, name: string): readonly string[] {
  return ['migration.sql', 'down.sql'].map((file) => join(name, file)).filter((path) => existsSync(join(folder, path)))
}

function sqlFilesIn(folder: string): readonly string[] {
  return readdirSync(folder).filter((name) => name.endsWith('.sql'))
}

function textsOf(folder: string, paths: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(paths.map((path) => [path, read(join(folder, path))]))
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    // What `readFileSync` throws has a code.
    throw new UsageError(`${path} cannot be read (${(cause as NodeJS.ErrnoException).code})`, {
      hint: 'Name the folder that drizzle-kit generate writes: --folder drizzle.',
      cause,
    })
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // Refused as a journal of another form.
  }
}
