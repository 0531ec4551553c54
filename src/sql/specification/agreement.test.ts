import { PGlite } from '@electric-sql/pglite'
import { sql } from 'drizzle-orm'
import * as pg from 'drizzle-orm/pg-core'
import { inspect } from 'node:util'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { toSpecification } from '../../core/specification/combine.ts'
import { isSatisfiedBy } from '../../core/specification/satisfies.ts'
import type { SpecificationNode, SpecificationValue } from '../../core/specification/specification.ts'
import { openDatabase } from '../database.ts'
import { pglite } from '../drivers/pglite/driver.ts'
import { sqlTypeOf } from '../drizzle/drizzle.ts'
import { formatArrayLiteral } from '../text-format/array-literal.ts'
import type { DbSession } from '../session/session.ts'
import { specificationToSql } from './specification-to-sql.ts'

const mood = pg.pgEnum('mood', ['sad', 'ok', 'happy'])
const bytes = pg.customType<{ data: Uint8Array }>({ dataType: () => 'bytea' })
const cents = pg.customType<{ data: number; driverData: string }>({
  dataType: () => 'numeric(10,2)',
  toDriver: (value) => value.toFixed(2),
  fromDriver: Number,
})

// 1.x takes all dimensions in one call, which the types of 0.x do not know.
const grid = 'PgAsyncDatabase' in pg ? pg.integer().array('[][]' as never) : pg.integer().array().array()

const things = pg.pgTable('things', {
  id: pg.integer().primaryKey(),
  text: pg.text(),
  varchar: pg.varchar({ length: 20 }),
  char: pg.char({ length: 4 }),
  uuid: pg.uuid(),
  mood: mood(),
  inet: pg.inet(),
  numeric: pg.numeric(),
  day: pg.date(),
  stamp: pg.timestamp({ mode: 'string' }),
  zoned: pg.timestamp({ mode: 'string', withTimezone: true }),
  time: pg.time(),
  interval: pg.interval(),
  small: pg.smallint(),
  int: pg.integer(),
  long: pg.bigint({ mode: 'bigint' }),
  whole: pg.bigint({ mode: 'number' }),
  real: pg.real(),
  float: pg.doublePrecision(),
  price: pg.numeric({ mode: 'number', precision: 8, scale: 2 }),
  decimal: pg.numeric({ mode: 'number' }),
  huge: pg.numeric({ mode: 'bigint' }),
  flag: pg.boolean(),
  at: pg.timestamp(),
  atZone: pg.timestamp({ withTimezone: true }),
  date: pg.date({ mode: 'date' }),
  json: pg.json(),
  jsonb: pg.jsonb(),
  texts: pg.text().array(),
  ints: pg.integer().array(),
  grid,
  moods: mood().array(),
  times: pg.timestamp().array(),
  documents: pg.jsonb().array(),
  bytes: bytes(),
  cents: cents(),
})
type Key = Exclude<keyof typeof things.$inferSelect, 'id'>
type Thing = Readonly<Record<string, unknown>>

const words = [
  '',
  ' ',
  'a',
  'A',
  'ab',
  'a ',
  'a%b',
  'a_b',
  `'`,
  '\\',
  'é',
  'z',
  '\u{1F600}',
  'a\u{1F600}',
  '\uFFFD',
  '5',
]
const texts = [...words, '\uD7FF', '\uE000', 'a\u{10FFFF}', '\u{10FFFF}', '1.5', '2024-01-01', 'true', 'null', 'sad']
const dates = [
  '2024-01-01',
  '2024-02-29',
  '0099-12-31',
  '9999-12-31',
  '10000-01-01',
  '0044-03-15 BC',
  'infinity',
  '-infinity',
]
const moments = [
  '2024-01-01 00:00:00',
  '2024-01-01 00:00:00.123456',
  '2024-01-01 00:00:00.123',
  '1969-12-31 23:59:59.9999',
  '2024-01-01 12:00:00.5',
  '0050-01-01 00:00:00',
  '12024-05-05 00:00:00',
  '0044-03-15 00:00:00 BC',
  'infinity',
  '-infinity',
  '290000-01-01 00:00:00',
]
const floats = ['0', '-0', '0.1', '1', '1.5', '1e300', '5e-324', '9007199254740992', 'NaN', 'Infinity', '-Infinity']
const documents = [
  'null',
  'true',
  '0',
  '1.5',
  '9007199254740992',
  '""',
  '"a"',
  '"ab"',
  '"2024-01-01"',
  '"😀"',
  '[]',
  '{}',
  '[1]',
  '[1,"a",null]',
  '[[1]]',
  '{"a":1}',
  '{"a":1,"b":2}',
  '{"b":2,"a":1}',
  '{"aa":1,"b":{"z":1,"y":[{"q":1,"p":2}]}}',
  '[{"b":2,"a":1}]',
  '{"10":1,"9":2,"x":3}',
  '{"x":3,"9":2}',
]

/** What the database is given for each column, as text. */
const stored: Record<Key, readonly string[]> = {
  text: texts,
  varchar: words,
  char: ['a', 'ab', 'abcd', '', ' a', 'é'],
  uuid: ['00000000-0000-0000-0000-000000000000', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'],
  mood: ['sad', 'ok', 'happy'],
  inet: ['10.0.0.1', '10.0.0.0/8', '::1'],
  numeric: ['1', '1.0', '1.50', '-2', '10', '9', 'NaN', '12345678901234567890.12345'],
  day: dates,
  stamp: moments,
  zoned: moments,
  time: ['00:00:00', '12:00:00', '12:00:00.5', '23:59:59.999999', '24:00:00'],
  interval: ['1 day', '24:00:00', '-00:00:01', '1 year 2 mons'],
  small: ['0', '1', '-1', '32767', '-32768'],
  int: ['0', '1', '2', '-1', '2147483647', '-2147483648'],
  long: ['0', '1', '9007199254740993', '9223372036854775807', '-9223372036854775808'],
  // Beyond these nothing is read.
  whole: ['0', '1', '-1', '9007199254740990', '9007199254740991', '-9007199254740991'],
  real: ['0', '0.1', '1.5', '16777217', '3e38', 'NaN', 'Infinity', '-Infinity'],
  float: floats,
  price: ['0', '0.1', '1.50', '-99.99', '123456.78'],
  decimal: ['0', '0.1', '0.1000000000000000055', '0.10000000000000001', '1e400', '-1e-400', '1e300', 'NaN', 'Infinity'],
  huge: ['0', '1', '123456789012345678901234567890', '-9007199254740993'],
  flag: ['true', 'false'],
  at: moments,
  atZone: moments,
  date: dates,
  json: [...documents, '{"a" : 1,  "b" : 2}', '{"a":1,"b":2,"a":3}', ' null '],
  jsonb: documents,
  texts: [['a', 'b'], [], [null], ['', 'NULL', '"', 'a,b', '\\'], ['a', null], ['\u{1F600}']].map(formatArrayLiteral),
  ints: ['{}', '{1}', '{1,2}', '{NULL}', '{1,NULL,3}'],
  grid: ['{}', '{{1,2},{3,4}}', '{{1,2}}', '{{1},{NULL}}'],
  moods: ['{}', '{sad}', '{sad,happy}', '{NULL}'],
  times: ['{}', '{"2024-01-01 00:00:00.123456"}', '{"2024-01-01 00:00:00",NULL}', '{infinity}'],
  documents: [['{"a":1}', '1'], ['"a"', null], [], ['[1,2]'], ['null']].map(formatArrayLiteral),
  bytes: ['\\x', '\\x00ff', '\\x61'],
  cents: ['0', '1.5', '-2.25'],
}
const keys = Object.keys(stored) as Key[]
const rowCount = 90
const casesPerQuery = 40
const queries = 120

/** What is in no row, or in none of that type. */
const odd: readonly SpecificationValue[] = [
  ...[
    null,
    true,
    false,
    0,
    -0,
    1,
    1.5,
    -1,
    5,
    0.1,
    100.5,
    1e21,
    1e300,
    -1e300,
    5e-324,
    2 ** 31,
    2 ** 53,
    2 ** 63,
    9.99,
  ],
  ...[1n, 2n ** 31n, -(2n ** 31n) - 1n, 2n ** 53n + 1n, 2n ** 63n, -(2n ** 63n) - 1n, 10n ** 400n, -(10n ** 400n)],
  ...texts,
  ...[
    'x',
    'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11',
    'a\0',
    '\0',
    '\uD83D',
    'a\uD83D',
    '\uDE00',
    'a\uDE00',
    '\u{10FFFF}\uDFFF',
  ],
  ...['1.50', '1', 'a   ', '2024-02-30', '2024-01-01 00:00:00', '2024-01-01 00:00:00.123456', '2024-01-01T00:00:00Z'],
  ...[
    '0000-01-01',
    '10000-01-01',
    '12:00:00',
    '12:00:00.50',
    '24:00:00',
    '25:00:00',
    '10.0.0.1',
    'happy',
    'angry',
    '24:00:00',
  ],
  ...[0, 1, 123, 86_400_000, 1704067200000, 1704067200123, 8.64e15, -8.64e15, -62135596800000, -1e14, 3e14].map(
    (time) => new Date(time),
  ),
  ...[
    [],
    [1],
    [1, 2],
    [1, 'a', null],
    [null],
    ['a', 'b'],
    [[1, 2]],
    [
      [1, 2],
      [3, 4],
    ],
    [[1], [2, 3]],
    [1, [2]],
    ['sad'],
    [[]],
  ],
  ...[{}, { a: 1 }, { b: 2, a: 1 }, { a: 1, b: 2 }, { a: new Date(0) }, { a: 'x\0' }, { a: 1n }, { $ne: null }],
  new Uint8Array([0, 255]),
]

const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31)
let instance: PGlite
let session: DbSession
let rows: readonly Thing[]

beforeAll(async () => {
  instance = await PGlite.create()
  session = (await openDatabase({ drivers: [pglite({ instance })], url: 'pglite:memory' })).session()
  await instance.exec(`create type mood as enum ('sad', 'ok', 'happy'); set timezone = 'UTC'`)
  const types = Object.entries(things)
    .filter(([key]) => key in stored)
    .map(([key, column]) => `"${key}" ${sqlTypeOf(column as pg.PgColumn)}`)
  await instance.exec(`create table things (id int primary key, ${types.join(', ')})`)
  const values = fc.sample(
    fc.record(
      Object.fromEntries(keys.map((key) => [key, fc.option(fc.constantFrom(...stored[key]), { freq: 6 })])) as Record<
        Key,
        fc.Arbitrary<string | null>
      >,
    ),
    { numRuns: rowCount, seed },
  )
  const names = keys.map((key) => `"${key}"`).join(', ')
  for (const [id, row] of values.entries()) {
    const places = keys.map((_key, i) => `$${i + 2}`).join(', ')
    await instance.query(
      `insert into things (id, ${names}) values ($1, ${places})`,
      [id, ...keys.map((key) => row[key])],
      {
        serializers: Object.fromEntries([...Array(4000).keys()].map((oid) => [oid, String])),
      },
    )
  }
  rows = (await session.db.select().from(things).orderBy(things.id)).map(toEntity)
}, 120_000)
afterAll(() => instance.close())

/** A column is there when it is not null, in JSON neither. */
function toEntity(row: object): Thing {
  return Object.fromEntries(Object.entries(row).map(([key, value]): [string, unknown] => [key, value ?? undefined]))
}

/** Something that a condition may compare with, taken from a row of that column. */
function valueOf(key: Key): fc.Arbitrary<SpecificationValue> {
  return fc.nat(rowCount - 1).map((index) => {
    const value = rows[index]?.[key]
    return isComparable(value) ? value : null
  })
}

function isComparable(value: unknown): value is SpecificationValue {
  if (typeof value === 'number') return Number.isFinite(value)
  if (value instanceof Date) return !Number.isNaN(value.getTime())
  return Array.isArray(value) ? value.every(isComparable) : value !== undefined
}

const nearby = (value: SpecificationValue): SpecificationValue[] => {
  if (typeof value === 'string') return [value, value.slice(1), value.slice(0, -1), `${value}a`, `${value} `]
  if (typeof value === 'number') return [value, value + 1, value - 0.5, BigInt(Math.trunc(value))]
  if (typeof value === 'bigint') return [value, value + 1n, Number(value)]
  if (value instanceof Date) return [value, ...[1, -1].map((by) => new Date(value.getTime() + by))].filter(isComparable)
  return Array.isArray(value) ? [value, ...(value as readonly SpecificationValue[])] : [value]
}

const comparison: fc.Arbitrary<SpecificationNode> = fc.constantFrom(...keys).chain((field) => {
  const near = valueOf(field).chain((value) => fc.constantFrom(...nearby(value)))
  const operand = fc.oneof({ arbitrary: near, weight: 2 }, fc.constantFrom(...odd))
  const ordered = operand.filter(
    (value) => ['string', 'number', 'bigint'].includes(typeof value) || value instanceof Date,
  )
  const text = operand.filter((value) => typeof value === 'string')
  const named = { field: fc.constant(field) }
  return fc.oneof(
    fc.record({ kind: fc.constantFrom('eq', 'ne'), ...named, value: operand }),
    fc.record({ kind: fc.constantFrom('gt', 'gte', 'lt', 'lte'), ...named, value: ordered }),
    fc.record({ kind: fc.constant('in'), ...named, values: fc.array(operand, { maxLength: 4 }) }),
    fc.record({ kind: fc.constantFrom('contains', 'startsWith'), ...named, value: text }),
    fc.record({ kind: fc.constant('exists'), ...named, value: fc.boolean() }),
  ) as fc.Arbitrary<SpecificationNode>
})

const { tree } = fc.letrec<{ tree: SpecificationNode }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3 },
    { arbitrary: comparison, weight: 3 },
    fc.record({ kind: fc.constantFrom('and', 'or'), operands: fc.array(tie('tree'), { maxLength: 3 }) }),
    fc.record({ kind: fc.constant('not'), operand: tie('tree') }),
  ),
}))

const columns = Object.fromEntries(keys.map((key) => [key, things[key]]))

/** The rows that the database finds and those that satisfy each specification in memory, in the same form. */
async function compare(nodes: readonly SpecificationNode[]) {
  const conditions = nodes.map(
    (node, i) => sql`${specificationToSql(node, columns)} is true as ${sql.identifier(`c${i}`)}`,
  )
  const answers = await session.execute<Record<string, boolean>>(
    sql`select ${sql.join(conditions, sql`, `)} from things order by id`,
  )
  const rowsOf = (holds: (row: number, node: number) => boolean) =>
    nodes.map((node, n) => ({ node, rows: rows.flatMap((row, i) => (holds(i, n) ? [row[nameOf(node)]] : [])) }))
  return {
    found: rowsOf((row, node) => answers[row]?.[`c${node}`] === true),
    satisfied: rowsOf((row, node) => {
      const [entity, specification] = [rows[row], nodes[node]]
      return (
        entity !== undefined && specification !== undefined && isSatisfiedBy(toSpecification(specification), entity)
      )
    }),
  }
}

function nameOf(node: SpecificationNode): string {
  return 'field' in node ? node.field : 'id'
}

function comparisonsWith(field: Key, value: SpecificationValue): SpecificationNode[] {
  const isOrdered = ['string', 'number', 'bigint'].includes(typeof value) || value instanceof Date
  const ordered = isOrdered ? (['gt', 'gte', 'lt', 'lte'] as const).map((kind) => ({ kind, field, value })) : []
  const text =
    typeof value === 'string' ? (['contains', 'startsWith'] as const).map((kind) => ({ kind, field, value })) : []
  return [{ kind: 'eq', field, value }, ...(ordered as SpecificationNode[]), ...text]
}

describe('a specification in SQL', () => {
  it('a specification of one comparison, with whatever value, finds the rows whose entities satisfy it', async () => {
    for (const field of keys) {
      const near = rows.flatMap((row) => (isComparable(row[field]) ? nearby(row[field]) : []))
      const values = new Map([...odd, ...near].map((value) => [inspect(value), value]))
      const nodes = [...values.values()].flatMap((value) => comparisonsWith(field, value))
      for (let at = 0; at < nodes.length; at += 100) {
        const { found, satisfied } = await compare(nodes.slice(at, at + 100))
        expect(found).toEqual(satisfied)
      }
    }
  }, 300_000)

  it(`a specification of any shape finds the rows whose entities satisfy it (seed ${seed})`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(tree, { minLength: 1, maxLength: casesPerQuery, size: 'max' }), async (nodes) => {
        const { found, satisfied } = await compare(nodes)
        expect(found).toEqual(satisfied)
      }),
      { seed, numRuns: queries },
    )
  }, 300_000)
})
