import type { Meter } from './meter.ts'
import { isArray, isObjectId, type Value } from './value.ts'
import { textOf } from './vendor-order.ts'
import { isVendorValue } from './vendor-value.ts'

/**
 * A `Map` key that is the same for values that MongoDB holds equal: numbers by value whatever their width, documents with
 * their key order, missing apart from null.
 *
 * @param meter pays for the text that stands for an object or array
 */
export function valueKey(value: Value | undefined, meter?: Meter): unknown {
  if (typeof value === 'string') return value.charCodeAt(0) === 0 ? encode(value, meter) : value
  if (typeof value === 'bigint') return numberOf(value)
  return typeof value === 'object' && value !== null ? encode(value, meter) : value
}

/** A text that is equal exactly when two `_id`s are: 1 and 1n are the same, also inside an object; 1 and "1" are not. */
export function idKey(id: Value): string {
  return typeof id === 'string' ? `s${id}` : `v${valueText(id)}`
}

/** The bytes that a key needs, beside the value itself. */
export function keyBytes(key: unknown): number {
  return typeof key === 'string' ? 24 + key.length : 16
}

/** A whole number as JS number where that is exact, so that `5n` and `5` are one key. */
function numberOf(value: bigint): number | bigint {
  const near = Number(value)
  return BigInt(near) === value ? near : value
}

function encode(value: Value | undefined, meter: Meter | undefined): string {
  return `\0${valueText(value, meter)}`
}

/** The work of writing one part, and one character of a string. */
const STEPS_OF_A_PART = 15
const STEPS_OF_A_CHARACTER = 1 / 4

/** A text that is the same for equal values, strings within quotes. */
export function valueText(value: Value | undefined, meter?: Meter): string {
  if (typeof value === 'string') {
    meter?.work(value.length * STEPS_OF_A_CHARACTER)
    return JSON.stringify(value)
  }
  if (typeof value === 'bigint') return longText(numberOf(value))
  if (typeof value === 'number') return `${value === 0 ? 0 : value}`
  return typeof value === 'object' && value !== null ? objectText(value, meter) : `${value}`
}

/** A double is written with its shortest digits, which are those of another long. */
function longText(value: number | bigint): string {
  return typeof value === 'bigint' ? `${value}n` : `${value}`
}

function objectText(value: object & Value, meter: Meter | undefined): string {
  if (value instanceof Date) return `d${value.getTime()}`
  if (value instanceof Uint8Array) {
    meter?.work(value.length * STEPS_OF_A_PART)
    // Not separated as the elements of an array are.
    return `x${value.join(' ')}`
  }
  if (isObjectId(value)) return `o${value.toHexString()}`
  if (isVendorValue(value)) return textOf(value)
  if (isArray(value)) {
    meter?.work(value.length * STEPS_OF_A_PART)
    return `[${value.map((element) => valueText(element, meter)).join(',')}]`
  }
  const entries = Object.entries(value)
  meter?.work(entries.length * STEPS_OF_A_PART)
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${valueText(inner, meter)}`).join(',')}}`
}
