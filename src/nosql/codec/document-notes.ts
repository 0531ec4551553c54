import { setField } from '../../core/plain-object.ts'
import { isArray, isDocument, type Document, type Value } from '../query/value.ts'
import { isSorted } from './key-order.ts'

/**
 * What a backend's own types cannot say of a document: the order of keys, and which whole numbers are bigints. Paths are
 * lists of keys, as field names may have dots.
 */
export interface DocumentNotes {
  /** Bigints. */
  readonly b?: readonly (readonly string[])[]
  /** Objects whose keys are not in the order of their UTF-8 bytes, in which the backend keeps them. */
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

interface Found {
  readonly bigints: (readonly string[])[]
  readonly orders: (readonly [readonly string[], readonly string[]])[]
}

/** @param path of the value; it is the same list for all */
function collect(value: Value, path: string[], found: Found): void {
  if (typeof value === 'bigint') {
    // Outside of the safe range a whole number is read as a bigint anyway.
    if (Number.isSafeInteger(Number(value))) found.bigints.push([...path])
  } else if (isArray(value)) {
    for (const [index, element] of value.entries()) collectAt(String(index), element, { path, found })
  } else if (isDocument(value)) {
    const keys = Object.keys(value)
    if (!isSorted(keys)) found.orders.push([[...path], keys])
    for (const key of keys) collectAt(key, value[key] as Value, { path, found })
  }
}

interface Below {
  readonly path: string[]
  readonly found: Found
}

function collectAt(step: string, value: Value, { path, found }: Below): void {
  path.push(step)
  collect(value, path, found)
  path.pop()
}

/** The document with bigints at these paths. */
export function withBigints(document: Document, paths: readonly (readonly string[])[]): Document {
  let noted: Value = document
  for (const path of paths) noted = bigintAt(noted, path)
  return noted as Document // a document with other values inside
}

function bigintAt(value: Value, [step, ...rest]: readonly string[]): Value {
  // `isInteger` holds for numbers only.
  if (step === undefined) return Number.isInteger(value) ? BigInt(value as number) : value
  if (isArray(value)) {
    const index = Number(step)
    return value.map((element, at) => (at === index ? bigintAt(element, rest) : element))
  }
  if (!isDocument(value) || !Object.hasOwn(value, step)) return value
  const copy: Record<string, Value> = {}
  for (const [key, inner] of Object.entries(value)) setField(copy, key, key === step ? bigintAt(inner, rest) : inner)
  return copy
}
