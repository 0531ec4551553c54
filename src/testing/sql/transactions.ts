import { sql } from 'drizzle-orm'
import { err } from '../../core/result/result.ts'
import { assertFails } from '../assert.ts'
import { assertEqual, conformanceCase, type SqlConformanceCase } from './conformance-case.ts'
import { orders } from './schema.ts'

const order = (id: number) => ({ id, customer: 'a', total: 0 })

/** Interactive transactions. Not for drivers that declare none. */
export const transactionCases: readonly SqlConformanceCase[] = [
  conformanceCase('a transaction reads its own writes and keeps them', async ({ session }) => {
    const seen = await session.transaction(async (tx) => {
      await tx.db.insert(orders).values(order(1))
      return tx.db.$count(orders)
    })
    assertEqual([seen, await session.db.$count(orders)], [1, 1], 'inside and after')
  }),
  conformanceCase('an exception or a returned Err undoes a transaction', async ({ session }) => {
    const thrown: unknown = await session
      .transaction(async (tx) => {
        await tx.db.insert(orders).values(order(1))
        throw new RangeError('stop')
      })
      .catch((error: unknown) => error)
    assertEqual(thrown instanceof RangeError, true, 'the error that was thrown')
    const refused = await session.transaction(async (tx) => {
      await tx.db.insert(orders).values(order(2))
      return err('no')
    })
    assertEqual([refused, await session.db.$count(orders)], [{ ok: false, error: 'no' }, 0], 'after both')
  }),
  conformanceCase('a nested transaction is undone alone', async ({ session }) => {
    await session.transaction(async (tx) => {
      await tx.db.insert(orders).values(order(1))
      const inner = tx.transaction(async (nested) => {
        await nested.db.insert(orders).values(order(2))
        await nested.transaction((deepest) => deepest.execute(sql`insert into conformance_orders values (3, 'c', 0)`))
        await nested.db.insert(orders).values(order(1))
      })
      await assertFails(inner, 'LEX_ERR_DB_005', 'the inner one')
      await tx.transaction((nested) => nested.db.insert(orders).values(order(4)))
      await tx.transaction(() => Promise.resolve())
    })
    const ids = (await session.db.select({ id: orders.id }).from(orders).orderBy(orders.id)).map((row) => row.id)
    assertEqual(ids, [1, 4], 'kept orders')
  }),
  conformanceCase('a transaction runs with the isolation and access that it asks for', async ({ session }) => {
    const modes = sql`select current_setting('transaction_isolation') as level, current_setting('transaction_read_only') as ro`
    const options = { isolation: 'repeatable read', readOnly: true } as const
    const rows = await session.transaction((tx) => tx.execute(modes), options)
    assertEqual([...rows], [{ level: 'repeatable read', ro: 'on' }], 'modes')
    const write = session.transaction((tx) => tx.db.insert(orders).values(order(1)), { readOnly: true })
    await assertFails(write, 'LEX_ERR_SQL_005', 'a write in a read-only transaction')
    await session.db.insert(orders).values(order(1))
  }),
  conformanceCase('settings hold for the whole of a transaction', async ({ session }) => {
    const tenant = sql`select current_setting('app.tenant_id', true) as tenant`
    const scoped = session.withSettings({ 'app.tenant_id': 'acme' })
    const seen = await scoped.transaction(async (tx) => [...(await tx.execute(tenant)), ...(await tx.execute(tenant))])
    assertEqual(seen, [{ tenant: 'acme' }, { tenant: 'acme' }], 'both statements')
    const [after] = await session.execute<{ tenant: string | null }>(tenant)
    assertEqual((after?.tenant ?? '') === '', true, 'nothing left afterwards')
  }),
  conformanceCase('batches and units of work take part in the transaction around them', async ({ session }) => {
    await session
      .transaction(async (tx) => {
        await tx.batch([tx.db.insert(orders).values(order(1)), tx.db.insert(orders).values(order(2))])
        await tx.atomic((unit) => unit.add(tx.db.insert(orders).values(order(3))))
        assertEqual(await tx.db.$count(orders), 3, 'inside')
        return err('undo')
      })
      .then((result) => assertEqual(result.ok, false, 'the returned Err'))
    assertEqual(await session.db.$count(orders), 0, 'afterwards')
  }),
  conformanceCase('misuse of a transaction is refused', async ({ session }) => {
    let escaped = session
    await session.transaction(async (tx) => {
      escaped = tx
      await tx.execute(sql`select 1`)
      const modes = tx.batch([sql`select 1`], { readOnly: true })
      await assertFails(modes, 'LEX_ERR_USE_001', 'modes inside')
      const savepoint = tx.transaction(() => Promise.resolve(), { readOnly: true })
      await assertFails(savepoint, 'LEX_ERR_USE_001', 'modes of a savepoint')
      const first = tx.transaction((nested) => nested.execute(sql`select 1`))
      const second = tx.transaction((nested) => nested.execute(sql`select 1`))
      await assertFails(second, 'LEX_ERR_USE_001', 'two savepoints at once')
      await first
    })
    await assertFails(escaped.execute(sql`select 1`), 'LEX_ERR_SQL_013', 'a statement after the end')
  }),
  conformanceCase('transactions of one session follow one another', async ({ session }) => {
    const add = (id: number) => session.transaction((tx) => tx.db.insert(orders).values(order(id)))
    await add(1)
    await add(2)
    assertEqual(await session.db.$count(orders), 2, 'orders')
  }),
  conformanceCase('transactions of several sessions run side by side', async ({ database, session }) => {
    const add = async (id: number): Promise<void> => {
      await using own = database.session()
      await own.transaction((tx) => tx.db.insert(orders).values(order(id)))
    }
    await Promise.all([add(1), add(2), add(3)])
    assertEqual(await session.db.$count(orders), 3, 'orders')
  }),
]
