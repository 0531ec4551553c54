import type { CollectionSpec, FieldType } from '../../contract/define-collection.ts'
import { DocumentValidationError } from '../../errors.ts'
import { collectAtPath } from '../../query/path.ts'
import { isDocument, type Document, type Value } from '../../query/value.ts'

const isOfType: Readonly<Record<FieldType, (value: Value) => boolean>> = {
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number' || typeof value === 'bigint',
  boolean: (value) => typeof value === 'boolean',
  date: (value) => value instanceof Date,
  bytes: (value) => value instanceof Uint8Array,
}

/** @throws {DocumentValidationError} when a declared field holds anything but its scalar type, null or nothing. */
export function checkDeclaredFields(spec: CollectionSpec, document: Document): void {
  for (const [path, type] of Object.entries(spec.fields)) {
    if (holdsType(document, path, type)) continue
    throw new DocumentValidationError(`The collection '${spec.name}' declares this field as one ${type}.`, {
      reason: 'DocumentValidationFailure',
      path,
    })
  }
}

/** Whether a value put above declared paths, which are relative to it, holds their types. */
export function holdsDeclaredTypes(fields: Readonly<Record<string, FieldType>>, value: Value): boolean {
  if (!isDocument(value)) return !Array.isArray(value)
  return Object.entries(fields).every(([path, type]) => holdsType(value, path, type))
}

export function isOfDeclaredType(value: Value, type: FieldType): boolean {
  return value === null || isOfType[type](value)
}

function holdsType(document: Document, path: string, type: FieldType): boolean {
  const values = collectAtPath(document, path.split('.'), false)
  return values.length < 2 && values.every((value) => isOfDeclaredType(value, type))
}
