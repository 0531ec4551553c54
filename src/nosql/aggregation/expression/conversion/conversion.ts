import { objectIdTime, StoredObjectId } from '../../../query/object-id.ts'
import { isObjectId } from '../../../query/value.ts'
import { isInt64 } from '../../../query/checked-copy.ts'
import { bytesFrom, bytesText, doubleFromBytes, numberBytes, wholeFromBytes } from './bytes.ts'
import { dateFromText } from '../date/parse.ts'
import { UTC } from '../date/zone.ts'
import { fail, unsupported } from '../failure.ts'
import { isInt32, isNumeric, typeName, wholeNumber } from '../kinds.ts'
import type { Result } from '../scope.ts'
import { dateText, numberText } from '../string/text.ts'

/** Options of a conversion other than its target. */
export interface Manner {
  /** How a string writes bytes. */
  readonly format?: string | undefined
  /** The order of a number's bytes. @default 'little' */
  readonly bigEndian?: boolean
}

export type Convert = (value: Result, manner: Manner) => Result

/** A text that is not a number, or a value without a counterpart. `onError` can replace the failure. */
function refuse(value: Result, target: string): never {
  return fail('ConversionFailure', `a value of type ${typeName(value)} cannot be converted to ${target}`)
}

const DECIMAL = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i

/** C's hexadecimal floating point: `0x1.8p3`. */
const HEX = /^(?<sign>[+-]?)0x(?<whole>[\da-f]*)(?:\.(?<part>[\da-f]*))?(?:p(?<power>[+-]?\d+))?$/i

function fromHex({ sign, whole = '', part = '', power = '0' }: Readonly<Record<string, string | undefined>>): number {
  if (whole + part === '') return refuse('', 'double')
  const size = Number(`0x${whole}${part}`) * 2 ** (Number(power) - 4 * part.length)
  return sign === '-' ? -size : size
}

function toDouble(value: Result, { bigEndian = false }: Manner): number {
  if (isNumeric(value)) return Number(value)
  if (typeof value === 'boolean') return Number(value)
  if (value instanceof Date) return value.getTime()
  if (typeof value === 'string') {
    const hex = HEX.exec(value)
    if (hex !== null) return fromHex(hex.groups ?? {})
    if (DECIMAL.test(value)) {
      const parsed = Number(value)
      return Number.isFinite(parsed) ? parsed : refuse(value, 'double')
    }
    const special = /^([+-]?)(?:(inf(?:inity)?)|nan)$/i.exec(value)
    if (special !== null) return special[2] === undefined ? NaN : special[1] === '-' ? -Infinity : Infinity
  }
  const held = value instanceof Uint8Array ? doubleFromBytes(value, !bigEndian) : undefined
  return held ?? refuse(value, 'double')
}

function toWhole(value: Result, target: 'int' | 'long', { bigEndian = false }: Manner): bigint {
  if (typeof value === 'bigint') return value
  if (typeof value === 'boolean') return BigInt(value)
  if (typeof value === 'number') return Number.isFinite(value) ? BigInt(Math.trunc(value)) : refuse(value, target)
  if (value instanceof Date && target === 'long') return BigInt(value.getTime())
  if (typeof value === 'string' && /^[+-]?0*\d{1,99}$/.test(value)) return BigInt(value.replace('+', ''))
  const held = value instanceof Uint8Array ? wholeFromBytes(value, !bigEndian) : undefined
  return held ?? refuse(value, target)
}

function toInt(value: Result, manner: Manner): number {
  const whole = Number(toWhole(value, 'int', manner))
  return isInt32(whole) ? whole : refuse(value, 'int')
}

function toLong(value: Result, manner: Manner): bigint {
  const whole = toWhole(value, 'long', manner)
  return isInt64(whole) ? whole : refuse(value, 'long')
}

function toDate(value: Result): Date {
  if (value instanceof Date) return value
  if (isObjectId(value)) return objectIdTime(value)
  // MongoDB converts a long or a double, and refuses an int.
  const milliseconds =
    typeName(value) === 'int' ? undefined : typeof value === 'number' ? Math.trunc(value) : wholeNumber(value)
  const date =
    typeof value === 'string'
      ? dateFromText(value, UTC)
      : milliseconds === undefined
        ? undefined
        : new Date(milliseconds)
  return date === undefined || Number.isNaN(date.getTime()) ? refuse(value, 'date') : date
}

const toText: Convert = (value, { format }) => {
  if (typeof value === 'string') return value
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value)
  if (typeof value === 'number') return numberText(value)
  if (value instanceof Date) return dateText(value)
  if (isObjectId(value)) return value.toHexString()
  return value instanceof Uint8Array ? bytesText(value, format) : refuse(value, 'string')
}

const toBytes: Convert = (value, { format, bigEndian = false }) => {
  if (value instanceof Uint8Array) return value
  if (isNumeric(value)) return numberBytes(value, { little: !bigEndian, int: typeName(value) === 'int' })
  return typeof value === 'string' ? bytesFrom(value, format) : refuse(value, 'binData')
}

/** A type that only MongoDB has: what it would refuse is refused, what it would convert is unsupported. */
const mongoOnly =
  (target: string, accepts: (value: Result) => unknown): Convert =>
  (value) => {
    if (!accepts(value)) refuse(value, target)
    return unsupported(
      `values cannot be converted to ${target}: documents here do not store that type`,
      'Use a string or a number, or run the pipeline on MongoDB.',
    )
  }

const toObjectId: Convert = (value) => {
  if (isObjectId(value)) return value
  return typeof value === 'string' && /^[\da-f]{24}$/i.test(value)
    ? new StoredObjectId(value)
    : refuse(value, 'objectId')
}

/** The conversions by their targets. */
export const CONVERSIONS: Readonly<Record<string, Convert>> = {
  binData: toBytes,
  bool: (value) => (isNumeric(value) ? Number(value) !== 0 : value !== false),
  date: toDate,
  decimal: mongoOnly('decimal', (value) => typeof toDouble(value, {}) === 'number'),
  double: toDouble,
  int: toInt,
  long: toLong,
  objectId: toObjectId,
  string: toText,
}
