import { describe, expect, it } from 'vitest'
import { migrationFixture } from '../../../test/support/migration-fixture.ts'
import { migrationLanes } from '../../../test/support/migration-lanes.ts'
import type { DatabaseProvider } from '../database.ts'
import type { SqlMigration } from './migration.ts'
import { createMigrator } from './migrator.ts'

const column = (name: string) => ({
  sql: `alter table products add ${name} int`,
  down: `alter table products drop ${name}`,
})
const first = { name: '0001_products', sql: 'create table products (id int)', down: 'drop table products' }
const second = { name: '0002_a', ...column('a') }
const third = { name: '0003_b', ...column('b') }
const outside = { name: '0003_index', transaction: false, sql: 'create index concurrently by_id on products (id)' }
const moved = /cannot be applied: another runner has changed the history/

describe.each(migrationLanes)('two runners over $name', (lane) => {
  const { database, run, migrator, states } = migrationFixture(lane)
  /** Does something when a runner has read the history, and is about to write. */
  const afterLoading = (migrations: readonly SqlMigration[], meanwhile: () => Promise<unknown>) => {
    const session: DatabaseProvider['session'] = (...args) => {
      const own = database().session(...args)
      let batches = 0
      let isEarly = true
      return new Proxy(own, {
        get(target, name) {
          const value: unknown = Reflect.get(target, name, target)
          if (typeof value !== 'function') return value
          return async (...given: unknown[]) => {
            if (isEarly && ((name === 'batch' && batches++ === 1) || name === 'transaction')) {
              isEarly = false
              await meanwhile()
            }
            return (value as (...all: unknown[]) => unknown).apply(target, given)
          }
        },
      })
    }
    return createMigrator({ database: { session, interactiveTransactions: true }, migrations })
  }

  it.each([third, outside])('leave no gap when one undoes what the other builds on: $name', async (last) => {
    await migrator(first, second).apply()
    const late = afterLoading([first, second, last], () => migrator(first, second).down())
    await expect(late.apply()).rejects.toThrow(moved)
    expect(await states(first, second, last)).toEqual([
      '0001_products applied',
      '0002_a pending',
      `${last.name} pending`,
    ])
    expect(await migrator(first, second, last).apply()).toEqual(['0002_a', last.name])
  })

  it('leave no gap when one marks what the other undoes', async () => {
    await migrator(first, second).apply()
    const late = afterLoading([first, second, third], () => migrator(first, second).down())
    await expect(late.baseline('0003_b')).rejects.toThrow(/cannot be marked: another runner has changed the history/)
    expect(await states(first, second, third)).toEqual(['0001_products applied', '0002_a pending', '0003_b pending'])
  })

  it('apply each migration once', async () => {
    const all = [first, second, third]
    const late = afterLoading(all, () => migrator(...all).apply())
    expect(await late.apply()).toEqual([])
    expect(await states(...all)).toEqual(['0001_products applied', '0002_a applied', '0003_b applied'])
  })

  it('say so when the record of a migration outside a transaction is gone at its end', async () => {
    const index = { ...outside, sql: 'select 1; select pg_sleep(0)', down: 'select 1' }
    await migrator(first).apply()
    const remove = () => run(`delete from lexigram_migrations where name = '0003_index'`)
    const session: DatabaseProvider['session'] = (...args) => {
      const own = database().session(...args)
      return new Proxy(own, {
        get(target, name) {
          const value: unknown = Reflect.get(target, name, target)
          if (typeof value !== 'function') return value
          return async (...given: unknown[]) => {
            const result: unknown = await (value as (...all: unknown[]) => unknown).apply(target, given)
            if (name === 'execute') await remove()
            return result
          }
        },
      })
    }
    const late = createMigrator({ database: { session }, migrations: [first, index] })
    await expect(late.apply()).rejects.toThrow(
      /0003_index cannot run: the record cannot be written: another runner has changed the history; .*done: 1/,
    )
  })

  it('do not take an invalid index for one that is done', async () => {
    const index = {
      name: '0002_unique',
      transaction: false,
      sql: 'create unique index concurrently if not exists "By_id" on products (id)',
    }
    await migrator(first).apply()
    await run('insert into products values (1), (1)')
    await expect(migrator(first, index).apply()).rejects.toMatchObject({ code: 'LEX_ERR_SQL_032' })
    await run('delete from products')
    // Such an index is what a runner leaves behind that was killed.
    await expect(migrator(first, index).apply({ resume: index.name })).rejects.toMatchObject({
      code: 'LEX_ERR_SQL_032',
      message: expect.stringContaining('the index must be valid: an interrupted runner has left it behind') as string,
      hint: 'Drop it with drop index concurrently "By_id", then go on with resume.',
    })
    expect(await states(first, index)).toEqual(['0001_products applied', '0002_unique unfinished'])
    await using session = database().session()
    await session.execute('drop index concurrently "By_id"')
    expect(await migrator(first, index).apply({ resume: index.name })).toEqual(['0002_unique'])
  })
})
