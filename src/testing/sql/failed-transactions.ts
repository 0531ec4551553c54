import { sql } from 'drizzle-orm'
import { isLexigramError } from '../../core/errors.ts'
import { err } from '../../core/result/result.ts'
import { assertFails } from '../assert.ts'
import { assertEqual, conformanceCase, type SqlConformanceCase } from './conformance-case.ts'
import { orders } from './schema.ts'

const order = (id: number) => ({ id, customer: 'a', total: 0 })
const caught = (): undefined => undefined

/** A transaction that could not be kept says so, whatever its callback returns. Not for drivers without transactions. */
export const failedTransactionCases: readonly SqlConformanceCase[] = [
  conformanceCase('a transaction whose callback caught the error of a statement rejects', async ({ session }) => {
    const kept = session.transaction(async (tx) => {
      await tx.db.insert(orders).values(order(1))
      await tx.db.insert(orders).values(order(1)).catch(caught)
      return 'ok'
    })
    const error = await assertFails(kept, 'LEX_ERR_SQL_013', 'the transaction')
    // A cause of this package has a code.
    assertEqual((error.cause as { code?: unknown } | undefined)?.code, 'LEX_ERR_DB_005', 'the cause')
    assertEqual(await session.db.$count(orders), 0, 'orders')
  }),
  conformanceCase('a transaction that did not wait for a statement rejects when that fails', async ({ session }) => {
    let failing: Promise<unknown> = Promise.resolve()
    const kept = session.transaction(async (tx) => {
      await tx.db.insert(orders).values(order(1))
      failing = tx.execute(sql`insert into conformance_orders values (1, 'a', 0)`).catch(caught)
      return 'ok'
    })
    await assertFails(kept, 'LEX_ERR_SQL_013', 'the transaction')
    await failing
    assertEqual(await session.db.$count(orders), 0, 'orders')
  }),
  conformanceCase('a transaction waits for the statements that it did not wait for', async ({ session }) => {
    const late: Promise<unknown>[] = []
    await session.transaction(async (tx) => {
      late.push(tx.batch([tx.db.insert(orders).values(order(1)), tx.db.insert(orders).values(order(2))]))
      late.push(tx.execute(sql`insert into conformance_orders values (3, 'a', 0)`))
      return 'ok'
    })
    await Promise.all(late)
    assertEqual(await session.db.$count(orders), 3, 'orders')
  }),
  conformanceCase('a statement after a failed one is refused', async ({ session }) => {
    await session.transaction(async (tx) => {
      await assertFails(tx.execute(sql`select 1 / 0`), 'LEX_ERR_SQL_026', 'the first')
      await assertFails(tx.execute(sql`select 1`), 'LEX_ERR_SQL_013', 'the second')
      await assertFails(
        tx.transaction((nested) => nested.execute(sql`select 1`)),
        'LEX_ERR_SQL_013',
        'a nested transaction',
      )
      return err('undo')
    })
  }),
  conformanceCase(
    'what was asked for behind a statement that failed is refused, with the cause',
    async ({ session }) => {
      const kept = session.transaction(async (tx) => {
        const add = (id: number) => tx.execute(sql`insert into conformance_orders values (${id}::int, 'a', 0)`)
        const [first, second, third] = [add(1), add(1), add(2)] as const
        await Promise.allSettled([first, second, third])
        await first
        await assertFails(second, 'LEX_ERR_DB_005', 'the second')
        const { cause } = await assertFails(third, 'LEX_ERR_SQL_013', 'the third')
        assertEqual(isLexigramError(cause) && cause.code, 'LEX_ERR_DB_005', 'the cause')
      })
      await assertFails(kept, 'LEX_ERR_SQL_013', 'the transaction')
      assertEqual(await session.db.$count(orders), 0, 'orders')
    },
  ),
  conformanceCase('a returned Err stays one after a statement has failed', async ({ session }) => {
    const refused = await session.transaction(async (tx) => {
      await tx.execute(sql`select 1 / 0`).catch(caught)
      return err('no')
    })
    assertEqual(refused, { ok: false, error: 'no' }, 'the returned Err')
  }),
  conformanceCase('a nested transaction that cannot be kept rejects, and its parent goes on', async ({ session }) => {
    await session.transaction(async (tx) => {
      await tx.db.insert(orders).values(order(1))
      const nested = tx.transaction(async (part) => {
        await part.db.insert(orders).values(order(2))
        await part.db.insert(orders).values(order(1)).catch(caught)
        return 'ok'
      })
      await assertFails(nested, 'LEX_ERR_SQL_013', 'the nested transaction')
      await tx.transaction(async (part) => {
        const deepest = part.transaction((deep) => deep.execute(sql`select 1 / 0`))
        await assertFails(deepest, 'LEX_ERR_SQL_026', 'the deepest')
        await part.db.insert(orders).values(order(3))
      })
      await tx.db.insert(orders).values(order(4))
    })
    const ids = (await session.db.select({ id: orders.id }).from(orders).orderBy(orders.id)).map((row) => row.id)
    assertEqual(ids, [1, 3, 4], 'kept orders')
  }),
  conformanceCase('a constraint that is checked at the end refuses the commit', async ({ session }) => {
    await session.batch([
      sql`drop table if exists conformance_deferred`,
      sql`create table conformance_deferred (order_id int references conformance_orders deferrable initially deferred)`,
    ])
    const kept = session.transaction(async (tx) => {
      await tx.execute(sql`insert into conformance_deferred values (404)`)
      return 'ok'
    })
    await assertFails(kept, 'LEX_ERR_SQL_010', 'the transaction')
    const batch = session.batch([sql`insert into conformance_deferred values (404)`, sql`select 1`])
    await assertFails(batch, 'LEX_ERR_SQL_010', 'a batch')
    await assertFails(
      session.execute(sql`insert into conformance_deferred values (404)`),
      'LEX_ERR_SQL_010',
      'a statement alone',
    )
    const unit = session.atomic((writes) => writes.add(sql`insert into conformance_deferred values (404)`))
    await assertFails(unit, 'LEX_ERR_SQL_010', 'a unit of work with one write')
    const found = await session.execute(sql`select * from conformance_deferred`)
    await session.execute(sql`drop table conformance_deferred`)
    assertEqual([...found], [], 'rows')
  }),
  conformanceCase('a transaction whose nested one is still open is rolled back', async ({ session }) => {
    let release = (): void => {}
    const waiting = new Promise<void>((resolve) => {
      release = resolve
    })
    let refusal: Promise<unknown> = Promise.resolve()
    const kept = session.transaction(async (tx) => {
      await tx.db.insert(orders).values(order(1))
      const nested = tx.transaction(async (part) => {
        await part.db.insert(orders).values(order(2))
        await waiting
        await part.db.insert(orders).values(order(3))
      })
      refusal = assertFails(nested, 'LEX_ERR_SQL_013', 'the nested transaction')
      return 'ok'
    })
    await assertFails(kept, 'LEX_ERR_USE_001', 'the transaction')
    release()
    await refusal
    assertEqual(await session.db.$count(orders), 0, 'orders')
  }),
  conformanceCase('a session that ends while a callback is open rejects its transaction', async ({ database }) => {
    const session = database.session()
    let begin = (): void => {}
    const begun = new Promise<void>((resolve) => {
      begin = resolve
    })
    let release = (): void => {}
    const waiting = new Promise<void>((resolve) => {
      release = resolve
    })
    const kept = session.transaction(async (tx) => {
      await tx.db.insert(orders).values(order(1))
      begin()
      await waiting
      return 'ok'
    })
    const outcome = assertFails(kept, 'LEX_ERR_USE_001', 'the transaction')
    await begun
    await session[Symbol.asyncDispose]()
    release()
    await outcome
    await using next = database.session()
    assertEqual(await next.db.$count(orders), 0, 'orders')
  }),
  conformanceCase('a transaction is rolled back when its signal fires', async ({ database, session }) => {
    const stop = new AbortController()
    await using own = database.session({ signal: stop.signal })
    const kept = own.transaction(async (tx) => {
      await tx.db.insert(orders).values(order(1))
      stop.abort()
      return 'ok'
    })
    await assertFails(kept, 'LEX_ERR_INFRA_002', 'the transaction')
    assertEqual(await session.db.$count(orders), 0, 'orders')
  }),
]
