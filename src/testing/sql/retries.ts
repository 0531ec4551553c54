import { sql } from 'drizzle-orm'
import { assertFails, untyped } from '../assert.ts'
import { assertEqual, conformanceCase, type SqlConformanceCase } from './conformance-case.ts'
import { orders } from './schema.ts'

const sequence = [sql`drop sequence if exists conformance_attempts`, sql`create sequence conformance_attempts`] as const

/** What it counts, no rollback undoes: it fails until it was run that often. */
const failUntil = (attempt: number, state: string) =>
  sql.raw(
    `do $$ begin if nextval('conformance_attempts') < ${attempt} then raise exception using errcode = '${state}'; end if; end $$`,
  )
const order = { id: 1, customer: 'a', total: 1 }

/** Transactions that met a concurrent one, and are run again where that was asked for. */
export const retryCases: readonly SqlConformanceCase[] = [
  conformanceCase('a transaction is run again only as often as was asked for', async ({ session }) => {
    await session.batch(sequence)
    for (const [state, code] of [
      ['40001', 'LEX_ERR_SQL_014'],
      ['40P01', 'LEX_ERR_SQL_015'],
    ] as const) {
      await session.execute('alter sequence conformance_attempts restart')
      await session.db.delete(orders)
      let runs = 0
      const attempt = (options?: { readonly retry: number }): Promise<unknown> =>
        session.transaction(async (tx) => {
          runs++
          await tx.db.insert(orders).values(order)
          await tx.execute(failUntil(4, state))
        }, options)
      await assertFails(attempt(), code, 'without retry')
      assertEqual(runs, 1, 'runs without retry')
      await assertFails(attempt({ retry: 1 }), code, 'with one retry')
      assertEqual(runs, 3, 'runs after one retry')
      await attempt({ retry: 3 })
      assertEqual([runs, await session.db.$count(orders)], [4, 1], 'runs, and rows')
    }
  }),
  conformanceCase('a batch and a unit of work are run again, too', async ({ session }) => {
    await session.batch(sequence)
    await session.batch([session.db.insert(orders).values(order), failUntil(3, '40001')], { retry: 2 })
    await session.execute('alter sequence conformance_attempts restart')
    await session.atomic(
      (unit) => {
        unit.add(session.db.insert(orders).values({ ...order, id: 2 }))
        unit.add(failUntil(3, '40P01'))
      },
      { retry: 2 },
    )
    assertEqual(await session.db.$count(orders), 2, 'rows')
  }),
  conformanceCase('another failure is not run again, nor is a part of a transaction', async ({ session }) => {
    let runs = 0
    const duplicate = session.transaction(
      async (tx) => {
        runs++
        await tx.db.insert(orders).values([order, order])
      },
      { retry: 3 },
    )
    await assertFails(duplicate, 'LEX_ERR_DB_005', 'a duplicate key')
    assertEqual(runs, 1, 'runs')
    const nested = session.transaction((tx) => tx.transaction(() => Promise.resolve(), { retry: 1 }))
    await assertFails(nested, 'LEX_ERR_USE_001', 'a nested transaction')
    for (const retry of [-1, 1.5, 21, '3', Number.NaN]) {
      const wrong = session.transaction(() => Promise.resolve(), { retry: untyped(retry) })
      await assertFails(wrong, 'LEX_ERR_USE_001', `retry ${String(retry)}`)
    }
  }),
  conformanceCase('a session counts what it has asked for', async ({ database }) => {
    await using session = database.session()
    const none = { calls: 0, statements: 0, rows: 0, failed: 0, durationMs: 0, databases: {} }
    assertEqual(session.stats, none, 'at first')
    await session.execute('select 1 as one')
    await session.batch([sql`select 1`, sql`select 2`])
    await session.withSettings({ 'app.x': 'y' }).execute('select 1')
    await session.execute('selec').catch(() => undefined)
    const { durationMs: _, ...counts } = session.stats
    const expected = { calls: 4, statements: 6, rows: 5, failed: 1, databases: { [session.database]: 6 } }
    assertEqual(counts, expected, 'afterwards')
  }),
]
