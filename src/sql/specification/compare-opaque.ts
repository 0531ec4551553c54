import { sql, type SQL } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import { compareOrdered, equalValues } from '../../core/specification/equality.ts'
import type { SpecificationValue } from '../../core/specification/specification.ts'
import { drizzle } from '../drizzle/drizzle.ts'
import { decodeCell } from '../text-format/decode.ts'
import { encodeParam } from '../text-format/encode.ts'
import { operators, orderText } from './compare-text.ts'
import type { Comparer, OrderKind } from './comparer.ts'
import { isStorableText } from './text-place.ts'

/** Columns of other types, such as custom ones: what their values are is known by what they make of the one at hand. */
export function opaqueComparer(column: PgColumn): Comparer {
  return {
    equality(operand, value) {
      const written = write(column, value)
      if (written === undefined || !equalValues(written.back, value)) return undefined
      const as = typeof value === 'string' ? 'text' : 'itself'
      return { expression: comparable(operand, column, value), as, parameter: written.text }
    },
    order(operand, kind, bound) {
      const written = write(column, bound)
      const rounding = written && compareOrdered(written.back, bound)
      if (written === undefined || rounding === undefined) return undefined
      if (typeof bound === 'string') return rounding === 0 ? orderText(textOf(operand), kind, written.text) : undefined
      return sql`${comparable(operand, column, bound)} ${operators[afterRounding(kind, rounding)]} ${written.text}`
    },
    ...(write(column, 'x')?.back === 'x' && { text: textOf }),
  }
}

function textOf(operand: SQL): SQL {
  return sql`${operand}::text`
}

/** The operand as something that every value written is of the type of: a text may be no date, and 1.5 no integer. */
function comparable(operand: SQL, column: PgColumn, value: SpecificationValue): SQL {
  const type = column.getSQLType()
  if (/^(?:int(?!erval)|bigint|smallint|serial|bigserial|smallserial)/i.test(type)) return sql`${operand}::numeric`
  const isNative = /^(?:bool|bytea|date|decimal|double|float|money|numeric|real|time)/i.test(type)
  return isNative && typeof value !== 'string' ? operand : textOf(operand)
}

/** The comparison with the value next to a bound that the column cannot write. */
function afterRounding(kind: OrderKind, rounding: number): OrderKind {
  const ascending = kind === 'gt' || kind === 'gte'
  if (rounding === 0) return kind
  if (rounding > 0) return ascending ? 'gte' : 'lt'
  return ascending ? 'gt' : 'lte'
}

interface Written {
  readonly text: string
  /** What the column reads from it. */
  readonly back: unknown
}

/** What the column writes for a value; undefined where the value is of another type. */
function write(column: PgColumn, value: SpecificationValue): Written | undefined {
  if (typeof value === 'bigint') {
    // Numbers and bigints are equal by value, and a column takes one or the other.
    return attempt(column, value) ?? attempt(column, Number(value))
  }
  const written = attempt(column, value)
  if (written !== undefined || typeof value !== 'number' || !Number.isInteger(value)) return written
  return attempt(column, BigInt(value))
}

function attempt(column: PgColumn, value: SpecificationValue): Written | undefined {
  try {
    const text = encodeParam(drizzle.write(column, value))
    if (text === null || !isStorableText(text)) return undefined
    return { text, back: drizzle.reader(column)(received(column.getSQLType(), text)) }
  } catch {
    // The column's own functions expect a value of another type.
    return undefined
  }
}

/** What a text of this type is when it comes from the database. */
function received(type: string, text: string): unknown {
  if (/^(?:int2|int4|int\b|integer|smallint|serial|smallserial|float|real|double|oid)/i.test(type)) return Number(text)
  if (/^bool/i.test(type)) return text === 'true'
  if (/^bytea/i.test(type)) return decodeCell(text, byteaType)
  return /^json/i.test(type) ? JSON.parse(text) : text
}

/** https://github.com/postgres/postgres/blob/master/src/include/catalog/pg_type.dat */
const byteaType = 17
