import type { BSONSerializeOptions } from 'mongodb'
import type { Document, Value } from '../../../query/value.ts'

/**
 * How the vendor's codec is asked to read and write: int64 is a bigint, bytes are bytes, a `-0` or `undefined` does not
 * reach it, as the portable layer has normalized what is written.
 */
export const bsonOptions: BSONSerializeOptions = { useBigInt64: true, promoteBuffers: true, ignoreUndefined: true }

/** A document as the portable layer has it. Types that only MongoDB has, such as Decimal128, pass through. */
export function fromBson(document: Readonly<Record<string, unknown>>): Document {
  // Read by the vendor's codec: every value is portable, bytes, or one of MongoDB's own classes.
  return replaceBytes(document) as Document
}

/** The same for the values of `distinct`. */
export function valuesFromBson(values: readonly unknown[]): readonly Value[] {
  return values.map((value) => replaceBytes(value) as Value)
}

/** The vendor reads bytes as Node's Buffer, which is a Uint8Array with other methods: copies would alias its pool. */
function replaceBytes(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  // Made by the codec for this call: nothing else holds it yet. Asked first, because most values are plain.
  if (Object.getPrototypeOf(value) === Object.prototype) return replaceBytesIn(value as Record<string, unknown>)
  if (Array.isArray(value)) return replaceBytesInList(value)
  return value instanceof Uint8Array ? new Uint8Array(value) : value
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
