import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readDrizzleFolder } from './drizzle-folder.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lexigram-drizzle-'))
  mkdirSync(join(folder, 'meta'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('readDrizzleFolder', () => {
  it('reads the folder that drizzle-orm reads', () => {
    const entries = [{ idx: 0, version: '7', when: 7, tag: '0000_products', breakpoints: true }]
    writeFileSync(join(folder, 'meta/_journal.json'), JSON.stringify({ version: '7', dialect: 'postgresql', entries }))
    const sql = 'create table products (id text);\n--> statement-breakpoint\ncreate index on products (id);'
    writeFileSync(join(folder, '0000_products.sql'), sql)
    expect(readDrizzleFolder(folder)).toEqual([{ name: '0000_products', sql, generatedAt: 7 }])
    expect(readMigrationFiles({ migrationsFolder: folder })).toMatchObject([
      { sql: sql.split(/--> .*/), folderMillis: 7 },
    ])
  })

  it('names the journal that cannot be read', () => {
    expect(() => readDrizzleFolder(folder)).toThrow(/_journal\.json cannot be read \(ENOENT\)/)
    writeFileSync(join(folder, 'meta/_journal.json'), '{ "entries": [')
    expect(() => readDrizzleFolder(folder)).toThrow(/the journal must be the content of/)
  })
})
