import { fail, overBudget } from '../failure.ts'
import { isInt32, isNullish, typeName } from '../kinds.ts'
import type { Result } from '../scope.ts'

const LONGEST_STRING = 16 * 1024 * 1024

/** Refuses a string longer than a document may be. */
export function checkLength(length: number): void {
  if (length > LONGEST_STRING) overBudget(`the string of an expression must have at most ${LONGEST_STRING} characters`)
}

/** A number as MongoDB writes it: the shortest digits that read back, with an exponent from 1e16 and below 1e-4. */
export function numberText(value: number): string {
  if (isInt32(value)) return String(value)
  const size = Math.abs(value)
  if (size >= 1e-4 && size < 1e16) return String(value)
  if (!Number.isFinite(value)) return String(value)
  return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2')
}

/** A double with six digits, as MongoDB coerces it where a string is expected; whole numbers of 32 bits keep all. */
function shortNumberText(value: number): string {
  if (isInt32(value) || !Number.isFinite(value)) return String(value)
  const rounded = Number(value.toPrecision(6))
  if (Math.abs(rounded) >= 1e-4 && Math.abs(rounded) < 1e6) return String(rounded)
  const digits = value.toExponential(5).replace(/\.?0*e/, 'e')
  return digits.replace(/e([+-])(\d)$/, 'e$10$2')
}

/** The years that a text of a date has, as in MongoDB: `$dateToString`, `$toString` and every other operator. */
export function checkYear(year: number): void {
  if (year < 0 || year > 9999) fail(18537, 'the year of a formatted date must be from 0 to 9999')
}

/** A date as ISO 8601 in UTC. */
export function dateText(value: Date): string {
  checkYear(value.getUTCFullYear())
  return value.toISOString()
}

/** What the operators that take any scalar for a string make of it; null and missing are empty. */
export function coerced(value: Result, name: string): string {
  if (isNullish(value)) return ''
  return scalarText(value) ?? fail(16007, `${name} cannot read ${typeName(value)} as a string`)
}

function scalarText(value: Result): string | undefined {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return shortNumberText(value)
  if (typeof value === 'bigint') return String(value)
  return value instanceof Date ? dateText(value) : undefined
}

/** The UTF-8 bytes as a string of one character per byte, so that positions count bytes. */
export function byteString(text: string): string {
  return isAscii(text) ? text : new TextDecoder('latin1').decode(new TextEncoder().encode(text))
}

function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) > 127) return false
  return true
}

export function byteLength(text: string): number {
  return isAscii(text) ? text.length : new TextEncoder().encode(text).length
}

/** How many code points the text has. */
export function pointLength(text: string, end = text.length): number {
  let count = 0
  for (let index = 0; index < end; count++) index += (text.codePointAt(index) ?? 0) > 0xffff ? 2 : 1
  return count
}

/** The index, in UTF-16 units, of a code point; the text's length when there are fewer. */
export function pointOffset(text: string, points: number): number {
  let index = 0
  for (let count = 0; count < points && index < text.length; count++) {
    index += (text.codePointAt(index) ?? 0) > 0xffff ? 2 : 1
  }
  return index
}

export function upper(text: string): string {
  return text.replace(/[a-z]+/g, (run) => run.toUpperCase())
}

export function lower(text: string): string {
  return text.replace(/[A-Z]+/g, (run) => run.toLowerCase())
}
