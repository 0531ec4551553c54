import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as pg from 'drizzle-orm/pg-core'

/** Whether Drizzle is 1.x, as it is in the project of tests `drizzle 1`. */
export const isDrizzle1 = 'PgAsyncDatabase' in pg

/** How drizzle-kit of the same version calls a migration, of which this is the number. */
export function migrationName(number: number, about: string): string {
  return isDrizzle1 ? `2026112812000${number}_${about}` : `000${number}_${about}`
}

/** Writes SQL files as drizzle-kit of the same version does, in place of what was there. */
export function writeMigrations(folder: string, files: Readonly<Record<string, string>>): void {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(join(folder, 'meta'), { recursive: true })
  if (!isDrizzle1) writeFileSync(join(folder, 'meta/_journal.json'), JSON.stringify(journalOf(Object.keys(files))))
  for (const [name, text] of Object.entries(files)) {
    if (isDrizzle1) mkdirSync(join(folder, name))
    writeFileSync(join(folder, isDrizzle1 ? join(name, 'migration.sql') : `${name}.sql`), text)
  }
}

/** The journal of 0.x; its times are a second apart. */
export function journalOf(tags: readonly string[]) {
  const entries = tags.map((tag, idx) => ({
    idx,
    version: '7',
    when: Date.UTC(2026, 10, 28, 12, 0, Number(tag.slice(0, 4))) + 123,
    tag,
    breakpoints: true,
  }))
  return { version: '7', dialect: 'postgresql', entries }
}
