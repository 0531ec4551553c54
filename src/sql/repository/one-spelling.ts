import type { PgColumn } from 'drizzle-orm/pg-core'
import { columnValue, type NamedColumn } from './column-value.ts'
import { isBound } from './fragment.ts'

/**
 * The text of a value, the same for all texts that a column takes for one value: a uuid in upper case, `5.00` for `5`, a
 * text that is filled up with spaces. Of other types, such as dates that are written in several ways, each text is a value.
 */
export function oneSpelling(column: PgColumn, text: string): string {
  const type = column.getSQLType()
  if (type === 'uuid') return text.replaceAll(/[{}-]/g, '').toLowerCase()
  if (type === 'citext') return text.toLowerCase()
  if (/^(?:char\b|character(?! varying)|bpchar)/.test(type)) return text.replace(/(?<! ) +$/, '')
  if (/^(?:small|big)?(?:int|serial)|^(?:numeric|decimal|real|double)/.test(type)) return oneDecimal(text) ?? text
  return text
}

/** Whether a column takes both for one value. @throws UsageError for what cannot be a value of it */
export function isOneValue(named: NamedColumn, one: unknown, other: unknown): boolean {
  const [a, b] = [columnValue(named, one), columnValue(named, other)]
  if (!isBound(a) || !isBound(b) || a.bound === null || b.bound === null) return false
  return oneSpelling(named.column, a.bound) === oneSpelling(named.column, b.bound)
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
