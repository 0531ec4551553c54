import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { UsageError } from '../../core/errors.ts'
import { drizzleKitMigrations } from '../../sql/migration/drizzle-kit.ts'
import type { SqlMigration } from '../../sql/migration/migration.ts'

/**
 * Reads the folder that `drizzle-kit generate` wrote.
 *
 * @throws UsageError when the folder or its journal cannot be read, and for what {@link drizzleKitMigrations} refuses
 */
export function readDrizzleFolder(folder: string): readonly SqlMigration[] {
  const journal = parse(read(join(folder, 'meta', '_journal.json')))
  const names = readdirSync(folder).filter((name) => name.endsWith('.sql'))
  return drizzleKitMigrations(journal, Object.fromEntries(names.map((name) => [name, read(join(folder, name))])))
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
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
