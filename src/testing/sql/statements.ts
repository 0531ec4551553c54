import { asc, eq, sql } from 'drizzle-orm'
import { assertEqual, conformanceCase, type SqlConformanceCase } from './conformance-case.ts'
import { lines, orders, values } from './schema.ts'

const sample = {
  id: 1,
  flag: false,
  small: -7,
  large: 9007199254740993n,
  amount: '10.50',
  ratio: 0.1,
  body: `quote ' double " back \\ null`,
  code: '3f2504e0-4f89-11d3-9a0c-0305e82c3301',
  day: '2026-02-28',
  moment: new Date('2026-02-28T23:30:00.123Z'),
  clock: '2026-02-28 23:30:00',
  span: '1 day 02:00:00',
  document: { list: [1, null, 'x'], text: '12', nested: { yes: true } },
  bytes: new Uint8Array([0, 255, 16]),
  numbers: [1, 2, 3],
  words: ['a,b', 'c"d', '', 'NULL', '{}'],
}

interface RelationalQueries {
  readonly query: { readonly orders: { findMany(query: object): Promise<unknown> } }
}

/** Single statements, in the database's own terms and through Drizzle. */
export const statementCases: readonly SqlConformanceCase[] = [
  conformanceCase('a statement is a text with parameters, or a template', async ({ session }) => {
    const hostile = "x'); drop table conformance_orders; --"
    const moment = new Date('2026-02-28T23:30:00.123Z')
    const text = 'select $1 as body, $2::int + 1 as n, $3::int[] as list, $4::timestamptz = $5::timestamptz as same'
    const [row] = await session.execute(text, [hostile, 1, [1, 2], moment, moment.toISOString()])
    assertEqual(row, { body: hostile, n: 2, list: [1, 2], same: true }, 'a text with parameters')
    const [tagged] = await session.execute`select ${hostile}::text as body, ${1}::int + 1 as n, ${orders.id} as id
      from (values (7)) as ${orders} (id)`
    assertEqual(tagged, { body: hostile, n: 2, id: 7 }, 'a template')
    assertEqual([...(await session.execute`select 1 as one`)], [{ one: 1 }], 'a template without values')
    const holes = Object.assign(Array<number>(2), { 1: 2 })
    const [sparse] = await session.execute('select $1::int as none, $2::int as n', holes)
    assertEqual(sparse, { none: null, n: 2 }, 'parameters with a hole')
    await session.db.insert(orders).values({ id: 1, customer: 'a', total: 1 })
    const written = await session.execute('update conformance_orders set total = $1 where id = $2', [2, 1])
    assertEqual(written.rowCount, 1, 'rows that were written')
  }),
  conformanceCase('a statement gives rows by column name, and how many there are', async ({ session }) => {
    const rows = await session.execute(sql`select 1 as one, 'a' as letter, null as nothing`)
    assertEqual([...rows], [{ one: 1, letter: 'a', nothing: null }], 'rows')
    assertEqual(rows.rowCount, 1, 'row count')
    assertEqual((await session.execute('select 2 as two'))[0], { two: 2 }, 'a statement in a plain string')
  }),
  conformanceCase('a write returns the number of affected rows', async ({ session }) => {
    const inserted = await session.execute(
      sql`insert into conformance_orders (id, customer, total) values (1, 'a', 0), (2, 'b', 0)`,
    )
    assertEqual([[...inserted], inserted.rowCount], [[], 2], 'insert')
    const updated = await session.execute(sql`update conformance_orders set total = 1 where id = ${3}`)
    assertEqual(updated.rowCount, 0, 'update of nothing')
  }),
  conformanceCase('values of plain statements have the same types on every driver', async ({ session }) => {
    const rows =
      await session.execute(sql`select true as flag, 1::int2 as small, 2::int8 as large, 1.50::numeric as amount,
      '[1]'::jsonb as document, '2026-02-28'::date as day, '\\x00ff'::bytea as bytes,
      array[1, null]::int[] as numbers, array[[true], [false]] as nested, array['x', null]::text[] as words`)
    assertEqual(
      rows[0],
      {
        flag: true,
        small: 1,
        large: '2',
        amount: '1.50',
        document: [1],
        day: '2026-02-28',
        bytes: new Uint8Array([0, 255]),
        numbers: [1, null],
        nested: [[true], [false]],
        words: ['x', null],
      },
      'decoded values',
    )
    const [special] = await session.execute(sql`select 'NaN'::float8 as nan, '-Infinity'::float8 as low`)
    assertEqual([Number.isNaN(special?.['nan']), special?.['low']], [true, -Infinity], 'special numbers')
  }),
  conformanceCase('parameters reach the database as what they are', async ({ session }) => {
    const moment = new Date('2026-02-28T23:30:00.123Z')
    const [row] = await session.execute(sql`select ${1} + 1 as number, ${2n}::int8 as big, ${true}::bool as flag,
      ${null}::text as nothing, ${moment}::timestamptz = '2026-02-28T23:30:00.123Z' as moment,
      ${new Uint8Array([1, 2])}::bytea as bytes, ${sql.param(['a"b', null])}::text[] as words,
      ${sql.param({ a: [1] })}::jsonb as document`)
    const expected = { number: 2, big: '2', flag: true, nothing: null, moment: true }
    assertEqual(
      row,
      { ...expected, bytes: new Uint8Array([1, 2]), words: ['a"b', null], document: { a: [1] } },
      'echoed parameters',
    )
  }),
  conformanceCase('every column type comes back through Drizzle as it went in', async ({ session }) => {
    const [inserted] = await session.db.insert(values).values(sample).returning()
    assertEqual(inserted, sample, 'returned by the insert')
    assertEqual((await session.db.select().from(values))[0], sample, 'selected')
    await session.db.insert(values).values({ id: 2 })
    const [empty] = await session.db.select().from(values).where(eq(values.id, 2))
    assertEqual(new Set(Object.values(empty ?? {})).size, 2, 'only the id and null')
  }),
  conformanceCase('a JSON column keeps texts that look like numbers, and null', async ({ session }) => {
    await session.db.insert(values).values([
      { id: 1, document: '12' },
      { id: 2, document: 'true' },
      { id: 3, document: [] },
    ])
    const rows = await session.db.select({ document: values.document }).from(values).orderBy(asc(values.id))
    assertEqual(rows, [{ document: '12' }, { document: 'true' }, { document: [] }], 'documents')
  }),
  conformanceCase('insert, update, delete and count work through Drizzle', async ({ session }) => {
    await session.db.insert(orders).values([
      { id: 1, customer: 'a', total: 1 },
      { id: 2, customer: 'b', total: 2 },
    ])
    const updated = await session.db
      .update(orders)
      .set({ total: 5 })
      .where(eq(orders.id, 2))
      .returning({ id: orders.id })
    assertEqual(updated, [{ id: 2 }], 'update returning')
    assertEqual((await session.db.delete(orders).where(eq(orders.id, 1))).rowCount, 1, 'delete')
    assertEqual(await session.db.$count(orders), 1, 'count')
  }),
  conformanceCase('a left join gives null for the side that is missing', async ({ session }) => {
    await session.db.insert(orders).values([
      { id: 1, customer: 'a', total: 1 },
      { id: 2, customer: 'b', total: 2 },
    ])
    await session.db.insert(lines).values({ id: 7, orderId: 1, note: null })
    const rows = await session.db
      .select({ id: orders.id, line: lines })
      .from(orders)
      .leftJoin(lines, eq(lines.orderId, orders.id))
      .orderBy(asc(orders.id))
    assertEqual(
      rows,
      [
        { id: 1, line: { id: 7, orderId: 1, note: null } },
        { id: 2, line: null },
      ],
      'joined rows',
    )
  }),
  conformanceCase('a relational query nests rows', async ({ session }) => {
    await session.db.insert(orders).values({ id: 1, customer: 'a', total: 1 })
    await session.db.insert(lines).values([
      { id: 1, orderId: 1, note: 'x' },
      { id: 2, orderId: 1, note: null },
    ])
    // Typed by the version of Drizzle; the same call in both.
    const { query } = session.db as unknown as RelationalQueries
    const found = await query.orders.findMany({ columns: { id: true }, with: { lines: true } })
    assertEqual(
      found,
      [
        {
          id: 1,
          lines: [
            { id: 1, orderId: 1, note: 'x' },
            { id: 2, orderId: 1, note: null },
          ],
        },
      ],
      'nested rows',
    )
  }),
  conformanceCase('a prepared builder runs with the values of each call', async ({ session }) => {
    await session.db.insert(orders).values({ id: 1, customer: 'a', total: 1 })
    const byId = session.db
      .select({ customer: orders.customer })
      .from(orders)
      .where(eq(orders.id, sql.placeholder('id')))
      .prepare('by_id')
    assertEqual(await byId.execute({ id: 1 }), [{ customer: 'a' }], 'first call')
    assertEqual(await byId.execute({ id: 2 }), [], 'second call')
  }),
]
