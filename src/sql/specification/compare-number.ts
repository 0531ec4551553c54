import { sql, type SQL } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import { operators } from './compare-text.ts'
import type { Comparer, Equality, OrderKind } from './comparer.ts'
import { isExactFloat, isNumeric, toFloatBound, toIntegerBound } from './number-bound.ts'

interface Range {
  readonly min: bigint
  readonly max: bigint
}

const int2 = rangeOf(16n)
const int4 = rangeOf(32n)
const int8 = rangeOf(64n)
/** Whole numbers that JavaScript's numbers hold, each by itself. */
const int53 = { min: -(2n ** 53n) + 1n, max: 2n ** 53n - 1n }

const whole: Readonly<Record<string, Range | undefined>> = {
  PgSmallInt: int2,
  PgSmallSerial: int2,
  PgInteger: int4,
  PgSerial: int4,
  PgBigInt64: int8,
  PgBigSerial64: int8,
  PgNumericBigInt: undefined,
}

/** Columns whose values are numbers or bigints in JavaScript. */
export function numberComparer(column: PgColumn): Comparer {
  const { columnType } = column
  if (columnType === 'PgBigInt53' || columnType === 'PgBigSerial53') return roundedIntegers
  return columnType in whole ? integers(whole[columnType]) : floats(column)
}

function integers(range: Range | undefined): Comparer {
  return {
    equality(expression, value) {
      if (!isNumeric(value) || (typeof value === 'number' && !Number.isInteger(value))) return undefined
      const integer = BigInt(value)
      return isWithin(range, integer) ? { expression, as: 'itself', parameter: String(integer) } : undefined
    },
    order(operand, kind, bound) {
      if (!isNumeric(bound)) return undefined
      const { kind: operator, value } = toIntegerBound(kind, bound)
      if (isWithin(range, value)) return sql`${operand} ${operators[operator]} ${String(value)}`
      const below = range !== undefined && value < range.min
      return below === (kind === 'gt' || kind === 'gte') ? sql`${operand} is not null` : undefined
    },
  }
}

/** 64 bits in the database, and numbers in JavaScript: those that are longer than 53 bits are rounded when they are read. */
const roundedIntegers: Comparer = {
  equality(operand, value) {
    const exact = integers(int53).equality?.(operand, value)
    return exact ?? (isNumeric(value) ? equalFloats(sql`${operand}::float8`, value) : undefined)
  },
  order(operand, kind, bound) {
    if (!isNumeric(bound)) return undefined
    const { value } = toIntegerBound(kind, bound)
    if (isWithin(int53, value)) return integers(int8).order?.(operand, kind, bound)
    return orderFloats(sql`${operand}::float8`, kind, bound)
  },
}

function floats(column: PgColumn): Comparer {
  const asFloat = floatOf(column)
  return {
    equality: (operand, value) => (isNumeric(value) ? equalFloats(asFloat(operand), value) : undefined),
    order: (operand, kind, bound) => (isNumeric(bound) ? orderFloats(asFloat(operand), kind, bound) : undefined),
  }
}

/** The number that JavaScript reads. */
function floatOf(column: PgColumn): (operand: SQL) => SQL {
  // The number of its text, not that of its 32 bits.
  if (column.columnType === 'PgReal') return (operand) => sql`${operand}::text::float8`
  return column.columnType === 'PgNumericNumber' && !isShort(column) ? rounded : (operand) => operand
}

/** Decimals of up to 15 digits are numbers in JavaScript without being rounded. */
function isShort(column: PgColumn): boolean {
  return 'precision' in column && typeof column.precision === 'number' && column.precision <= 15
}

/** What is too large or too small for a number is infinite or 0 in JavaScript, and an error in the database. */
function rounded(operand: SQL): SQL {
  const tooSmall = sql`abs(${operand}) < 2.4703282292062328e-324`
  const tooLarge = sql`abs(${operand}) >= 1.797693134862315807e308`
  return sql`case when ${tooSmall} then 0 when ${tooLarge} then sign(${operand})::float8 * 'Infinity'::float8 else ${operand}::float8 end`
}

function equalFloats(expression: SQL, value: number | bigint): Equality | undefined {
  if (typeof value === 'bigint' && !isExactFloat(value)) return undefined
  return { expression, as: 'float', parameter: String(Number(value)) }
}

/** NaN is above all numbers for the database, and in no order for JavaScript. */
function orderFloats(operand: SQL, kind: OrderKind, bound: number | bigint): SQL {
  const { kind: operator, value } = toFloatBound(kind, bound)
  const ordered = sql`${operand} ${operators[operator]} ${String(value)}`
  return operator === 'gt' || operator === 'gte' ? sql`(${ordered} and ${operand} <> 'NaN')` : ordered
}

function rangeOf(bits: bigint): Range {
  const limit = 2n ** (bits - 1n)
  return { min: -limit, max: limit - 1n }
}

function isWithin(range: Range | undefined, value: bigint): boolean {
  return range === undefined || (value >= range.min && value <= range.max)
}
