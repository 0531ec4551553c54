/** Values as bytes that sort as the values do: what a backend orders that knows only bytes. */

import { isArray, isObjectId, TypeClass, typeClass, type Value } from '../query/value.ts'
import { incomparable } from '../query/vendor-order.ts'
import { isVendorValue } from '../query/vendor-value.ts'
import { objectIdBytes } from '../query/object-id.ts'
import { ByteWriter } from './byte-writer.ts'
import { writeDouble, writeNumber } from './encode-number.ts'

/** One part of a key: ascending (1) or descending (-1). */
export type KeyPart = readonly [value: Value | undefined, direction: 1 | -1]

/**
 * A compound key whose bytes sort, compared one by one, as its parts do by `compareValues`. Equal values have equal
 * bytes (1 and 1n, 0 and -0), and no key is the beginning of another with the same number of parts, so that parts can
 * be put after one another.
 *
 * @example
 * orderedKey([['red', 1], [7, -1]]) // sorts by text ascending, then by number descending
 */
export function orderedKey(parts: readonly KeyPart[]): Uint8Array {
  const out = new ByteWriter()
  for (const part of parts) writePart(part, out)
  return out.finish()
}

/** The key of one value, ascending. */
export function orderedValue(value: Value | undefined): Uint8Array {
  return orderedKey([[value, 1]])
}

/** Compares as a backend does: byte by byte, a beginning before what continues it. */
export function compareKeys(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length)
  for (let at = 0; at < length; at++) {
    const order = (a[at] as number) - (b[at] as number)
    if (order !== 0) return order
  }
  return a.length - b.length
}

export function writePart([value, direction]: KeyPart, out: ByteWriter): void {
  const start = out.length
  writeValue(value, out)
  if (direction === -1) out.invertFrom(start)
}

/**
 * The first byte of each class of values, in their order. Zero ends a list, and what is above 0xfb stays free in both
 * directions for what must sort after everything.
 */
const tagOf: Readonly<Record<number, number>> = {
  [TypeClass.missing]: 0x05,
  [TypeClass.null]: 0x08,
  [TypeClass.number]: 0x10,
  [TypeClass.string]: 0x20,
  [TypeClass.object]: 0x28,
  [TypeClass.array]: 0x30,
  [TypeClass.bytes]: 0x38,
  [TypeClass.objectId]: 0x40,
  [TypeClass.boolean]: 0x48,
  [TypeClass.date]: 0x50,
}
const end = 0x00

/** The first byte of all values of a value's class, ascending. */
export function tagOfValue(value: Value | undefined): number {
  return tagOf[typeClass(value)] as number
}

function writeValue(value: Value | undefined, out: ByteWriter): void {
  out.byte(tagOfValue(value))
  writeContent(value, out)
}

function writeContent(value: Value | undefined, out: ByteWriter): void {
  switch (typeof value) {
    case 'string':
      return writeText(value, out)
    case 'number':
    case 'bigint':
      return writeNumber(value, out)
    case 'boolean':
      return out.byte(value ? 1 : 0)
    case 'object':
      if (value !== null) return writeObject(value, out)
      return
    case 'undefined':
    default:
  }
}

function writeObject(value: object & Value, out: ByteWriter): void {
  if (value instanceof Date) return writeDouble(value.getTime(), out)
  if (value instanceof Uint8Array) {
    for (const shift of [24, 16, 8, 0]) out.byte((value.length >>> shift) & 0xff)
    return out.bytes(value)
  }
  if (isObjectId(value)) return out.bytes(objectIdBytes(value))
  if (isVendorValue(value)) throw incomparable(value)
  if (isArray(value)) for (const element of value) writeValue(element, out)
  else {
    // Fields compare by class, then by name, then by value.
    for (const [name, inner] of Object.entries(value)) {
      const start = new ByteWriter()
      writeValue(inner, start)
      const bytes = start.finish()
      out.bytes(bytes.subarray(0, 1))
      writeText(name, out)
      out.bytes(bytes.subarray(1))
    }
  }
  out.byte(end)
}

/**
 * Text in the order of code points: as UTF-8, each half of a surrogate pair by itself, after all else. A zero is
 * followed by 0xff, the end is a zero and 0x01.
 */
function writeText(text: string, out: ByteWriter): void {
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    if (unit === 0) writeZero(out)
    else if (unit < 0x80) out.byte(unit)
    else if (unit < 0x800) {
      out.byte(0xc0 | (unit >> 6))
      out.byte(0x80 | (unit & 0x3f))
    } else if (unit < 0xd800 || unit > 0xdfff) {
      out.byte(0xe0 | (unit >> 12))
      out.byte(0x80 | ((unit >> 6) & 0x3f))
      out.byte(0x80 | (unit & 0x3f))
    } else {
      out.byte(0xf0 | ((unit - 0xd800) >> 8))
      if ((unit & 0xff) === 0) writeZero(out)
      else out.byte(unit & 0xff)
    }
  }
  out.byte(0x00)
  out.byte(0x01)
}

function writeZero(out: ByteWriter): void {
  out.byte(0x00)
  out.byte(0xff)
}
