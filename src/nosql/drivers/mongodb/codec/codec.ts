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
  if (value instanceof Uint8Array) return new Uint8Array(value)
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) {
      const element: unknown = value[index]
      if (typeof element === 'object' && element !== null) value[index] = replaceBytes(element)
    }
    return value
  }
  if (value instanceof Date || '_bsontype' in value) return value
  // Made by the codec for this call: nothing else holds it yet.
  const fields = value as Record<string, unknown>
  for (const field in fields) {
    const inner = fields[field]
    if (typeof inner === 'object' && inner !== null) fields[field] = replaceBytes(inner)
  }
  return fields
}
