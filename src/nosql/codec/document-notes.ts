import { isArray, isDocument, setField, type Document, type Value } from '../query/value.ts'

/**
 * What a backend's own types cannot say of a document: the order of keys, and which whole numbers are bigints. Paths are
 * lists of keys, as field names may have dots.
 */
export interface DocumentNotes {
  /** Bigints. */
  readonly b?: readonly (readonly string[])[]
  /** Objects whose keys do not stand in the order of their UTF-8 bytes, in which the backend keeps them. */
  readonly o?: readonly (readonly [path: readonly string[], keys: readonly string[]])[]
}

/** The notes of a document; an empty object where nothing needs to be noted. */
export function notesOf(document: Document): DocumentNotes {
  const { _id: id, ...content } = document
  const bigints: (readonly string[])[] = typeof id === 'bigint' ? [['_id']] : []
  const orders: (readonly [readonly string[], readonly string[]])[] = []
  collect(content, [], { bigints, orders })
  return { ...(bigints.length > 0 && { b: bigints }), ...(orders.length > 0 && { o: orders }) }
}

/** The document with what its notes say. */
export function applyNotes(document: Document, { b = [], o = [] }: DocumentNotes): Document {
  let noted: Value = document
  for (const path of b) noted = changedAt(noted, path, (value) => (typeof value === 'number' ? BigInt(value) : value))
  // Inner objects first, as an outer one is copied with them.
  for (const [path, keys] of o.toReversed()) {
    noted = changedAt(noted, path, (value) => inOrder(value, path.length === 0 ? ['_id', ...keys] : keys))
  }
  return noted as Document // a document with other values and orders inside
}

interface Found {
  readonly bigints: (readonly string[])[]
  readonly orders: (readonly [readonly string[], readonly string[]])[]
}

function collect(value: Value, path: readonly string[], found: Found): void {
  if (typeof value === 'bigint') {
    // Outside of the safe range a whole number is read as a bigint anyway.
    if (Number.isSafeInteger(Number(value))) found.bigints.push(path)
  } else if (isArray(value)) {
    for (const [index, element] of value.entries()) collect(element, [...path, String(index)], found)
  } else if (isDocument(value)) {
    const keys = Object.keys(value)
    if (!isSorted(keys)) found.orders.push([path, keys])
    for (const key of keys) collect(value[key] as Value, [...path, key], found)
  }
}

/** The entries in the order that needs no note, for backends that send them in any. */
export function inNotedOrder<T>(entries: readonly (readonly [string, T])[]): readonly (readonly [string, T])[] {
  const isThere = entries.every(([key], index) => index === 0 || byCodePoint(entries[index - 1]?.[0] ?? '', key) <= 0)
  return isThere ? entries : entries.toSorted(([a], [b]) => byCodePoint(a, b))
}

function isSorted(keys: readonly string[]): boolean {
  return keys.every((key, index) => index === 0 || byCodePoint(keys[index - 1] ?? '', key) <= 0)
}

function byCodePoint(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let index = 0; index < length; index++) {
    const [left, right] = [a.charCodeAt(index), b.charCodeAt(index)]
    if (left === right) continue
    // A half of a pair stands for a code point above all those that need no pair.
    if (isSurrogate(left) !== isSurrogate(right)) return isSurrogate(left) ? 1 : -1
    return left - right
  }
  return a.length - b.length
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff
}

function changedAt(value: Value, [step, ...rest]: readonly string[], change: (value: Value) => Value): Value {
  if (step === undefined) return change(value)
  if (isArray(value)) {
    const index = Number(step)
    return value.map((element, at) => (at === index ? changedAt(element, rest, change) : element))
  }
  if (!isDocument(value) || !Object.hasOwn(value, step)) return value
  const copy: Record<string, Value> = {}
  for (const [key, inner] of Object.entries(value)) {
    setField(copy, key, key === step ? changedAt(inner, rest, change) : inner)
  }
  return copy
}

/** Keys that another program has added stand last. */
function inOrder(value: Value, keys: readonly string[]): Value {
  if (!isDocument(value)) return value
  const ordered: Record<string, Value> = {}
  for (const key of [...keys, ...Object.keys(value)]) {
    if (Object.hasOwn(value, key) && !Object.hasOwn(ordered, key)) setField(ordered, key, value[key] as Value)
  }
  return ordered
}
