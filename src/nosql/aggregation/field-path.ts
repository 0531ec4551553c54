import { objectSize, objectSteps } from '../query/approximate-size.ts'
import type { Meter } from '../query/meter.ts'
import type { Document, Value } from '../query/value.ts'
import { fail } from './expression/failure.ts'
import { fieldPath } from './expression/field-path.ts'
import { isObject } from './expression/kinds.ts'
import type { Result } from './expression/scope.ts'

/** The fields of a database reference are the only ones whose names may start with `$`. */
const REFERENCE_NAMES = /(^|\.)\$(id|ref|db)(?=\.|$)/g

/** A dotted path as its names, refused where MongoDB refuses it. */
export function parseFieldPath(path: unknown, what: string): readonly string[] {
  if (typeof path !== 'string') return fail('TypeMismatch', `${what} must be a string`)
  if (path === '') fail(40352, `${what} must not be empty`)
  if (path.endsWith('.')) fail(40353, `${what} must not end with a dot`)
  fieldPath(path.replace(REFERENCE_NAMES, '$1$2'))
  return path.split('.')
}

/** The value at a path of plain nested documents: arrays are not entered. */
export function readPath(document: Document, path: readonly string[]): Result {
  let value: Result = document
  for (const name of path) {
    if (!isObject(value)) return undefined
    value = Object.hasOwn(value, name) ? value[name] : undefined
  }
  return value
}

/** What is put at a path. */
export interface Written {
  /** `undefined` removes what is there. */
  readonly value: Result
  /** Pays for the copies of what leads there. */
  readonly meter: Meter
}

/**
 * A copy of the document with a value at `path`. A value on the way that is not a document is replaced; so is an array.
 */
export function writePath(document: Document, path: readonly string[], written: Written): Document {
  const [name, ...rest] = path
  const { value, meter } = written
  if (name === undefined) return document
  const fields = Object.keys(document).length + 1
  meter.work(objectSteps(fields))
  meter.allocate(objectSize(fields))
  const copy: Record<string, Value> = { ...document }
  if (rest.length === 0) {
    if (value === undefined) delete copy[name]
    else copy[name] = value
    return copy
  }
  const inner = Object.hasOwn(document, name) ? document[name] : undefined
  if (value === undefined && !isObject(inner)) return document
  copy[name] = writePath(isObject(inner) ? inner : {}, rest, written)
  return copy
}
