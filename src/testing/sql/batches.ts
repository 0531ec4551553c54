import { eq, sql } from 'drizzle-orm'
import { err, ok } from '../../core/result/result.ts'
import { OptimisticLockError } from '../../core/errors.ts'
import { assertFails } from '../assert.ts'
import { assertEqual, conformanceCase, createTables, type SqlConformanceCase } from './conformance-case.ts'
import { conformanceSchema, orders } from './schema.ts'

const order = (id: number, total = 0) => ({ id, customer: 'a', total })

/** Batches, units of work, and settings: what goes out together. */
export const batchCases: readonly SqlConformanceCase[] = [
  conformanceCase('a batch returns a result for each item, in order', async ({ session }) => {
    const [inserted, found, count] = await session.batch([
      session.db.insert(orders).values(order(1)).returning({ id: orders.id }),
      session.db.select().from(orders),
      sql`select count(*)::int as n from conformance_orders`,
    ])
    assertEqual(inserted, [{ id: 1 }], 'insert')
    assertEqual(found, [{ ...order(1), version: 1 }], 'select')
    assertEqual([...count], [{ n: 1 }], 'expression')
    assertEqual([...(await session.batch([]))], [], 'an empty batch')
  }),
  conformanceCase('a batch that fails leaves nothing behind', async ({ session }) => {
    const writes = [order(1), order(2), order(1)].map((values) => session.db.insert(orders).values(values))
    await assertFails(session.batch(writes), 'LEX_ERR_DB_005', 'a duplicate in a batch')
    assertEqual(await session.db.$count(orders), 0, 'orders')
  }),
  conformanceCase('a batch runs with the isolation and access that it asks for', async ({ session }) => {
    const modes = sql`select current_setting('transaction_isolation') as level, current_setting('transaction_read_only') as ro`
    const [strict] = await session.batch([modes], { isolation: 'serializable', readOnly: true })
    assertEqual([...(strict ?? [])], [{ level: 'serializable', ro: 'on' }], 'serializable, read only')
    const [repeatable] = await session.batch([modes], { isolation: 'repeatable read', readOnly: false })
    assertEqual([...(repeatable ?? [])], [{ level: 'repeatable read', ro: 'off' }], 'repeatable read')
    const write = session.batch([session.db.insert(orders).values(order(1))], { readOnly: true })
    await assertFails(write, 'LEX_ERR_SQL_005', 'a write in a read-only batch')
  }),
  conformanceCase('a unit of work sends its writes together, and none before', async ({ session }) => {
    await using unit = session.unitOfWork()
    unit.add(session.db.insert(orders).values(order(1)))
    unit.add(sql`update conformance_orders set total = 3 where id = 1`)
    assertEqual([unit.pending, await session.db.$count(orders)], [2, 0], 'before the commit')
    await unit.commit()
    assertEqual([unit.pending, (await session.db.select().from(orders))[0]?.total], [0, 3], 'after the commit')
    await unit.commit()
    unit.add(session.db.delete(orders))
    unit.rollback()
    await unit.commit()
    assertEqual(await session.db.$count(orders), 1, 'after a rollback')
  }),
  conformanceCase('a write that affects another number of rows than expected undoes its unit', async ({ session }) => {
    await session.db.insert(orders).values([order(1), order(2)])
    const stale = (id: number) => session.db.update(orders).set({ total: 9 }).where(eq(orders.id, id))
    const attempt = session.atomic((unit) => {
      unit.add(stale(1), { expectRows: 1 })
      unit.add(stale(404), {
        expectRows: 1,
        otherwise: () => new OptimisticLockError('the row cannot be written: another client wrote it'),
      })
      unit.add(stale(2))
    })
    const error = await assertFails(attempt, 'LEX_ERR_DB_015', 'a stale write')
    assertEqual(error.message, 'the row cannot be written: another client wrote it', 'the error that the write named')
    assertEqual(
      (await session.db.select().from(orders)).map((row) => row.total),
      [0, 0],
      'totals',
    )
    const plain = session.atomic((unit) => unit.add(stale(404), { expectRows: 1 }))
    await assertFails(plain, 'LEX_ERR_DOM_007', 'a stale write without a named error')
    await session.atomic((unit) => unit.add(stale(1), { expectRows: 1 }))
    assertEqual(await session.db.$count(orders, eq(orders.total, 9)), 1, 'a write that met the expectation')
  }),
  conformanceCase('atomic sends nothing when its work throws or returns an Err', async ({ session }) => {
    const add = (id: number) => session.db.insert(orders).values(order(id))
    const refused = await session.atomic((unit) => {
      unit.add(add(1))
      return err('no')
    })
    assertEqual(refused, { ok: false, error: 'no' }, 'the returned Err')
    const thrown: unknown = await session
      .atomic((unit) => {
        unit.add(add(2))
        throw new RangeError('stop')
      })
      .catch((error: unknown) => error)
    assertEqual(thrown instanceof RangeError, true, 'the error that was thrown')
    assertEqual(await session.db.$count(orders), 0, 'orders')
    const done = await session.atomic((unit) => {
      unit.add(add(3))
      return ok(3)
    })
    assertEqual([done, await session.db.$count(orders)], [{ ok: true, value: 3 }, 1], 'a success')
  }),
  {
    name: 'a unit of work that ends without a commit sends nothing and says so',
    async run(harness) {
      const uncommitted: number[] = []
      await using database = await harness.open({
        schema: conformanceSchema,
        onUncommitted: (writes) => uncommitted.push(writes),
      })
      await using session = database.session()
      await createTables(session)
      {
        await using unit = session.unitOfWork()
        unit.add(session.db.insert(orders).values(order(1)))
        unit.add(session.db.insert(orders).values(order(2)))
      }
      assertEqual([uncommitted, await session.db.$count(orders)], [[2], 0], 'uncommitted writes')
    },
  },
  conformanceCase('settings hold for each call of their session, and for no other', async ({ session }) => {
    const tenant = sql`select current_setting('app.tenant_id', true) as tenant, current_setting('app.role', true) as role`
    const scoped = session.withSettings({ 'app.tenant_id': `it's`, 'app.role': 'reader' })
    assertEqual([...(await scoped.execute(tenant))], [{ tenant: `it's`, role: 'reader' }], 'execute')
    const both = await scoped.withSettings({ 'app.role': 'writer' }).batch([tenant, tenant])
    assertEqual(
      both.map((rows) => rows[0]?.['role']),
      ['writer', 'writer'],
      'batch, with one setting replaced',
    )
    const [after] = await session.execute<{ tenant: string | null }>(tenant)
    assertEqual((after?.tenant ?? '') === '', true, 'nothing left for the session beneath')
    const quoted = Promise.resolve().then(() => session.withSettings({ "x', 'y": '1' }))
    await assertFails(quoted, 'LEX_ERR_USE_001', 'a name that is none')
  }),
]
