import { sql } from 'drizzle-orm'
import { assertFails } from '../assert.ts'
import { assertEqual, conformanceCase, type CaseContext, type SqlConformanceCase } from './conformance-case.ts'
import { orders } from './schema.ts'

const order = (id: number) => ({ id, customer: 'a', total: 0 })

type Session = CaseContext['session']

/** Each is refused by the database, and leaves nothing. */
const writes: readonly (readonly [string, (session: Session) => Promise<unknown>])[] = [
  ['a statement', async (session) => session.db.insert(orders).values(order(1))],
  ['a statement that returns rows', async (session) => session.db.insert(orders).values(order(1)).returning()],
  [
    'a query that writes',
    (session) => session.execute(sql`with gone as (delete from conformance_orders returning 1) select * from gone`),
  ],
  ['a batch', (session) => session.batch([sql`select 1`, session.db.insert(orders).values(order(1))])],
  ['a unit of work', (session) => session.atomic((unit) => unit.add(session.db.insert(orders).values(order(1))))],
  ['a transaction', (session) => session.transaction((tx) => tx.db.insert(orders).values(order(1)))],
  [
    'under settings',
    (session) => session.withSettings({ 'app.tenant_id': 'a' }).execute(sql`delete from conformance_orders`),
  ],
  ['a table', (session) => session.execute('create table conformance_never (id int)')],
]

/** Ways to let a transaction write that is read only: refused before anything is sent. */
const escapes = [
  'set transaction read write',
  'set local transaction_read_only = off',
  'set "transaction_read_only" to off',
  'reset transaction_read_only',
  'set /* */ session characteristics as transaction read write',
]

/** Sessions that only read. */
export const readOnlyCases: readonly SqlConformanceCase[] = [
  conformanceCase('a session that only reads is refused what writes', async ({ database, session }) => {
    await session.db.insert(orders).values(order(9))
    await using reading = database.session({ readOnly: true })
    assertEqual(await reading.db.$count(orders), 1, 'what it reads')
    for (const [what, write] of writes) await assertFails(write(reading), 'LEX_ERR_SQL_005', what)
    assertEqual(await reading.db.select({ id: orders.id }).from(orders), [{ id: 9 }], 'what is stored')
    await session.db.insert(orders).values(order(10))
    assertEqual(await session.db.$count(orders), 2, 'another session still writes')
  }),
  conformanceCase('every call of a session that only reads is read only', async ({ database }) => {
    await using session = database.session({ readOnly: true })
    const modes = sql`select current_setting('transaction_read_only') as ro, current_setting('transaction_isolation') as level`
    const readCommitted = { ro: 'on', level: 'read committed' }
    const isolation = 'repeatable read'
    assertEqual([...(await session.execute(modes))], [readCommitted], 'a statement')
    assertEqual((await session.batch([modes, modes])).flat(), [readCommitted, readCommitted], 'a batch')
    assertEqual((await session.batch([modes], { isolation })).flat(), [{ ro: 'on', level: isolation }], 'with a mode')
    const inside = await session.transaction(async (tx) => [...(await tx.execute(modes))], { isolation })
    assertEqual(inside, [{ ro: 'on', level: isolation }], 'a transaction')
    const tenant = session.withSettings({ 'app.tenant_id': 'acme' })
    const [row] = await tenant.execute(sql`select current_setting('app.tenant_id') as tenant`)
    assertEqual(row, { tenant: 'acme' }, 'settings')
  }),
  conformanceCase('nothing lets a read-only transaction write', async ({ database, session }) => {
    await using reading = database.session({ readOnly: true })
    const insert = sql`insert into conformance_orders values (1, 'a', 0)`
    for (const escape of escapes) {
      await assertFails(reading.batch([sql.raw(escape), insert]), 'LEX_ERR_USE_001', escape)
      const asked = session.batch([sql.raw(escape), insert], { readOnly: true })
      await assertFails(asked, 'LEX_ERR_USE_001', `${escape}, in a batch`)
      const inside = session.transaction((tx) => tx.execute(escape).then(() => tx.execute(insert)), { readOnly: true })
      await assertFails(inside, 'LEX_ERR_USE_001', `${escape}, in a transaction`)
    }
    const called = reading.batch([sql`select set_config('transaction_read_only', 'off', true)`, insert])
    await assertFails(called, 'LEX_ERR_SQL_005', 'as a call')
    await assertFails(async () => reading.batch([insert], { readOnly: false }), 'LEX_ERR_USE_001', 'by an option')
    assertEqual(await session.db.$count(orders), 0, 'what is stored')
  }),
]
