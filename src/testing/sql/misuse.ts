import { eq, sql } from 'drizzle-orm'
import { assertFails, untyped } from '../assert.ts'
import { assertEqual, conformanceCase, type SqlConformanceCase } from './conformance-case.ts'
import { orders } from './schema.ts'

const order = (id: number) => ({ id, customer: 'a', total: 0 })

const noStatements: readonly (readonly [string, unknown])[] = [
  ['undefined', undefined],
  ['null', null],
  ['a number', 5],
  ['an object', {}],
  ['a list', ['select 1']],
  ['a promise', Promise.resolve()],
]

const noParameters: readonly (readonly [string, unknown])[] = [
  ['a value', 1],
  ['null', null],
  ['an object', { id: 1 }],
  ['functions', [() => 1]],
]

/** What cannot work is refused before anything is sent. */
export const misuseCases: readonly SqlConformanceCase[] = [
  conformanceCase('what is not a statement is refused', async ({ session }) => {
    for (const [what, value] of noStatements) {
      await assertFails(session.execute(untyped(value)), 'LEX_ERR_USE_001', `execute of ${what}`)
      await assertFails(session.batch([untyped(value)]), 'LEX_ERR_USE_001', `a batch of ${what}`)
      const added = session.atomic((unit) => unit.add(untyped(value)))
      await assertFails(added, 'LEX_ERR_USE_001', `a unit of work with ${what}`)
    }
    const template = Object.assign(['select 1'], { raw: ['select 1'] })
    await assertFails(session.batch([untyped(template)]), 'LEX_ERR_USE_001', 'a batch of a template')
    for (const [what, params] of noParameters) {
      await assertFails(session.execute('select 1', untyped(params)), 'LEX_ERR_USE_001', `parameters that are ${what}`)
    }
    const misplaced = session.execute(untyped(sql`select 1`), untyped([1]))
    await assertFails(misplaced, 'LEX_ERR_USE_001', 'parameters beside an expression')
    const open = sql`select ${sql.placeholder('body')}::text as body`
    await assertFails(session.execute(open), 'LEX_ERR_USE_001', 'a placeholder without a value')
    await assertFails(session.batch([open]), 'LEX_ERR_USE_001', 'a placeholder without a value in a batch')
    const nothing = session.execute`select 1 as one ${undefined}`
    await assertFails(nothing, 'LEX_ERR_USE_001', 'a template with undefined')
    await assertFails(session.batch(untyped(undefined)), 'LEX_ERR_USE_001', 'a batch of nothing')
    await assertFails(session.transaction(untyped(undefined)), 'LEX_ERR_USE_001', 'a transaction without work')
    await assertFails(session.atomic(untyped(undefined)), 'LEX_ERR_USE_001', 'a unit of work without work')
  }),
  conformanceCase('a text that no encoding can send is refused, wherever it stands', async ({ session }) => {
    const half = '\ud800'
    await assertFails(session.execute(`select '${half}' as half`), 'LEX_ERR_USE_001', 'a statement')
    await assertFails(session.batch([sql.raw(`select '${half}'`)]), 'LEX_ERR_USE_001', 'a batch')
    const within = session.transaction((tx) => tx.execute(`select '${half}'`))
    await assertFails(within, 'LEX_ERR_USE_001', 'a transaction')
    for (const value of [half, 'a\0']) {
      const scoped = Promise.resolve().then(() => session.withSettings({ 'app.half': value }).execute('select 1'))
      await assertFails(scoped, 'LEX_ERR_USE_001', 'a setting')
    }
  }),
  conformanceCase('a batch takes statements that were prepared', async ({ session }) => {
    await session.db.insert(orders).values(order(1))
    const all = session.db.select({ id: orders.id }).from(orders).prepare('all')
    const [rows] = await session.batch([all])
    assertEqual(rows, [{ id: 1 }], 'rows')
    const byId = session.db
      .select()
      .from(orders)
      .where(eq(orders.id, sql.placeholder('id')))
      .prepare('by_id')
    await assertFails(session.batch([byId]), 'LEX_ERR_USE_001', 'a placeholder without a value')
    await assertFails(byId.execute({}), 'LEX_ERR_USE_001', 'the same alone')
  }),
  conformanceCase('a text with several statements is refused before any has run', async ({ session }) => {
    const two = `insert into conformance_orders values (1, 'a', 0); insert into conformance_orders values (2, 'a', 0)`
    await assertFails(session.execute(two), 'LEX_ERR_SQL_005', 'alone')
    await assertFails(session.batch([sql.raw(two), sql`select 1`]), 'LEX_ERR_SQL_005', 'in a batch')
    const inside = session.transaction(async (tx) => {
      await assertFails(tx.execute(two), 'LEX_ERR_SQL_005', 'in a transaction')
      return 'ok'
    })
    await assertFails(inside, 'LEX_ERR_SQL_013', 'the transaction')
    const nested = session.transaction(async (tx) => {
      await assertFails(
        tx.transaction((part) => part.execute(two)),
        'LEX_ERR_SQL_005',
        'under a savepoint',
      )
    })
    await nested
    assertEqual(await session.db.$count(orders), 0, 'orders')
  }),
  conformanceCase('a statement that begins or ends a transaction is refused', async ({ session }) => {
    const texts = ['begin', 'commit', 'rollback', '; commit', '/* x */ end', '-- x\nabort', 'savepoint a', 'release a']
    for (const text of texts) await assertFails(session.execute(text), 'LEX_ERR_USE_001', text)
    await session.transaction(async (tx) => {
      await tx.db.insert(orders).values(order(1))
      for (const text of texts) await assertFails(tx.execute(sql.raw(text)), 'LEX_ERR_USE_001', text)
      await tx.db.insert(orders).values(order(2))
    })
    assertEqual(await session.db.$count(orders), 2, 'orders')
  }),
  conformanceCase('a statement that needs a stream is refused', async ({ session }) => {
    for (const text of ['copy conformance_orders from stdin', 'copy conformance_orders to stdout']) {
      await assertFails(session.execute(text), 'LEX_ERR_USE_001', text)
    }
    assertEqual([...(await session.execute(sql`select 1 as one`))], [{ one: 1 }], 'the session afterwards')
  }),
  conformanceCase('modes that do not exist are refused, and never part of a statement', async ({ session }) => {
    const wrong: readonly unknown[] = [
      { isolation: 'serializable; drop table conformance_orders' },
      { isolation: 5 },
      { readOnly: 'yes' },
      { deferrable: 1 },
      { timeout: 5 },
      5,
      null,
    ]
    for (const options of wrong) {
      const modes = untyped(options)
      const batch = session.batch([sql`select 1`], modes)
      await assertFails(batch, 'LEX_ERR_USE_001', `a batch with ${JSON.stringify(options)}`)
      const unit = session.atomic((writes) => writes.add(sql`select 1`), modes)
      await assertFails(unit, 'LEX_ERR_USE_001', `a unit of work with ${JSON.stringify(options)}`)
      const transaction = session.transaction((tx) => tx.execute(sql`select 1`), modes)
      await assertFails(transaction, 'LEX_ERR_USE_001', `a transaction with ${JSON.stringify(options)}`)
    }
    await session.batch([sql`select 1`], untyped({ isolation: undefined }))
  }),
  conformanceCase(
    'more parameters than the protocol can count are refused, and a list is one of them',
    async ({ session }) => {
      const ids = Array.from({ length: 70_000 }, (_, i) => i)
      const many = sql`select 1 where 1 in (${sql.join(
        ids.map((id) => sql`${id}`),
        sql.raw(', '),
      )})`
      const error = await assertFails(session.execute(many), 'LEX_ERR_USE_001', 'too many parameters')
      assertEqual(error.hint?.includes('= any('), true, 'the hint')
      const [row] = await session.execute(sql`select cardinality(${sql.param(ids)}::int[]) as n`)
      assertEqual(row, { n: 70_000 }, 'one parameter')
    },
  ),
  conformanceCase('a call of more than 64 MiB is refused before anything is sent', async ({ database }) => {
    await using session = database.session()
    const half = 'x'.repeat(33 * 1024 * 1024)
    const length = (value: unknown) => sql`select length(${value})`
    await assertFails(session.execute(length(half + half)), 'LEX_ERR_SQL_026', 'a text')
    const bytes = new Uint8Array(33 * 1024 * 1024)
    await assertFails(session.execute(sql`select length(${bytes}::bytea)`), 'LEX_ERR_SQL_026', 'bytes, in hexadecimal')
    await assertFails(session.batch([length(half), length(half)]), 'LEX_ERR_SQL_026', 'a batch')
    const inside = session.transaction((tx) => tx.execute(length(half + half)))
    await assertFails(inside, 'LEX_ERR_SQL_026', 'in a transaction')
    assertEqual(session.stats.calls, 0, 'calls')
  }),
]
