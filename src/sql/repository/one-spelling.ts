import type { PgColumn } from 'drizzle-orm/pg-core'
import { columnValue, type NamedColumn } from './column-value.ts'
import { isBound } from './fragment.ts'
import { oneMoment, type MomentType } from './one-moment.ts'

/**
 * One text for all texts that a column takes for one value: a uuid in upper case, `5.00` for `5`, `2026-1-5` for
 * `2026-01-05`, a text that is filled up with spaces. Undefined where another text may be the same value.
 */
export function oneSpelling(column: PgColumn, text: string): string | undefined {
  const type = column.getSQLType()
  if (type === 'uuid') return text.replaceAll(/[{}-]/g, '').toLowerCase()
  // The database's own lower case of other letters depends on its locale.
  if (type === 'citext') return /^[\x20-\x7e]*$/.test(text) ? text.toLowerCase() : undefined
  if (/^(?:char\b|character(?! varying)|bpchar)/.test(type)) return text.replace(/(?<! ) +$/, '')
  if (/^(?:small|big)?(?:int|serial)(?!erval)/.test(type)) return oneDecimal(text)
  if (/^(?:numeric|decimal)/.test(type)) return ofScale(oneDecimal(text), type)
  if (/^(?:real|double)/.test(type)) return oneFloat(text, type)
  if (type === 'bytea') return /^\\x[\da-f]*$/i.test(text) ? text.toLowerCase() : undefined
  if (type === 'inet') return /^[1-9]\d{0,2}(?:\.(?:0|[1-9]\d{0,2})){3}(?:\/32)?$/.exec(text)?.[0].replace('/32', '')
  if (type === 'macaddr') return /^[\da-f]{2}(?::[\da-f]{2}){5}$/i.test(text) ? text.toLowerCase() : undefined
  const moment = momentType.exec(type)
  if (moment !== null) return oneMoment(text, { type: kindOfMoment(moment), precision: Number(moment[2] ?? 6) })
  return inSeveralForms.test(type) ? undefined : text
}

/** Whether a column takes both for one value. @throws UsageError for what cannot be a value of it */
export function isOneValue(named: NamedColumn, one: unknown, other: unknown): boolean {
  const [a, b] = [columnValue(named, one), columnValue(named, other)]
  if (!isBound(a) || !isBound(b) || a.bound === null || b.bound === null) return false
  return a.bound === b.bound || areOne(oneSpelling(named.column, a.bound), oneSpelling(named.column, b.bound))
}

function areOne(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && a === b
}

/** Values that are written in more ways than are worth knowing. */
const inSeveralForms = /^(?:cidr|macaddr8|interval|timetz|money|jsonb?|\w+range)\b/

const momentType = /^(date|timestamptz|timestamp|time)(?: ?\((\d)\))?( with time zone)?( without time zone)?$/

function kindOfMoment([, type, , zone]: RegExpExecArray): MomentType {
  if (type === 'date') return 'date'
  if (type === 'timestamptz') return 'timestamptz'
  if (type === 'timestamp') return zone === undefined ? 'timestamp' : 'timestamptz'
  return zone === undefined ? 'time' : 'timetz'
}

const decimal = /^\s*([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d{1,6}))?\s*$/i

/** The digits without zeros at their ends, and the power of ten of the last: `5.00` and `5` are `5e0`. */
function oneDecimal(text: string): string | undefined {
  const [, sign, whole = '', fraction = '', exponent = '0'] = decimal.exec(text) ?? []
  if (sign === undefined || whole + fraction === '') return undefined
  const digits = `${whole}${fraction}`.replace(/^0+/, '')
  const kept = digits.replace(/(?<!0)0+$/, '')
  if (kept === '') return '0'
  return `${sign === '-' ? '-' : ''}${kept}e${Number(exponent) - fraction.length + digits.length - kept.length}`
}

/** The database rounds what has more digits than the column. */
function ofScale(text: string | undefined, type: string): string | undefined {
  const [, precision, scale = '0'] = /\((\d+)(?:, ?(-?\d+))?\)/.exec(type) ?? []
  const exponent = Number(text?.split('e')[1] ?? 0)
  return precision === undefined || exponent >= -Number(scale) ? text : undefined
}

/** Many texts are one float: what is next to it. */
function oneFloat(text: string, type: string): string | undefined {
  const value = decimal.test(text) ? Number(text) : Number.NaN
  if (!Number.isFinite(value)) return undefined
  return String(type === 'real' ? Math.fround(value) : value).replace(/^-0$/, '0')
}
