import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { migrationLanes, type MigrationDatabase } from '../../../test/support/migration-lanes.ts'
import { drizzleKitMigrations } from './drizzle-kit.ts'
import { createMigrator } from './migrator.ts'

const files = {
  '0000_products':
    'create table products (id int primary key);\n--> statement-breakpoint\ncreate index on products (id);',
  '0001_names': 'alter table products add name text;',
  '0002_stock': 'alter table products add stock int;',
}
const names = Object.keys(files)
const start = 60_000

function journalOf(tags: readonly string[]) {
  const entries = tags.map((tag, idx) => ({
    idx,
    version: '7',
    when: 1000 + names.indexOf(tag),
    tag,
    breakpoints: true,
  }))
  return { version: '7', dialect: 'postgresql', entries }
}

describe.each(migrationLanes)('what drizzle-orm applied, over $name', (lane) => {
  let db: MigrationDatabase
  let folder: string
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lexigram-adoption-'))
    mkdirSync(join(folder, 'meta'))
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
    return session.batch(statements.map((statement) => sql.raw(statement)))
  }
  const applyWithDrizzle = async (...tags: string[]) => {
    writeFileSync(join(folder, 'meta/_journal.json'), JSON.stringify(journalOf(tags)))
    for (const [tag, text] of Object.entries(files)) writeFileSync(join(folder, `${tag}.sql`), text)
    await db.migrateWithDrizzle(folder)
  }
  const migrator = (given: Partial<typeof files> = files) => {
    const migrations = drizzleKitMigrations(journalOf(Object.keys(given)), given)
    return createMigrator({ database: db.database, migrations })
  }

  it('counts as applied, and the rest is applied here', async () => {
    await applyWithDrizzle('0000_products', '0001_names')
    expect(await migrator().status()).toEqual([
      { name: '0000_products', state: 'adopted' },
      { name: '0001_names', state: 'adopted' },
      { name: '0002_stock', state: 'pending' },
    ])
    expect(await migrator().pending()).toEqual(['0002_stock'])
    expect(await migrator().dryRun()).toEqual(['0002_stock'])
    const seen: string[] = []
    const onProgress = ({ name, state }: { name: string; state: string }) => seen.push(`${name} ${state}`)
    expect(await migrator().apply({ onProgress })).toEqual(['0002_stock'])
    expect(seen).toEqual(['0000_products adopted', '0001_names adopted', '0002_stock begun', '0002_stock applied'])
    expect((await migrator().status()).map(({ state }) => state)).toEqual(['applied', 'applied', 'applied'])
    expect(await migrator().apply()).toEqual([])
  })

  it('is refused when a file has changed since, and can be marked', async () => {
    await applyWithDrizzle('0000_products', '0001_names')
    const changed = { ...files, '0001_names': 'alter table products add name varchar;' }
    await expect(migrator(changed).apply()).rejects.toMatchObject({
      code: 'LEX_ERR_SQL_032',
      message: expect.stringMatching(/0001_names cannot be adopted/),
      hint: expect.stringContaining("baseline('0001_names')"),
    })
    expect(await migrator(changed).baseline('0001_names')).toEqual(['0000_products', '0001_names'])
    expect(await migrator(changed).apply()).toEqual(['0002_stock'])
  })

  it('is refused when one is missing that comes before', async () => {
    await applyWithDrizzle('0000_products', '0002_stock')
    await expect(migrator().apply()).rejects.toMatchObject({
      code: 'LEX_ERR_SQL_032',
      message: expect.stringMatching(/0001_names cannot be applied: drizzle-orm has applied one/),
    })
    await run('alter table products add name text')
    expect(await migrator().baseline('0001_names')).toEqual(['0000_products', '0001_names'])
    expect(await migrator().apply()).toEqual([])
    expect((await migrator().status()).map(({ state }) => state)).toEqual(['applied', 'applied', 'applied'])
  })

  it('is undone in both histories', async () => {
    await applyWithDrizzle('0000_products', '0001_names')
    const migrations = drizzleKitMigrations(journalOf(names.slice(0, 2)), {
      '0000_products': files['0000_products'],
      '0001_names': files['0001_names'],
    }).map((migration) => ({ ...migration, down: 'alter table products drop name' }))
    const both = createMigrator({ database: db.database, migrations })
    expect(await both.down()).toBe('0001_names')
    expect((await both.status()).map(({ state }) => state)).toEqual(['applied', 'pending'])
    expect(await both.apply()).toEqual(['0001_names'])
  })

  it('is nothing without its table', async () => {
    expect(await migrator().apply()).toEqual(names)
  })
})

describe.each(migrationLanes)('a baseline over $name', (lane) => {
  let db: MigrationDatabase
  beforeAll(async () => {
    if (lane.missing === undefined) db = await lane.start()
  }, start)
  afterAll(() => db?.[Symbol.asyncDispose](), start)
  beforeEach((context) => context.skip(lane.missing !== undefined, lane.missing))

  it('marks without running, once, and refuses a name that is not there', async () => {
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
