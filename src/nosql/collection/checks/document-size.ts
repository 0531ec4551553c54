import { isObjectId } from '../../query/object-id.ts'
import type { Document, Value } from '../../query/value.ts'

/** What limits ask of a document: its size as BSON would have it (https://bsonspec.org/spec.html), and its shape. */
export interface DocumentSize {
  readonly bytes: number
  readonly nestedArrays: boolean
  readonly objectIds: boolean
}

export function documentSize(document: Document): DocumentSize {
  let nestedArrays = false
  let objectIds = false
  const sizeOf = (value: Value): number => {
    if (typeof value === 'string') return 5 + utf8Length(value)
    if (typeof value === 'number' || typeof value === 'bigint') return 8
    if (typeof value === 'boolean') return 1
    return value === null ? 0 : objectSize(value)
  }
  const objectSize = (value: Exclude<Value, null | boolean | number | bigint | string>): number => {
    if (value instanceof Date) return 8
    if (value instanceof Uint8Array) return 5 + value.length
    if (isObjectId(value)) {
      objectIds = true
      return 12
    }
    let bytes = 5
    if (Array.isArray(value)) {
      for (const [index, element] of (value as readonly Value[]).entries()) {
        nestedArrays ||= Array.isArray(element)
        bytes += 2 + String(index).length + sizeOf(element)
      }
      return bytes
    }
    for (const name in value as Document) bytes += 2 + utf8Length(name) + sizeOf((value as Document)[name] as Value)
    return bytes
  }
  const bytes = objectSize(document)
  return { bytes, nestedArrays, objectIds }
}

function utf8Length(text: string): number {
  let length = text.length
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    // Each half of a surrogate pair is two of the four bytes.
    if (unit >= 0x800 && (unit < 0xd800 || unit > 0xdfff)) length += 2
    else if (unit >= 0x80) length += 1
  }
  return length
}
