import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { migrationName, writeMigrations } from '../../../test/support/drizzle-layout.ts'
import { readDrizzleFolder } from './drizzle-folder.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lexigram-drizzle-'))
  mkdirSync(join(folder, 'meta'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('readDrizzleFolder', () => {
  const sql = 'create table products (id text);\n--> statement-breakpoint\ncreate index on products (id);'

  it('reads the folder that drizzle-orm reads', () => {
    const name = migrationName(0, 'products')
    writeMigrations(folder, { [name]: sql })
    const [theirs] = readMigrationFiles({ migrationsFolder: folder })
    expect(theirs?.sql).toEqual(sql.split(/-->.*breakpoint/))
    expect(readDrizzleFolder(folder)).toEqual([{ name, sql, generatedAt: theirs?.folderMillis }])
  })

  it('reads the folders of drizzle-kit 1.x with what undoes them', () => {
    for (const name of ['20261128120001_b', '20261128120000_a']) {
      mkdirSync(join(folder, name))
      writeFileSync(join(folder, name, 'migration.sql'), sql)
      writeFileSync(join(folder, name, 'snapshot.json'), '{}')
    }
    writeFileSync(join(folder, '20261128120000_a', 'down.sql'), 'drop table products')
    const at = Date.UTC(2026, 10, 28, 12)
    expect(readDrizzleFolder(folder)).toEqual([
      { name: '20261128120000_a', sql, generatedAt: at, down: 'drop table products' },
      { name: '20261128120001_b', sql, generatedAt: at + 1000 },
    ])
  })

  it('names the journal that cannot be read', () => {
    expect(() => readDrizzleFolder(folder)).toThrow(/_journal\.json cannot be read \(ENOENT\)/)
    writeFileSync(join(folder, 'meta/_journal.json'), '{ "entries": [')
    expect(() => readDrizzleFolder(folder)).toThrow(/the journal must be the content of/)
  })
})
