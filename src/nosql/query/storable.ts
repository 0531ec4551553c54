/** What a document must be to be stored on every backend. */

import { MOST_VALUES, wrapReadErrors } from './read-given.ts'
import { DocumentValidationError } from '../errors.ts'
import { isInt64 } from './literal.ts'
import { kindOf } from '../../core/plain-object.ts'
import { hintForObject, inside } from './refusal.ts'
import { type Document, isDocument, setField, type Value } from './value.ts'

export interface StorableOptions {
  /** How deep objects and arrays may nest, the document itself being 1. @default 32 */
  readonly maxDepth?: number
  /** Top-level names that belong to the store. @default none */
  readonly reserved?: ReadonlySet<string>
}

interface Place {
  readonly at: string
  readonly depth: number
  readonly maxDepth: number
  /** How many values there may still be, in the whole. */
  readonly left: { values: number }
}

/**
 * A copy of a document, checked and in its stored form: -0 is 0, fields that are `undefined` are left out.
 *
 * @throws DocumentValidationError for NaN and infinities, bigints beyond 64 bits, invalid dates, classes, functions,
 *   symbols, `undefined` in arrays, nesting beyond `maxDepth`, and field names that are empty, reserved, start with a
 *   dollar, hold a dot or a null character, or are `__proto__`
 */
export function toStorable(document: unknown, options: StorableOptions = {}): Document {
  return wrapReadErrors(() => {
    if (!isDocument(document))
      throw invalid('BadValue', `a document must be a plain object, not ${kindOf(document)}`, '')
    for (const name of options.reserved ?? []) {
      if (Object.hasOwn(document, name)) throw invalid('BadValue', 'this field name belongs to the store', name)
    }
    return storableObject(document, { ...atTop(''), maxDepth: options.maxDepth ?? 32 })
  }, unreadable(''))
}

/** The same for a value that an update puts at a path. `depth` is how deep it will stand. */
export function toStorableValue(value: unknown, at: string, depth = 1): Value {
  return wrapReadErrors(() => storableValue(value, { ...atTop(at), depth }), unreadable(at))
}

/** @throws DocumentValidationError unless a stored field may have this name */
export function assertFieldName(name: string, at: string): void {
  if (name === '') throw invalid('EmptyFieldName', 'a field name cannot be empty', at)
  if (name.startsWith('$')) throw invalid('DollarPrefixedFieldName', 'a field name cannot start with a dollar', at)
  if (name.includes('.')) throw invalid('DottedFieldName', 'a field name cannot hold a dot', at)
  if (name === '__proto__' || name.includes('\0')) throw invalid('BadValue', 'this field name is not allowed', at)
}

export function invalid(reason: string, message: string, path: string, hint?: string): DocumentValidationError {
  return new DocumentValidationError(message, { reason, path, hint })
}

function atTop(at: string): Place {
  return { at, depth: 1, maxDepth: 32, left: { values: MOST_VALUES } }
}

function unreadable(at: string) {
  return (cause: unknown) =>
    new DocumentValidationError('a value cannot be read', { reason: 'BadValue', path: at, cause })
}

function storableValue(value: unknown, place: Place): Value {
  if (--place.left.values < 0) {
    throw invalid('BSONObjectTooLarge', `a document has at most ${MOST_VALUES} values`, place.at)
  }
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value
    case 'number':
      if (!Number.isFinite(value)) throw invalid('BadValue', 'a number must be finite', place.at)
      return value === 0 ? 0 : value
    case 'bigint':
      if (!isInt64(value)) throw invalid('BadValue', 'a bigint must fit in 64 bits', place.at)
      return value
    case 'object':
      return value === null ? null : storableInstance(value, place)
    case 'undefined':
    case 'function':
    case 'symbol':
    default:
      throw invalid('BadValue', `${kindOf(value)} cannot be stored`, place.at)
  }
}

function storableInstance(value: object, place: Place): Value {
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) throw invalid('BadValue', 'a date must be valid', place.at)
    return new Date(value)
  }
  if (value instanceof Uint8Array) return new Uint8Array(value)
  if (place.depth > place.maxDepth) {
    throw invalid('Overflow', `a document nests at most ${place.maxDepth} deep`, place.at)
  }
  if (Array.isArray(value)) return Array.from(value, (element, index) => storableValue(element, deeper(place, index)))
  if (isDocument(value)) return storableObject(value, place)
  throw invalid('BadValue', `${kindOf(value)} cannot be stored`, place.at, hintForObject(value))
}

function storableObject(source: object, place: Place): Document {
  const copy: Record<string, Value> = {}
  for (const [name, value] of Object.entries(source)) {
    if (value === undefined) continue
    const inner = deeper(place, name)
    assertFieldName(name, inner.at)
    setField(copy, name, storableValue(value, inner))
  }
  return copy
}

function deeper(place: Place, part: string | number): Place {
  return { at: inside(place.at, part), depth: place.depth + 1, maxDepth: place.maxDepth, left: place.left }
}
