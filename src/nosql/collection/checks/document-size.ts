import type { Limits } from '../../contract/capabilities.ts'
import { type Document, isArray, isObjectId, type Value } from '../../query/value.ts'
import { bytesOf, fieldsOf, isVendorValue, type VendorValue } from '../../query/vendor-value.ts'

/** What limits ask of a value: its size as BSON would have it (https://bsonspec.org/spec.html), and its shape. */
export interface ValueSize {
  readonly bytes: number
  /** How deep objects and arrays nest, the value itself being 1; 0 for a scalar. */
  readonly depth: number
  readonly nestedArrays: boolean
  readonly objectIds: boolean
  /** Whether a date lies outside of those that can be stored. */
  readonly refusedDate: boolean
  /** A field name that cannot be stored. */
  readonly refusedName: string | undefined
}

export function sizeOfValue(value: Value, limits: Limits): ValueSize {
  const { fieldNames } = limits
  let depth = 0
  let nestedArrays = false
  let objectIds = false
  let refusedDate = false
  let refusedName: string | undefined
  /** @param above bytes of the names above it, joined by dots */
  const sizeOf = (inner: Value, level: number, above: number): number => {
    if (typeof inner === 'string') return 5 + utf8Length(inner)
    if (typeof inner === 'number' || typeof inner === 'bigint') return 8
    if (typeof inner === 'boolean') return 1
    if (inner === null) return 0
    if (inner instanceof Date) {
      refusedDate ||= isRefusedDate(inner, limits)
      return 8
    }
    if (inner instanceof Uint8Array) return 5 + inner.length
    if (isObjectId(inner)) {
      objectIds = true
      return 12
    }
    if (isVendorValue(inner)) return sizeOfVendorValue(inner, level, above)
    if (level > depth) depth = level
    return isArray(inner) ? sizeOfArray(inner, level, above) : sizeOfObject(inner, level, above)
  }
  const sizeOfArray = (array: readonly Value[], level: number, above: number): number => {
    let bytes = 5
    for (const [index, element] of array.entries()) {
      nestedArrays ||= Array.isArray(element)
      bytes += 2 + String(index).length + sizeOf(element, level + 1, above)
    }
    return bytes
  }
  const sizeOfObject = (object: Document, level: number, above: number): number => {
    let bytes = 5
    for (const name in object) {
      const length = utf8Length(name)
      const path = above + length
      if (isRefusedName(name, fieldNames) || path > fieldNames.pathBytes) refusedName ??= name
      bytes += 2 + length + sizeOf(object[name] as Value, level + 1, path + 1) // `name` is one of its keys
    }
    return bytes
  }
  const sizeOfVendorValue = (inner: VendorValue, level: number, above: number): number => {
    switch (inner._bsontype) {
      case 'Binary':
        return 5 + bytesOf(inner).length
      case 'Decimal128':
        return 16
      case 'Timestamp':
        return 8
      case 'MinKey':
      case 'MaxKey':
        return 0
      case 'Code':
      case 'DBRef':
      case 'BSONRegExp':
      default:
        // Texts, and what a scope or a reference holds.
        return sizeOfObject(fieldsOf(inner) as Document, level - 1, above)
    }
  }
  const bytes = sizeOf(value, 1, 0)
  return { bytes, depth, nestedArrays, objectIds, refusedDate, refusedName }
}

export function isRefusedDate(date: Date, { dates: [first, last] }: Limits): boolean {
  const time = date.getTime()
  return time < first || time > last
}

export function isRefusedName(name: string, { bytes, refused }: Limits['fieldNames']): boolean {
  return refused?.pattern.test(name) === true || (name.length * 3 > bytes && utf8Length(name) > bytes)
}

export function utf8Length(text: string): number {
  let length = text.length
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    // Each half of a surrogate pair is two of the four bytes.
    if (unit >= 0x800 && (unit < 0xd800 || unit > 0xdfff)) length += 2
    else if (unit >= 0x80) length += 1
  }
  return length
}
