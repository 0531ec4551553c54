import * as pg from 'drizzle-orm/pg-core'
import * as fc from 'fast-check'

/** A type of column with values that it is made for. */
export interface Kind {
  readonly name: string
  readonly type: string
  readonly column: () => pg.PgColumnBuilderBase
  readonly values: fc.Arbitrary<unknown>
  /** What the column keeps of a value, by its own precision. @default all of it */
  kept?(value: unknown): unknown
  /** Values that a database does not store. @default none */
  mayRefuse?(value: unknown): boolean
  /** Whether another text for the same value was read. */
  isForm?(value: unknown, read: unknown): boolean
  /** @default true */
  readonly ordered?: boolean
  /** Whether values are compared by specifications. @default true */
  readonly comparable?: boolean
}

const mood = pg.pgEnum('values_mood', ['sad', 'ok'])
const bytea = pg.customType<{ data: Uint8Array }>({ dataType: () => 'bytea' })

const text = fc.string({ unit: 'grapheme', maxLength: 12 })
const hasNul = (value: unknown): boolean => JSON.stringify(value).includes('\\u0000')
const int = (min: number, max: number) => fc.integer({ min, max })
/** Years of four digits, and those that ISO 8601 signs. */
const common = fc.date({
  min: new Date('0001-01-02T00:00:00Z'),
  max: new Date('9999-12-30T00:00:00Z'),
  noInvalidDate: true,
})
const signed = fc.date({
  min: new Date('-004712-01-01T00:00:00Z'),
  max: new Date('+275760-09-11T00:00:00Z'),
  noInvalidDate: true,
})
const moment = fc.oneof(common, signed)
const toDay = (date: Date): Date => new Date(Math.floor(date.getTime() / 86_400_000) * 86_400_000)
const day = moment.map(toDay)
const written = common.map((date) =>
  date
    .toISOString()
    .replace('T', ' ')
    .replace(/\.?0*Z$/, ''),
)
const big = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
const float = fc.double({ noNaN: true }).map((value) => (value === 0 ? 0 : value))
const isText = (value: unknown): boolean => typeof value === 'string'
const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value))
const list = (values: fc.Arbitrary<unknown>) => fc.array(fc.oneof(values, fc.constant(null)), { maxLength: 4 })

const documentKind = (type: string, column: Kind['column']): Kind => ({
  name: type,
  type,
  column,
  values: fc.jsonValue(),
  kept: asJson,
  mayRefuse: hasNul,
  isForm: (value, read) => JSON.stringify(value) === JSON.stringify(read),
  comparable: false,
})

/** Those that the guides name. */
export const kinds: readonly Kind[] = [
  { name: 'text', type: 'text', column: () => pg.text(), values: text, mayRefuse: hasNul },
  {
    name: 'varchar',
    type: 'varchar(12)',
    column: () => pg.varchar({ length: 12 }),
    values: fc.string({ maxLength: 12 }),
    mayRefuse: hasNul,
  },
  { name: 'uuid', type: 'uuid', column: () => pg.uuid(), values: fc.uuid(), isForm: isText },
  { name: 'enum', type: 'values_mood', column: () => mood(), values: fc.constantFrom('sad', 'ok') },
  { name: 'smallint', type: 'smallint', column: () => pg.smallint(), values: int(-32_768, 32_767) },
  { name: 'int', type: 'int', column: () => pg.integer(), values: int(-(2 ** 31), 2 ** 31 - 1) },
  { name: 'bigint', type: 'bigint', column: () => pg.bigint({ mode: 'bigint' }), values: big },
  {
    name: 'bigint as number',
    type: 'bigint',
    column: () => pg.bigint({ mode: 'number' }),
    values: fc.maxSafeInteger(),
  },
  { name: 'numeric', type: 'numeric', column: () => pg.numeric(), values: big.map(String), isForm: isText },
  {
    name: 'numeric as number',
    type: 'numeric',
    column: () => pg.numeric({ mode: 'number' }),
    values: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (value === 0 ? 0 : value)),
  },
  {
    name: 'numeric as bigint',
    type: 'numeric',
    column: () => pg.numeric({ mode: 'bigint' }),
    values: fc.bigInt({ min: -(2n ** 90n), max: 2n ** 90n }),
  },
  {
    name: 'real',
    type: 'real',
    column: () => pg.real(),
    values: int(-9_999, 9_999).map((value) => value / 16),
    isForm: (value, read) => typeof value === 'number' && Math.fround(value) === Math.fround(Number(read)),
  },
  { name: 'double', type: 'double precision', column: () => pg.doublePrecision(), values: float },
  { name: 'boolean', type: 'boolean', column: () => pg.boolean(), values: fc.boolean(), ordered: false },
  {
    name: 'date',
    type: 'date',
    column: () => pg.date(),
    values: common.map((date) => date.toISOString().slice(0, 10)),
    isForm: isText,
  },
  {
    name: 'date as Date',
    type: 'date',
    column: () => pg.date({ mode: 'date' }),
    values: day,
    isForm: (value, read) =>
      value instanceof Date &&
      read instanceof Date &&
      read.getTime() === Math.floor(value.getTime() / 86_400_000) * 86_400_000,
  },
  {
    name: 'timestamp',
    type: 'timestamp',
    column: () => pg.timestamp({ mode: 'string' }),
    values: written,
    isForm: isText,
  },
  { name: 'timestamp as Date', type: 'timestamp', column: () => pg.timestamp(), values: moment },
  {
    name: 'timestamptz',
    type: 'timestamptz',
    column: () => pg.timestamp({ mode: 'string', withTimezone: true }),
    values: written.map((value) => `${value}+00`),
    isForm: isText,
  },
  {
    name: 'timestamptz as Date',
    type: 'timestamptz',
    column: () => pg.timestamp({ withTimezone: true }),
    values: moment,
  },
  documentKind('json', () => pg.json()),
  documentKind('jsonb', () => pg.jsonb()),
  {
    name: 'bytea',
    type: 'bytea',
    column: () => bytea(),
    values: fc.uint8Array({ maxLength: 20 }),
    isForm: (value) => typeof value === 'string' || ArrayBuffer.isView(value) || value instanceof ArrayBuffer,
    comparable: false,
  },
  {
    name: 'text array',
    type: 'text[]',
    column: () => pg.text().array(),
    values: list(text),
    mayRefuse: hasNul,
    comparable: false,
  },
  {
    name: 'int array',
    type: 'int[]',
    column: () => pg.integer().array(),
    values: list(int(-100, 100)),
    comparable: false,
  },
  {
    name: 'bigint array',
    type: 'bigint[]',
    column: () => pg.bigint({ mode: 'bigint' }).array(),
    values: list(big),
    comparable: false,
  },
  {
    name: 'boolean array',
    type: 'boolean[]',
    column: () => pg.boolean().array(),
    values: list(fc.boolean()),
    comparable: false,
  },
  {
    name: 'enum array',
    type: 'values_mood[]',
    column: () => mood().array(),
    values: list(fc.constantFrom('sad', 'ok')),
    comparable: false,
  },
  {
    name: 'timestamp array',
    type: 'timestamptz[]',
    column: () => pg.timestamp({ withTimezone: true }).array(),
    values: list(moment),
    comparable: false,
  },
  {
    name: 'jsonb array',
    type: 'jsonb[]',
    column: () => pg.jsonb().array(),
    values: list(fc.jsonValue().filter((value) => value !== null)),
    kept: asJson,
    mayRefuse: hasNul,
    isForm: (value, read) => JSON.stringify(value) === JSON.stringify(read),
    comparable: false,
  },
]

export function table({ name, column }: Kind): pg.PgTable {
  // A builder is used up by its table; which one it is, only the caller of this knows.
  return pg.pgTable(`values_${name}`, { id: pg.integer().primaryKey(), value: column() as never })
}

/** Of every type of JavaScript, as programs without types pass them. */
export const junk: readonly unknown[] = [
  ...[
    '',
    'a',
    '5',
    ' 5 ',
    '1.5',
    'true',
    'null',
    'sad',
    '2024-01-01',
    '2024-01-01T00:00:00.000Z',
    'NaN',
    '{}',
    '[]',
    '{1,2}',
    '\\x00',
    'a\0b',
    '\ud800',
  ],
  ...[0, 1, -1, 1.5, 0.1, 1e21, 2 ** 53, NaN, Infinity, -Infinity, 5n, 2n ** 63n - 1n, 2n ** 70n, true, false],
  ...[new Date('2024-01-01T00:00:00.123Z'), new Date(NaN), new Date(-62_167_219_200_001)],
  ...[new Uint8Array([1, 2]), new Uint8Array(0), Buffer.from([1, 2]), new ArrayBuffer(2)],
  ...[
    [],
    [1, 2],
    ['5', null],
    [['a']],
    [[], []],
    [1, [2]],
    ['null', 'NULL', '"', '\\', ','],
    [new Date(0)],
    [true],
    [5n],
    ['sad'],
    [undefined],
    [NaN],
  ],
  // oxlint-disable-next-line no-sparse-arrays
  [, 1],
  ...[
    { a: 1 },
    { a: NaN },
    { a: () => 1 },
    { a: new Map() },
    { a: [undefined] },
    { a: 5n },
    { a: '\0' },
    new Map(),
    new Set([1]),
    () => 1,
    Symbol('x'),
    /x/,
    new Error('x'),
  ],
]
