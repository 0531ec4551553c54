import { describe, expect, it } from 'vitest'
import { drizzleKitMigrations } from './drizzle-kit.ts'

const journal = {
  version: '7',
  dialect: 'postgresql',
  entries: [
    { idx: 0, version: '7', when: 1_795_867_871_476, tag: '0000_products', breakpoints: true },
    { idx: 1, version: '7', when: 1_795_867_999_000, tag: '0001_names', breakpoints: true },
  ],
}
const first = 'create table products (id text);\n--> statement-breakpoint\ncreate index on products (id);'
const second = 'alter table products add name text;'

describe('drizzleKitMigrations', () => {
  it.each([
    [{ './drizzle/0001_names.sql': second, './drizzle/0000_products.sql': first }],
    [{ '0001_names': second, '0000_products': first }],
    [{ 'drizzle\\0000_products.sql': first, '0001_names.sql': second }],
  ])('takes the files by path, by name and by tag, in the order of the journal', (files) => {
    expect(drizzleKitMigrations(journal, files)).toEqual([
      { name: '0000_products', sql: first, generatedAt: 1_795_867_871_476 },
      { name: '0001_names', sql: second, generatedAt: 1_795_867_999_000 },
    ])
  })

  it('takes from the files what undoes a migration or runs outside a transaction', () => {
    const index = '-- by hand\r\n-- lexigram: no-transaction\r\ncreate index concurrently i on products (name);'
    const late = 'select 1;\n-- lexigram: no-transaction'
    const down = 'drop index i'
    const files = { '0000_products.sql': late, '0001_names.sql': index, '0001_names.down.sql': down }
    expect(drizzleKitMigrations(journal, files)).toEqual([
      { name: '0000_products', sql: late, generatedAt: expect.any(Number) },
      { name: '0001_names', sql: index, generatedAt: expect.any(Number), down, transaction: false },
    ])
  })

  it.each([
    [journal, { '0000_products': first, '0001_names': '-- lexigram: fast\nselect 1' }, /must be "-- lexigram: no-tr/],
    [journal, { '0000_products': first, '0001_names': second, '0002.down': 'x' }, /0002\.down\.sql must be listed/],
    [journal, { '0000_products': first }, /0001_names cannot be read: its file 0001_names\.sql is missing/],
    [{ ...journal, entries: [] }, { '0000_products': first }, /0000_products\.sql must be listed in the journal/],
    [{ ...journal, dialect: 'sqlite' }, {}, /dialect of the journal must be postgresql, not "sqlite"/],
    [undefined, {}, /journal must be the content of meta\/_journal\.json/],
    [{ ...journal, entries: [{ tag: '0000', when: 'today' }] }, {}, /journal must be/],
    [journal, { '0000_products': { default: first } as never }, /0000_products\.sql must be text/],
    [journal, { '0000_products': first, 'a/0000_products.sql': first }, /cannot be given twice/],
  ])('refuses what does not fit together', (read, files, message) => {
    expect(() => drizzleKitMigrations(read, files)).toThrow(message)
  })
})

describe('drizzleKitMigrations without a journal', () => {
  it('takes a folder for each migration, in the order of their names', () => {
    const files = {
      './drizzle/20261128120001_names/migration.sql': `-- lexigram: no-transaction\n${second}`,
      './drizzle/20261128120000_products/migration.sql': first,
      'drizzle\\20261128120001_names\\down.sql': 'alter table products drop name',
    }
    const at = Date.UTC(2026, 10, 28, 12)
    expect(drizzleKitMigrations(files)).toEqual([
      { name: '20261128120000_products', sql: first, generatedAt: at },
      {
        name: '20261128120001_names',
        sql: `-- lexigram: no-transaction\n${second}`,
        generatedAt: at + 1000,
        down: 'alter table products drop name',
        transaction: false,
      },
    ])
  })

  it.each<readonly [Record<string, unknown>, RegExp]>([
    [{ '0000_products.sql': first }, /0000_products\.sql must be migration\.sql or down\.sql in a folder/],
    [{ './drizzle/first/migration.sql': first }, /first\/migration\.sql must be migration\.sql or/],
    [{ '20261128120000_products/down.sql': 'x' }, /20261128120000_products cannot be read: its file migration\.sql/],
    [{ '20261128120000_a/migration.sql': { default: first } }, /a\/migration\.sql must be text/],
    [{ '20261128120000_a/migration.sql': first, 'b/20261128120000_a/migration.sql': first }, /cannot be given twice/],
  ])('refuses %j', (files, message) => {
    expect(() => drizzleKitMigrations(files as Record<string, string>)).toThrow(message)
  })

  it('refuses what is not a record of files', () => {
    expect(() => drizzleKitMigrations(undefined as never)).toThrow(/files of drizzle-kit must be an object/)
  })
})
