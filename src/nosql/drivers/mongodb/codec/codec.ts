import type { BSONSerializeOptions } from 'mongodb'
import type { Document, Value } from '../../../query/value.ts'

/**
 * How the vendor's codec is asked to read and write: int64 is a bigint, a `-0` or `undefined` does not reach it, as the
 * portable layer has normalized what is written. Bytes and regular expressions come in the vendor's classes, which alone
 * know the subtype of bytes, a UUID's say, and every flag.
 */
export const bsonOptions: BSONSerializeOptions = {
  useBigInt64: true,
  promoteBuffers: false,
  bsonRegExp: true,
  ignoreUndefined: true,
}

/** A document as the portable layer has it. Types that only MongoDB has, such as Decimal128, pass through. */
export function fromBson(document: Readonly<Record<string, unknown>>): Document {
  // Read by the vendor's codec: every value is portable, bytes, or one of MongoDB's own classes.
  return replaceBytes(document) as Document
}

/** The same for the values of `distinct`. */
export function valuesFromBson(values: readonly unknown[]): readonly Value[] {
  return values.map((value) => replaceBytes(value) as Value)
}

/** Bytes of the general subtype are a Uint8Array; others, such as a UUID or encrypted bytes, stay what they are. */
function replaceBytes(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  // Made by the codec for this call: nothing else holds it yet. Asked first, because most values are plain.
  if (Object.getPrototypeOf(value) === Object.prototype) return replaceBytesIn(value as Record<string, unknown>)
  if (Array.isArray(value)) return replaceBytesInList(value)
  return isPlainBinary(value) ? new Uint8Array(value.buffer.subarray(0, value.position)) : value
}

interface VendorBinary {
  readonly sub_type: number
  /** A view of the message that was read, which is copied, so that a document does not keep all of it. */
  readonly buffer: Uint8Array
  readonly position: number
}

/** A document's own field of this name would be in a plain object. */
function isPlainBinary(value: object): value is VendorBinary {
  return '_bsontype' in value && value._bsontype === 'Binary' && 'sub_type' in value && value.sub_type === 0
}

function replaceBytesIn(fields: Record<string, unknown>): unknown {
  for (const field in fields) {
    const inner = fields[field]
    if (typeof inner !== 'object' || inner === null) continue
    const replaced = replaceBytes(inner)
    if (replaced !== inner) fields[field] = replaced
  }
  return fields
}

function replaceBytesInList(list: unknown[]): unknown {
  for (let index = 0; index < list.length; index++) {
    const element: unknown = list[index]
    if (typeof element !== 'object' || element === null) continue
    const replaced = replaceBytes(element)
    if (replaced !== element) list[index] = replaced
  }
  return list
}
