import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { isDrizzle1, journalOf, migrationName, writeMigrations } from '../../../test/support/drizzle-layout.ts'
import { migrationLanes, type MigrationDatabase } from '../../../test/support/migration-lanes.ts'
import { drizzleKitMigrations } from './drizzle-kit.ts'
import { createMigrator } from './migrator.ts'

const products = migrationName(0, 'products')
const named = migrationName(1, 'names')
const stock = migrationName(2, 'stock')
const files: Readonly<Record<string, string>> = {
  [products]: 'create table products (id int primary key);\n--> statement-breakpoint\ncreate index on products (id);',
  [named]: 'alter table products add name text;',
  [stock]: 'alter table products add stock int;',
}
const names = Object.keys(files)
const start = 60_000

/** Of the layout that Drizzle at hand writes. */
function migrationsOf(given: Readonly<Record<string, string>>) {
  if (!isDrizzle1) return drizzleKitMigrations(journalOf(Object.keys(given)), given)
  return drizzleKitMigrations(inFolders(given))
}

function inFolders(given: Readonly<Record<string, string>>) {
  return Object.fromEntries(Object.entries(given).map(([name, text]) => [`./drizzle/${name}/migration.sql`, text]))
}

describe.each(migrationLanes)('what drizzle-orm applied, over $name', (lane) => {
  let db: MigrationDatabase
  let folder: string
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lexigram-adoption-'))
    if (lane.missing === undefined) db = await lane.start()
  }, start)
  afterAll(async () => {
    await db?.[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true, force: true })
  }, start)
  beforeEach(async (context) => {
    context.skip(lane.missing !== undefined, lane.missing)
    await run('drop table if exists products, lexigram_migrations', 'drop schema if exists drizzle cascade')
  })
  const run = async (...statements: string[]) => {
    await using session = db.database.session()
    return await session.batch(statements.map((statement) => sql.raw(statement)))
  }
  const applyWithDrizzle = async (...tags: string[]) => {
    writeMigrations(folder, Object.fromEntries(tags.map((tag) => [tag, files[tag] ?? ''])))
    await db.migrateWithDrizzle(folder)
  }
  const migrator = (given = files) => createMigrator({ database: db.database, migrations: migrationsOf(given) })

  it('counts as applied, before the rest', async () => {
    await applyWithDrizzle(products, named)
    expect(await migrator().status()).toEqual([
      { name: products, state: 'adopted' },
      { name: named, state: 'adopted' },
      { name: stock, state: 'pending' },
    ])
    expect(await migrator().pending()).toEqual([stock])
    expect(await migrator().dryRun()).toEqual([stock])
    const seen: string[] = []
    const onProgress = ({ name, state }: { name: string; state: string }) => seen.push(`${name} ${state}`)
    expect(await migrator().apply({ onProgress })).toEqual([stock])
    expect(seen).toEqual([`${products} adopted`, `${named} adopted`, `${stock} begun`, `${stock} applied`])
    expect((await migrator().status()).map(({ state }) => state)).toEqual(['applied', 'applied', 'applied'])
    expect(await migrator().apply()).toEqual([])
  })

  it('is refused until it is marked when a file has changed since', async () => {
    await applyWithDrizzle(products, named)
    const changed = { ...files, [named]: 'alter table products add name varchar;' }
    await expect(migrator(changed).apply()).rejects.toMatchObject({
      code: 'LEX_ERR_SQL_032',
      message: expect.stringContaining(`${named} cannot be adopted`),
      hint: expect.stringContaining(`baseline('${named}')`),
    })
    expect(await migrator(changed).baseline(named)).toEqual([products, named])
    expect(await migrator(changed).apply()).toEqual([stock])
  })

  it('is refused when one is missing that comes before', async () => {
    await applyWithDrizzle(products, stock)
    await expect(migrator().apply()).rejects.toMatchObject({
      code: 'LEX_ERR_SQL_032',
      message: expect.stringContaining(`${named} cannot be applied: drizzle-orm has applied one`),
    })
    await run('alter table products add name text')
    expect(await migrator().baseline(named)).toEqual([products, named])
    expect(await migrator().apply()).toEqual([])
    expect((await migrator().status()).map(({ state }) => state)).toEqual(['applied', 'applied', 'applied'])
  })

  it('is undone in both histories', async () => {
    await applyWithDrizzle(products, named)
    const migrations = migrationsOf({ [products]: files[products] ?? '', [named]: files[named] ?? '' }).map(
      (migration) => ({ ...migration, down: 'alter table products drop name' }),
    )
    const both = createMigrator({ database: db.database, migrations })
    expect(await both.down()).toBe(named)
    expect((await both.status()).map(({ state }) => state)).toEqual(['applied', 'pending'])
    expect(await both.apply()).toEqual([named])
  })

  it('is nothing without its table', async () => {
    expect(await migrator().apply()).toEqual(names)
  })

  it('counts as applied by the folders of 1.x, in the history of 0.x', async () => {
    const moved = ['20261128120000_products', '20261128120001_names', '20261128120002_stock']
    const texts = Object.fromEntries(moved.map((name, i) => [name, Object.values(files)[i] ?? '']))
    const hashes = await Promise.all(Object.values(texts).map(sha256))
    const at = journalOf(['0000', '0001']).entries.map(({ when }) => when)
    await run(
      'create schema drizzle',
      'create table drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint)',
      `insert into drizzle.__drizzle_migrations (hash, created_at) values ('${hashes[0]}', ${at[0]}), ('${hashes[1]}', ${at[1]})`,
      'create table products (id int primary key, name text)',
    )
    const migrations = drizzleKitMigrations(inFolders(texts))
    const folders = createMigrator({ database: db.database, migrations })
    expect((await folders.status()).map(({ state }) => state)).toEqual(['adopted', 'adopted', 'pending'])
    const down = migrations.slice(0, 2).map((migration) => ({ ...migration, down: 'alter table products drop name' }))
    expect(await createMigrator({ database: db.database, migrations: down }).down()).toBe(moved[1])
    expect(await folders.apply()).toEqual(moved.slice(1))
    const changed = { ...texts, [moved[0] ?? '']: 'select 1' }
    const other = createMigrator({
      database: db.database,
      migrations: drizzleKitMigrations(inFolders(changed)),
      table: 'other_migrations',
    })
    await expect(other.apply()).rejects.toThrow(/products cannot be adopted: its file was changed/)
  })

  it('keeps the names that were recorded here before drizzle-kit up moved the files', async () => {
    const texts = Object.values(files)
    const before = Object.fromEntries(['0000_products', '0001_names'].map((tag, i) => [tag, texts[i] ?? '']))
    const old = createMigrator({
      database: db.database,
      migrations: drizzleKitMigrations(journalOf(Object.keys(before)), before),
    })
    await old.apply()
    const moved = { '20261128120000_products': texts[0] ?? '', '20261128120001_names': texts[1] ?? '' }
    const after = { ...moved, '20261128120002_stock': texts[2] ?? '' }
    const now = createMigrator({ database: db.database, migrations: drizzleKitMigrations(inFolders(after)) })
    expect((await now.status()).map(({ name, state }) => `${name} ${state}`)).toEqual([
      '0000_products applied',
      '0001_names applied',
      '20261128120002_stock pending',
    ])
    expect(await now.apply()).toEqual(['20261128120002_stock'])
    expect(await now.apply()).toEqual([])
    const other = { ...after, '20261128120001_names': 'alter table products add name varchar' }
    const changed = createMigrator({ database: db.database, migrations: drizzleKitMigrations(inFolders(other)) })
    await expect(changed.status()).rejects.toThrow(/migration 2 must be 0001_names, as in the database/)
  })
})

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return Buffer.from(digest).toString('hex')
}

describe.each(migrationLanes)('a baseline over $name', (lane) => {
  let db: MigrationDatabase
  beforeAll(async () => {
    if (lane.missing === undefined) db = await lane.start()
  }, start)
  afterAll(() => db?.[Symbol.asyncDispose](), start)
  beforeEach((context) => context.skip(lane.missing !== undefined, lane.missing))

  it('marks once without running', async () => {
    const migrations = [
      { name: '0001_missing', sql: 'alter table nowhere add x int' },
      { name: '0002_also', sql: 'alter table nowhere add y int' },
      { name: '0003_real', sql: 'create table real_one (id int)' },
    ]
    const migrator = createMigrator({ database: db.database, migrations })
    await expect(migrator.baseline('0002')).rejects.toMatchObject({ code: 'LEX_ERR_USE_001' })
    expect(await migrator.baseline('0002_also')).toEqual(['0001_missing', '0002_also'])
    expect(await migrator.baseline('0002_also')).toEqual([])
    expect(await migrator.apply()).toEqual(['0003_real'])
  })
})
