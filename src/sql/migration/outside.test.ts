import { describe, expect, it } from 'vitest'
import { migrationFixture } from '../../../test/support/migration-fixture.ts'
import { migrationLanes } from '../../../test/support/migration-lanes.ts'

const first = { name: '0001_products', sql: 'create table products (id int, name text)' }
const indexes = {
  name: '0002_indexes',
  transaction: false,
  sql: 'create index concurrently by_name on products (name);\ncreate unique index concurrently by_id on products (id);',
  down: 'drop index concurrently if exists by_id;\ndrop index concurrently if exists by_name',
}
const third = {
  name: '0003_stock',
  sql: 'alter table products add stock int',
  down: ['alter table products drop stock'],
}

describe.each(migrationLanes)('migrations outside a transaction, over $name', (lane) => {
  const { run, migrator, states } = migrationFixture(lane)
  const validIndexes = async () => {
    const [rows] = await run(`select c.relname as name from pg_index i join pg_class c on c.oid = i.indexrelid
      where i.indisvalid and i.indrelid = 'products'::regclass order by 1`)
    return [...(rows ?? [])].map((row) => row['name'])
  }

  it('are undone after they ran what a transaction refuses', async () => {
    expect(await migrator(first, indexes, third).apply()).toEqual(['0001_products', '0002_indexes', '0003_stock'])
    expect(await validIndexes()).toEqual(['by_id', 'by_name'])
    expect(await migrator(first, indexes, third).down()).toBe('0003_stock')
    expect(await migrator(first, indexes, third).down()).toBe('0002_indexes')
    expect(await validIndexes()).toEqual([])
    await expect(migrator(first, indexes, third).down()).rejects.toThrow(
      /0001_products cannot be undone: it has no down/,
    )
    expect(await migrator(first, indexes, third).apply()).toEqual(['0002_indexes', '0003_stock'])
  })

  it('hold up what follows until they are resumed when they fail half-way', async () => {
    await migrator(first).apply()
    await run('insert into products values (1), (1)')
    const all = migrator(first, indexes, third)
    await expect(all.apply()).rejects.toMatchObject({
      code: 'LEX_ERR_SQL_032',
      message: expect.stringMatching(
        /^0002_indexes, statement 2 at line 2 \(create index by_id\) cannot run: .*; what ran before it stays \(statements done: 1\)/,
      ),
      details: { migrations: ['0002_indexes'], statement: 2, statementsDone: 1, sqlState: '23505' },
    })
    expect(await states(first, indexes, third)).toEqual([
      '0001_products applied',
      '0002_indexes unfinished',
      '0003_stock pending',
    ])
    for (const call of [() => all.apply(), () => all.pending(), () => all.dryRun()]) {
      await expect(call()).rejects.toMatchObject({
        message: expect.stringMatching(/0002_indexes must be finished first: .* 1 of its 2 statements/),
        details: { migrations: ['0002_indexes'], statementsDone: 1 },
      })
    }
    await run('delete from products')
    await run('drop index by_id')
    expect(await all.apply({ resume: '0002_indexes' })).toEqual(['0002_indexes', '0003_stock'])
    expect(await validIndexes()).toEqual(['by_id', 'by_name'])
    await expect(all.apply({ resume: '0002_indexes' })).rejects.toMatchObject({ code: 'LEX_ERR_USE_001' })
  })

  it('can be corrected only as long as nothing of them is done', async () => {
    const wrong = { ...indexes, sql: 'create index concurrently by_name on products (nothing); select 1' }
    await expect(migrator(first, wrong).apply()).rejects.toMatchObject({ details: { statement: 1, statementsDone: 0 } })
    expect(await migrator(first, indexes).apply({ resume: '0002_indexes' })).toEqual(['0002_indexes'])
    await expect(migrator(first, wrong).status()).rejects.toThrow(/cannot be changed after it was applied/)
  })

  it('are undone, or marked, where they stopped', async () => {
    await migrator(first).apply()
    await run('insert into products values (1), (1)')
    await expect(migrator(first, indexes).apply()).rejects.toThrow(/by_id/)
    expect(await migrator(first, indexes).down()).toBe('0002_indexes')
    expect(await validIndexes()).toEqual([])
    await expect(migrator(first, indexes).apply()).rejects.toThrow(/by_id/)
    expect(await migrator(first, indexes).baseline('0002_indexes')).toEqual(['0002_indexes'])
    expect(await states(first, indexes)).toEqual(['0001_products applied', '0002_indexes applied'])
  })

  it('stay recorded as unfinished when undoing them fails', async () => {
    const half = { ...indexes, down: ['drop index concurrently by_id', 'drop index concurrently nothing'] }
    await migrator(first, half).apply()
    await expect(migrator(first, half).down()).rejects.toThrow(
      /^0002_indexes, down, statement 2 \(drop index nothing\) cannot run: .*; what ran before it stays \(statements done: 1\)/,
    )
    expect(await states(first, half)).toEqual(['0001_products applied', '0002_indexes unfinished'])
  })

  it('are where a trial stops', async () => {
    expect(await migrator(first, indexes, third).dryRun()).toEqual(['0001_products'])
  })

  it('are never run twice by two runners', async () => {
    const runs = await Promise.allSettled([migrator(first, indexes).apply(), migrator(first, indexes).apply()])
    const applied = runs.flatMap((one) => (one.status === 'fulfilled' ? one.value : []))
    expect(applied.filter((name) => name === '0002_indexes')).toHaveLength(1)
    for (const one of runs) {
      if (one.status === 'rejected') expect(String(one.reason)).toMatch(/0002_indexes must be finished first/)
    }
    expect(await validIndexes()).toEqual(['by_id', 'by_name'])
  })

  it('are recorded in the history of an earlier version', async () => {
    await run(
      'create table lexigram_migrations (position int generated always as identity primary key, name text not null unique, checksum text not null, applied_at timestamptz not null default now())',
    )
    await migrator(first).apply()
    expect(await states(first, indexes)).toEqual(['0001_products applied', '0002_indexes pending'])
    const [columns] = await run(
      `select from pg_attribute where attrelid = 'lexigram_migrations'::regclass and attnum > 0`,
    )
    expect(columns).toHaveLength(4)
    expect(await migrator(first, indexes).apply()).toEqual(['0002_indexes'])
    expect(await migrator(first, indexes).status()).toMatchObject([{ state: 'applied' }, { state: 'applied' }])
  })
})
