import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { neonLane } from '../../../test/support/neon-backends.ts'
import { openDatabase, type DatabaseProvider } from '../database.ts'
import { neon } from '../drivers/neon/driver.ts'
import { pglite } from '../drivers/pglite/driver.ts'
import type { SqlMigration } from './migration.ts'
import { createMigrator } from './migrator.ts'

const first = {
  name: '0001_products',
  sql: 'create table products (id int primary key);\ninsert into products values (1)',
}
const second = { name: '0002_names', sql: ['alter table products add name text', 'create index on products (name)'] }

const start = 60_000

describe.each(['an embedded database', 'PGlite', 'PostgreSQL'] as const)('migrations over %s', (backend) => {
  const lane = backend === 'an embedded database' ? undefined : neonLane(backend)
  let database: DatabaseProvider

  beforeAll(async () => {
    if (lane?.missing !== undefined) return
    const url = (await lane?.start())?.url ?? 'pglite:memory'
    database = await openDatabase({ drivers: [neon(), pglite()], url })
  }, start)
  afterAll(async () => {
    await database?.[Symbol.asyncDispose]()
    await lane?.stop()
  }, start)
  beforeEach(async (context) => {
    context.skip(lane?.missing !== undefined, lane?.missing)
    await run('drop table if exists products, lexigram_migrations', 'drop schema if exists audit cascade')
  })
  const run = async (...statements: string[]) => {
    await using session = database.session()
    return await session.batch(statements.map((statement) => sql.raw(statement)))
  }
  const migrator = (...migrations: SqlMigration[]) => createMigrator({ database, migrations })
  const products = async () => [...((await run('select * from products'))[0] ?? [])]

  it('are applied once in order', async () => {
    expect(await migrator(first, second).pending()).toEqual(['0001_products', '0002_names'])
    expect(await migrator(first).apply()).toEqual(['0001_products'])
    expect(await migrator(first, second).apply()).toEqual(['0002_names'])
    expect(await migrator(first, second).apply()).toEqual([])
    expect(await migrator(first, second).status()).toEqual([
      { name: '0001_products', state: 'applied', appliedAt: expect.stringMatching(/^\d{4}-.*Z$/) },
      { name: '0002_names', state: 'applied', appliedAt: expect.any(String) },
    ])
    expect(await products()).toEqual([{ id: 1, name: null }])
  })

  it('leave nothing of one that fails after those before it', async () => {
    const broken = { name: '0002_broken', sql: 'alter table products add name text; insert into products values (1)' }
    const error = await migrator(first, broken)
      .apply()
      .catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({
      code: 'LEX_ERR_SQL_032',
      message: expect.stringContaining('0002_broken'),
      details: { migrations: ['0002_broken'], sqlState: '23505' },
    })
    expect(await products()).toEqual([{ id: 1 }])
    expect(await migrator(first, second).status()).toMatchObject([{ state: 'applied' }, { state: 'pending' }])
    expect(await migrator(first, second).apply()).toEqual(['0002_names'])
  })

  it('name the file, the statement and what it is about when one fails', async () => {
    const sql = "alter table products\n  add secret text;\n\ninsert into products values (1, 'hidden')"
    await expect(migrator(first, { name: '0002_broken.sql', sql }).apply()).rejects.toMatchObject({
      code: 'LEX_ERR_SQL_032',
      message: expect.stringMatching(/^0002_broken\.sql, statement 2 at line 4 \(insert into products\) cannot run: /),
      details: { migrations: ['0002_broken.sql'], statement: 2, line: 4, object: 'products', sqlState: '23505' },
    })
  })

  it('name what is missing when a trial fails', async () => {
    const wrong = { name: '0002_wrong', sql: ['select 1', 'alter table nowhere add x int'] }
    await expect(migrator(first, wrong).dryRun()).rejects.toMatchObject({
      message: expect.stringContaining('0002_wrong, statement 2 (alter table nowhere)'),
      details: { migrations: ['0002_wrong'], object: 'nowhere' },
    })
  })

  it.each([
    'create table x (id int); commit; insert into x values (1)',
    'begin; create table x (id int); end',
    '-- first\nCOMMIT',
  ])('are refused when they commit by themselves: %s', async (sql) => {
    await expect(migrator({ name: '0001_commits', sql }).apply()).rejects.toMatchObject({
      code: 'LEX_ERR_USE_001',
      message: expect.stringContaining('migration 0001_commits cannot begin or end a transaction (statement '),
    })
  })

  it('are not applied twice by two runners at a time', async () => {
    const runs = await Promise.all([migrator(first, second).apply(), migrator(first, second).apply()])
    expect(runs.flat().toSorted()).toEqual(['0001_products', '0002_names'])
    expect(await products()).toEqual([{ id: 1, name: null }])
  })

  it('are tried out without a trace', async () => {
    expect(await migrator(first, second).dryRun()).toEqual(['0001_products', '0002_names'])
    expect(await migrator(first, second).pending()).toEqual(['0001_products', '0002_names'])
    await expect(products()).rejects.toMatchObject({ code: 'LEX_ERR_SQL_005' })
    const wrong = { name: '0003_wrong', sql: 'alter table nowhere add x int' }
    await expect(migrator(first, wrong).dryRun()).rejects.toMatchObject({ code: 'LEX_ERR_SQL_032' })
    expect(await migrator().dryRun()).toEqual([])
  })

  it('are refused when what was applied has changed', async () => {
    await migrator(first).apply()
    await expect(migrator({ ...first, sql: 'select 1' }).apply()).rejects.toThrow(/0001_products cannot be changed/)
  })

  it('are refused when one was put before what was applied', async () => {
    await migrator(second, first)
      .apply()
      .catch(() => undefined)
    await migrator(first).apply()
    await expect(migrator({ name: '0000_early', sql: 'select 1' }, first).apply()).rejects.toThrow(
      /migration 1 must be 0001_products, as in the database, not 0000_early/,
    )
  })

  it('leave a database alone that is ahead of the build', async () => {
    await migrator(first, second).apply()
    expect(await migrator(first).apply()).toEqual([])
    expect(await migrator(first).status()).toMatchObject([{ state: 'applied' }, { name: '0002_names', state: 'ahead' }])
  })

  it('can be recorded in a table of another schema', async () => {
    await run('create schema audit')
    const options = { database, migrations: [first], table: 'audit.migrations' }
    expect(await createMigrator(options).apply()).toEqual(['0001_products'])
    expect([...((await run('select name from audit.migrations'))[0] ?? [])]).toEqual([{ name: '0001_products' }])
  })

  it('explain a statement that cannot run inside a transaction', async () => {
    const concurrent = { name: '0002_index', sql: 'create index concurrently i on products (id)' }
    const error = await migrator(first, concurrent)
      .apply()
      .catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ hint: expect.stringContaining('CONCURRENTLY') })
  })

  it('are refused with an option or a part that does not exist', async () => {
    const typed = { ...first, transactional: false }
    await expect(migrator(typed).apply()).rejects.toThrow(/migration 1 cannot hold 'transactional'/)
    await expect(migrator({ ...first, sql: 5 as never }).status()).rejects.toThrow(/must be text, or an array of it/)
    await expect(migrator(first).apply({ resumed: 'x' } as never)).rejects.toThrow(/cannot hold 'resumed'/)
    const options = { database, migrations: [first], tables: 'x' }
    expect(() => createMigrator(options)).toThrow(/options of createMigrator cannot hold 'tables'/)
  })

  it.each([
    [[first, first], /two migrations cannot have the same name/],
    [[{ name: '', sql: 'select 1' }], /must have a name/],
    [[{ name: 'empty', sql: '-- nothing' }], /must have a statement/],
  ])('are refused when they cannot be told apart or hold nothing', async (migrations, message) => {
    await expect(migrator(...migrations).apply()).rejects.toThrow(message)
  })
})
