import type { CollectionSpec, FieldType } from '../../contract/define-collection.ts'
import { DocumentValidationError } from '../../errors.ts'
import { collectAtPath } from '../../query/path.ts'
import type { Document, Value } from '../../query/value.ts'

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
    const values = collectAtPath(document, path.split('.'), false)
    if (values.length < 2 && values.every((value) => value === null || isOfType[type](value))) continue
    throw new DocumentValidationError(`The collection '${spec.name}' declares this field as one ${type}.`, {
      reason: 'DocumentValidationFailure',
      path,
    })
  }
}
