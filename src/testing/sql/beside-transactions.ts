import { sql } from 'drizzle-orm'
import { err } from '../../core/result/result.ts'
import type { TransactionalDbSession } from '../../sql/session/session.ts'
import { assertFails } from '../assert.ts'
import { assertEqual, conformanceCase, type SqlConformanceCase } from './conformance-case.ts'
import type { Schema } from '../../sql/drizzle/version.ts'
import { orders } from './schema.ts'

const order = (id: number) => ({ id, customer: 'a', total: 0 })

type Session = TransactionalDbSession<Schema>

/** Each way to reach the database past the transaction that is open. */
const waysAround: readonly (readonly [string, (session: Session) => Promise<unknown>])[] = [
  ['execute', (session) => session.execute(sql`insert into conformance_orders values (9, 'a', 0)`)],
  ['a builder', async (session) => session.db.insert(orders).values(order(9))],
  ['a batch', (session) => session.batch([session.db.insert(orders).values(order(9))])],
  ['a unit of work', (session) => session.atomic((unit) => unit.add(session.db.insert(orders).values(order(9))))],
  ['a transaction', (session) => session.transaction((tx) => tx.db.insert(orders).values(order(9)))],
]

/** What goes past an open transaction is refused: it would not be undone with it. Not for drivers without transactions. */
export const besideTransactionCases: readonly SqlConformanceCase[] = [
  conformanceCase('a session refuses what goes past its open transaction', async ({ session }) => {
    const refused = await session.transaction(async (tx) => {
      await tx.db.insert(orders).values(order(1))
      for (const [way, run] of waysAround) {
        const error = await assertFails(run(session), 'LEX_ERR_USE_001', way)
        assertEqual(error.hint?.includes('inTransaction'), true, `the hint for ${way}`)
      }
      return err('undo')
    })
    assertEqual([refused.ok, await session.db.$count(orders)], [false, 0], 'after the transaction')
    await session.db.insert(orders).values(order(1))
  }),
  conformanceCase('sessions with other settings refuse it as well', async ({ session }) => {
    const scoped = session.withSettings({ 'app.role': 'writer' })
    await session.transaction(async (tx) => {
      await tx.db.insert(orders).values(order(1))
      for (const [way, run] of waysAround) {
        await assertFails(run(scoped), 'LEX_ERR_USE_001', way)
        await assertFails(run(session.withSettings({ 'app.role': 'reader' })), 'LEX_ERR_USE_001', way)
      }
    })
    await scoped.transaction(async () => {
      await assertFails(session.execute(sql`select 1`), 'LEX_ERR_USE_001', 'the session beneath')
    })
    assertEqual(await session.db.$count(orders), 1, 'orders')
  }),
  conformanceCase('a session refuses it before the transaction has a statement', async ({ session }) => {
    await session.transaction(async () => {
      await assertFails(session.execute(sql`select 1`), 'LEX_ERR_USE_001', 'execute')
    })
  }),
  conformanceCase('a transaction refuses what goes past its nested one', async ({ session }) => {
    await session.transaction(async (tx) => {
      await tx.db.insert(orders).values(order(1))
      await tx.transaction(async (nested) => {
        await nested.db.insert(orders).values(order(2))
        for (const [way, run] of waysAround) {
          await assertFails(run(tx), 'LEX_ERR_USE_001', `${way} of the parent`)
          await assertFails(run(session), 'LEX_ERR_USE_001', `${way} of the session`)
        }
        return err('undo')
      })
      await tx.db.insert(orders).values(order(3))
    })
    const ids = (await session.db.select({ id: orders.id }).from(orders).orderBy(orders.id)).map((row) => row.id)
    assertEqual(ids, [1, 3], 'kept orders')
  }),
  conformanceCase(
    'a statement that was asked for before a nested transaction is not undone with it',
    async ({ session }) => {
      await session.transaction(async (tx) => {
        const before = tx.batch([tx.db.insert(orders).values(order(1)), tx.db.insert(orders).values(order(2))])
        const undone = tx.transaction(async (nested) => {
          await nested.db.insert(orders).values(order(3))
          return err('undo')
        })
        await Promise.all([before, undone])
      })
      const ids = (await session.db.select({ id: orders.id }).from(orders).orderBy(orders.id)).map((row) => row.id)
      assertEqual(ids, [1, 2], 'kept orders')
    },
  ),
  conformanceCase('another session is not concerned', async ({ database, session }) => {
    await using other = database.session()
    await session.transaction(async () => {
      await other.db.insert(orders).values(order(1))
    })
    assertEqual(await session.db.$count(orders), 1, 'orders')
  }),
]
