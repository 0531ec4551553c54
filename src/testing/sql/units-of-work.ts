import { sql } from 'drizzle-orm'
import { assertFails } from '../assert.ts'
import { assertEqual, conformanceCase, type SqlConformanceCase } from './conformance-case.ts'
import { lines, orders } from './schema.ts'

const add = sql`insert into conformance_log values (1)`
const prepare = [sql`drop table if exists conformance_log`, sql`create table conformance_log (n int not null)`]
const count = sql`select count(*)::int as n from conformance_log`

/** The commit of a unit of work, once. */
export const unitCases: readonly SqlConformanceCase[] = [
  conformanceCase('a unit of work that is committed twice at a time writes once', async ({ session }) => {
    await session.batch(prepare)
    const unit = session.unitOfWork()
    unit.add(add)
    await Promise.all([unit.commit(), unit.commit()])
    await unit.commit()
    assertEqual([...(await session.execute(count))], [{ n: 1 }], 'rows')
    await session.execute(sql`drop table conformance_log`)
  }),
  conformanceCase('a unit of work cannot be changed while it commits', async ({ session }) => {
    await session.batch(prepare)
    const unit = session.unitOfWork()
    unit.add(add)
    const committed = unit.commit()
    const added = Promise.resolve().then(() => unit.add(add))
    await assertFails(added, 'LEX_ERR_USE_001', 'another write')
    const undone = Promise.resolve().then(() => unit.rollback())
    await assertFails(undone, 'LEX_ERR_USE_001', 'a rollback')
    await committed
    assertEqual([unit.pending, [...(await session.execute(count))]], [0, [{ n: 1 }]], 'afterwards')
    await session.execute(sql`drop table conformance_log`)
  }),
  conformanceCase('a unit of work stores rows before those that refer to them', async ({ session }) => {
    await session.atomic((unit) => {
      unit.add(session.db.insert(lines).values({ id: 1, orderId: 7 }), { expectRows: 1, stores: lines })
      unit.add(session.db.insert(orders).values({ id: 7, customer: 'a', total: 0 }), { expectRows: 1, stores: orders })
    })
    assertEqual(await session.db.$count(lines), 1, 'lines')
  }),
  conformanceCase('a unit of work keeps its writes when the commit is refused', async ({ session }) => {
    await session.batch(prepare)
    const unit = session.unitOfWork()
    unit.add(add)
    unit.add(sql`insert into conformance_log values (null)`)
    const refusals = await Promise.all([
      assertFails(unit.commit(), 'LEX_ERR_SQL_011', 'the commit'),
      assertFails(unit.commit(), 'LEX_ERR_SQL_011', 'the same commit'),
    ])
    assertEqual(refusals[0] === refusals[1], true, 'one refusal')
    assertEqual([unit.pending, [...(await session.execute(count))]], [2, [{ n: 0 }]], 'afterwards')
    unit.rollback()
    await session.execute(sql`drop table conformance_log`)
  }),
]
