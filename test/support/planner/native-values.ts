/** Values as databases see them that keep no order of keys and do not look into arrays. */

import { compareValues } from '../../../src/nosql/query/compare.ts'
import { isObject } from '../../../src/nosql/query/path.ts'
import { type Document, isArray, typeClass, type Value } from '../../../src/nosql/query/value.ts'

/** The value at a path, through objects only. */
export function valueAt(document: Document, parts: readonly string[]): Value | undefined {
  let value: Value | undefined = document
  for (const part of parts) value = isObject(value) ? value[part] : undefined
  return value
}

/** Equality in which the order of keys does not count. */
export function sameNative(a: Value | undefined, b: Value): boolean {
  if (isArray(a) && isArray(b)) return a.length === b.length && a.every((each, at) => sameNative(each, b[at] as Value))
  if (isObject(a) && isObject(b)) {
    const names = Object.keys(a)
    return (
      names.length === Object.keys(b).length &&
      names.every((name) => name in b && sameNative(a[name], b[name] as Value))
    )
  }
  return a !== undefined && compareValues(a, b) === 0
}

/** The order of two values of one class; undefined for others. */
export function nativeOrder(a: Value | undefined, b: Value): number | undefined {
  return a !== undefined && typeClass(a) === typeClass(b) ? compareValues(a, b) : undefined
}
