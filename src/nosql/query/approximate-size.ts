import { type Document, isObjectId, type Value } from './value.ts'
import { fieldsOf, isVendorValue } from './vendor-value.ts'

/** Strings longer than this are counted as two bytes a character: a program does not see how its engine stores them. */
const SHORT = 1024

/** About as many bytes as a JavaScript engine needs for a string. */
export function stringSize(length: number): number {
  return 24 + (length > SHORT ? 2 * length : length)
}

/** The same for an array of `length` scalars or references. */
export function arraySize(length: number): number {
  return 40 + 8 * length
}

/** An object of more fields is kept as a table, which needs more room and more time. */
const MOST_FIELDS_IN_A_ROW = 100

/** The same for an object by its number of fields, without their names and values. */
export function objectSize(fields: number): number {
  return 40 + fields * (fields > MOST_FIELDS_IN_A_ROW ? 64 : 16)
}

/** The steps of a meter that making such an object takes. */
export function objectSteps(fields: number): number {
  return fields * (fields > MOST_FIELDS_IN_A_ROW ? 40 : 3)
}

/**
 * About as many bytes as a JavaScript engine needs for a value; cheap, and never far below. The walk ends where the result
 * is larger than `most`, because shared parts can make it endless.
 */
export function approximateSize(value: Value | undefined, most = Infinity): number {
  if (typeof value === 'string') return stringSize(value.length)
  if (typeof value === 'bigint') return 24
  if (typeof value !== 'object' || value === null) return 8
  if (value instanceof Date) return 80
  if (value instanceof Uint8Array) return 120 + value.length
  if (isObjectId(value)) return 120
  if (isVendorValue(value)) return 80 + sizeOfObject(fieldsOf(value) as Document, most) // of scalars, bytes and documents
  return Array.isArray(value) ? sizeOfArray(value, most) : sizeOfObject(value as Document, most)
}

function sizeOfArray(array: readonly Value[], most: number): number {
  let size = arraySize(array.length)
  for (const element of array) {
    size += approximateSize(element, most - size)
    if (size > most) return size
  }
  return size
}

function sizeOfObject(object: Document, most: number): number {
  let size = 40
  for (const name in object) {
    size += 16 + name.length + approximateSize(object[name], most - size)
    if (size > most) return size
  }
  return size
}
