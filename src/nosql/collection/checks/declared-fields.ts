import type { CollectionSpec, FieldType } from '../../contract/define-collection.ts'
import { DocumentValidationError } from '../../errors.ts'
import { isObject } from '../../query/path.ts'
import { type Document, getField, isArray, type Value } from '../../query/value.ts'

const isOfType: Readonly<Record<FieldType, (value: Value) => boolean>> = {
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number' || typeof value === 'bigint',
  boolean: (value) => typeof value === 'boolean',
  date: (value) => value instanceof Date,
  bytes: (value) => value instanceof Uint8Array,
}

/**
 * So that a filter reaches one value at most, and a plan may be exact, there is no array on the way to it either.
 *
 * @throws DocumentValidationError when a declared field holds anything but its scalar type, null or nothing
 */
export function checkDeclaredFields(spec: CollectionSpec, document: Document): void {
  for (const [path, type] of Object.entries(spec.fields)) {
    if (isOfDeclaredType(valueAt(document, path), type)) continue
    throw new DocumentValidationError(`a field of '${spec.name}' must be of its declared type ${type}`, {
      reason: 'DocumentValidationFailure',
      path,
    })
  }
}

/** Whether a value put above declared paths, which are relative to it, holds their types. */
export function holdsDeclaredTypes(fields: Readonly<Record<string, FieldType>>, value: Value): boolean {
  return Object.entries(fields).every(([path, type]) => isOfDeclaredType(valueAt(value, path), type))
}

export function isOfDeclaredType(value: Value | undefined, type: FieldType): boolean {
  return value === undefined || value === null || isOfType[type](value)
}

/** The value at the path: the first array on the way, if there is one. */
function valueAt(start: Value, path: string): Value | undefined {
  let value: Value | undefined = start
  for (const part of path.split('.')) {
    if (isArray(value)) return value
    if (!isObject(value)) return undefined
    value = getField(value, part)
  }
  return value
}
