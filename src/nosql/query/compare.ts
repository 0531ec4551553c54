/** MongoDB's total order over values, and the equality that goes with it. */

import { compareText } from '../../core/compare-text.ts'
import type { Meter } from './meter.ts'
import { compareObjectIds } from './object-id.ts'
import { compareBytes, compareVendorValues, isSameForm } from './vendor-order.ts'
import { isVendorValue } from './vendor-value.ts'
import { type Document, isArray, type ObjectIdLike, TypeClass, typeClass, type Value } from './value.ts'

/**
 * Orders any two values: missing < null < numbers < strings < objects < arrays < bytes < ObjectIds < booleans < dates.
 *
 * Numbers and bigints compare by value (NaN below all others), strings by code point, objects field by field
 * (type, then name, then value), arrays element by element, bytes by length and then content.
 *
 * @param meter pays for what objects and arrays hold
 * @returns a negative number, zero or a positive number
 * @throws UnsupportedOperationError for values of MongoDB's own classes whose order only the server knows
 * @see https://www.mongodb.com/docs/manual/reference/bson-type-comparison-order/
 */
export function compareValues(a: Value | undefined, b: Value | undefined, meter?: Meter): number {
  if (a === b) return 0
  if (typeof a === 'number' && typeof b === 'number') return compareNumbers(a, b)
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b)
  const left = typeClass(a)
  const right = typeClass(b)
  if (left !== right) return left - right
  return isVendorValue(a) || isVendorValue(b)
    ? compareVendorValues(a, b)
    : compareWithinClass(a, b, { shared: left, meter })
}

/** True when `compareValues` finds no difference: 1 equals 1n, and the order of keys counts. */
export function equalValues(a: Value | undefined, b: Value | undefined, meter?: Meter): boolean {
  if (a === b) return true
  if (typeof a === 'string' || typeof b === 'string') return false
  return compareValues(a, b, meter) === 0
}

/** Equal, and of the same types throughout: 1 and 1n are not identical. What an update calls "no change". */
export function identicalValues(a: Value | undefined, b: Value | undefined): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (isArray(a)) {
    return isArray(b) && a.length === b.length && a.every((element, index) => identicalValues(element, b[index]))
  }
  const shared = typeClass(a)
  if (shared !== typeClass(b)) return false
  if (isVendorValue(a) || isVendorValue(b)) return isSameForm(a, b)
  if (shared !== TypeClass.object) return compareWithinClass(a, b, { shared }) === 0
  const keys = Object.keys(a)
  const others = Object.keys(b)
  return (
    keys.length === others.length &&
    // Both are objects, by their class.
    keys.every((key, index) => key === others[index] && identicalValues((a as Document)[key], (b as Document)[key]))
  )
}

function compareNumbers(a: number | bigint, b: number | bigint): number {
  if (a < b) return -1
  if (a > b) return 1
  return Number(Number.isNaN(b)) - Number(Number.isNaN(a))
}

interface Comparison {
  readonly shared: TypeClass
  readonly meter?: Meter | undefined
}

function compareWithinClass(a: Value | undefined, b: Value | undefined, { shared, meter }: Comparison): number {
  // `shared` is the class of both, and says their types, here and in the cases below.
  switch (shared) {
    case TypeClass.number:
      return compareNumbers(a as number | bigint, b as number | bigint)
    case TypeClass.string:
      return compareText(a as string, b as string)
    case TypeClass.object:
      return compareObjects(a as Document, b as Document, meter)
    case TypeClass.array:
      return compareArrays(a as readonly Value[], b as readonly Value[], meter) // by their class
    case TypeClass.bytes:
      return compareBytes(a as Uint8Array, b as Uint8Array) // by their class
    case TypeClass.objectId:
      return compareObjectIds(a as ObjectIdLike, b as ObjectIdLike) // by their class
    case TypeClass.boolean:
      return Number(a) - Number(b)
    case TypeClass.date:
      return compareNumbers((a as Date).getTime(), (b as Date).getTime()) // by their class
    case TypeClass.missing:
    case TypeClass.null:
    default:
      return 0
  }
}

/** The work of looking at one field or element. */
const STEPS_OF_A_FIELD = 3

function compareObjects(a: Document, b: Document, meter: Meter | undefined): number {
  const left = Object.keys(a)
  const right = Object.keys(b)
  meter?.work(left.length + right.length)
  const length = Math.min(left.length, right.length)
  for (let index = 0; index < length; index++) {
    const leftKey = left[index] as string // `index` is below both lengths
    const rightKey = right[index] as string
    meter?.work(STEPS_OF_A_FIELD)
    const order =
      typeClass(a[leftKey]) - typeClass(b[rightKey]) ||
      compareText(leftKey, rightKey) ||
      compareValues(a[leftKey], b[rightKey], meter)
    if (order !== 0) return order
  }
  return left.length - right.length
}

function compareArrays(a: readonly Value[], b: readonly Value[], meter: Meter | undefined): number {
  const length = Math.min(a.length, b.length)
  for (let index = 0; index < length; index++) {
    meter?.work(1)
    const order = compareValues(a[index], b[index], meter)
    if (order !== 0) return order
  }
  return a.length - b.length
}
