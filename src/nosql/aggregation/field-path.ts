import type { Document, Value } from '../query/value.ts'
import { fail } from './expression/failure.ts'
import { fieldPath } from './expression/field-path.ts'
import { isArray, isObject } from './expression/kinds.ts'
import type { Result } from './expression/scope.ts'

/** The fields of a database reference are the only ones whose names may start with `$`. */
const REFERENCE_NAMES = /(^|\.)\$(id|ref|db)(?=\.|$)/g

/** A dotted path as its names, refused where MongoDB refuses it. */
export function parseFieldPath(path: unknown, what: string): readonly string[] {
  if (typeof path !== 'string') return fail('TypeMismatch', `${what} must be a string.`)
  if (path === '') fail(40352, `${what} must not be empty.`)
  if (path.endsWith('.')) fail(40353, `${what} must not end with a dot.`)
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

/**
 * A copy of the document with `value` at `path`; `undefined` removes what is there. Whatever stands in the way and is no
 * document (arrays too) is replaced.
 */
export function writePath(document: Document, path: readonly string[], value: Result): Document {
  const [name, ...rest] = path
  if (name === undefined) return document
  const copy: Record<string, Value> = { ...document }
  if (rest.length === 0) {
    if (value === undefined) delete copy[name]
    else copy[name] = value
    return copy
  }
  const inner = Object.hasOwn(document, name) ? document[name] : undefined
  if (value === undefined && !isObject(inner)) return document
  copy[name] = writePath(isObject(inner) ? inner : {}, rest, value)
  return copy
}

/** Every value that a dotted path reaches, entering arrays of documents on its way and, at its end, one array. */
export function collectPath(value: Result, path: readonly string[], found: Value[] = []): Value[] {
  const [name, ...rest] = path
  if (name === undefined) {
    if (!isArray(value)) found.push(value ?? null)
    else for (const element of value) found.push(element)
  } else if (isArray(value)) {
    for (const element of value) {
      if (isObject(element)) collectPath(element, path, found)
    }
    if (/^\d+$/.test(name) && Number(name) < value.length) collectPath(value[Number(name)], rest, found)
  } else if (isObject(value)) {
    collectPath(Object.hasOwn(value, name) ? value[name] : undefined, rest, found)
  } else {
    found.push(null)
  }
  return found
}
