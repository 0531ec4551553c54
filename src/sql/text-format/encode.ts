import { UsageError } from '../../core/errors.ts'
import { DataError } from '../errors.ts'
import { formatInstant } from './instant.ts'
import { formatArrayLiteral, type ArrayElement } from './array-literal.ts'
import { assertCallSize } from '../session/statements/statement-guard.ts'
import type { SqlText } from '../contract/driver.ts'

/** What UTF-8 cannot say: encoders silently put another character in its place. */
const halfPair = /\p{Surrogate}/u

/** Objects of which JSON keeps nothing, or something else, by the tags that are the same in every realm. */
export const notJson = /^\[object (?:Map|Set|WeakMap|WeakSet|Promise|RegExp|Error|Symbol|\w+Array)\]$/

/**
 * A JavaScript value as PostgreSQL text, the same for every driver: dates in UTC, bytes as `\x` hexadecimal, arrays as
 * array literals, other objects as JSON.
 *
 * @throws UsageError for an invalid date, and for what cannot be written, such as a function or a promise
 * @throws DataError for half of a surrogate pair, which no database stores, and for more than a call may send
 */
export function encodeParam(value: unknown): SqlText {
  switch (typeof value) {
    case 'string':
      assertCallSize(value.length)
      if (halfPair.test(value)) throw new DataError('text cannot be stored: it has half of a surrogate pair')
      return value
    case 'number':
    case 'bigint':
    case 'boolean':
      return String(value)
    case 'undefined':
      return null
    case 'object':
      return encodeObject(value)
    case 'function':
    case 'symbol':
    default:
      throw notAParameter(`a ${typeof value}`)
  }
}

/** Objects may come from another realm, where `instanceof` does not know them. */
function encodeObject(value: object | null): SqlText {
  if (value === null) return null
  if (Array.isArray(value)) return encodeParam(formatArrayLiteral(value.map(encodeElement)))
  const tag = Object.prototype.toString.call(value)
  // An object with the tag of a class has its members.
  switch (tag) {
    case '[object Date]':
      return encodeDate(value as Date)
    case '[object Uint8Array]':
      return encodeBytes(value as Uint8Array)
    case '[object ArrayBuffer]':
      return encodeBytes(new Uint8Array(value as ArrayBuffer))
    case '[object DataView]': {
      const { buffer, byteOffset, byteLength } = value as DataView // by its tag
      return encodeBytes(new Uint8Array(buffer, byteOffset, byteLength))
    }
    case '[object String]':
    case '[object Number]':
    case '[object Boolean]':
    case '[object BigInt]':
      return encodeParam(value.valueOf())
    default:
      return encodeJson(value, tag)
  }
}

function encodeJson(value: object, tag: string): string {
  const text: string | undefined = notJson.test(tag) || 'then' in value ? undefined : JSON.stringify(value)
  if (text === undefined) throw notAParameter(`${tag.slice(8, -1)} objects`)
  return text
}

function notAParameter(what: string): UsageError {
  return new UsageError(`${what} cannot be a parameter of a statement`)
}

function encodeElement(element: unknown): ArrayElement {
  return Array.isArray(element) ? element.map(encodeElement) : encodeParam(element)
}

function encodeDate(date: Date): string {
  if (!Number.isNaN(date.getTime())) return formatInstant(date)
  throw new UsageError('an invalid date cannot be a parameter of a statement')
}

function encodeBytes(bytes: Uint8Array): string {
  assertCallSize(bytes.length * 2)
  let text = '\\x'
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0')
  return text
}
