/** Sort orders over documents. */

import { compareValues } from './compare.ts'
import { arrayIndex, isObject, type PathParts, splitPath } from './path.ts'
import { badValue, inside } from './refusal.ts'
import { type Document, getField, isArray, isDocument, type Value } from './value.ts'

/** One key of a sort: a dotted path and its direction. */
export interface SortKey {
  readonly path: string
  readonly direction: 1 | -1
}

/** The values a document sorts by, one for each key. */
export type SortValues = readonly (Value | undefined)[]

const maxKeys = 32
const maxParts = 200

/**
 * Parses `{ age: -1, name: 1 }`, or the same as pairs, `[['age', -1], ['name', 1]]`.
 *
 * @throws NoSQLFilterError for an empty sort, a direction other than 1 and -1, or a path with empty or dollar parts
 */
export function parseSort(sort: unknown, at = ''): readonly SortKey[] {
  const entries: readonly unknown[] = isDocument(sort) ? Object.entries(sort) : Array.isArray(sort) ? sort : []
  if (entries.length === 0) throw badValue('a sort needs at least one key', at)
  if (entries.length > maxKeys) throw badValue(`a sort has at most ${maxKeys} keys`, at)
  return entries.map((entry) => {
    const [path, direction]: readonly unknown[] = Array.isArray(entry) ? entry : []
    if (typeof path !== 'string') throw badValue('a path of a sort must be text', at)
    assertPath(path, inside(at, path))
    return { path, direction: parseDirection(direction, inside(at, path)) }
  })
}

function parseDirection(direction: unknown, at: string): 1 | -1 {
  if (direction === 1 || direction === 1n) return 1
  if (direction === -1 || direction === -1n) return -1
  throw badValue('a sort direction must be 1 or -1', at)
}

/** @throws NoSQLFilterError for a path with empty parts, dollar parts or too many of them */
function assertPath(path: string, at: string): void {
  const parts = splitPath(path)
  if (parts.includes('')) throw badValue('a path cannot have an empty part', at)
  if (parts.some((part) => part.startsWith('$'))) throw badValue('a path part cannot start with a dollar', at)
  if (parts.length > maxParts) throw badValue(`a path has at most ${maxParts} parts`, at)
}

/** Orders the values of two documents, taken by `compileSortValues`. */
export function compareSortValues(keys: readonly SortKey[]): (a: SortValues, b: SortValues) => number {
  return (a, b) => {
    for (let index = 0; index < keys.length; index++) {
      const order = compareValues(a[index], b[index])
      if (order !== 0) return (keys[index] as SortKey).direction * order
    }
    return 0
  }
}

/**
 * Takes from a document what it sorts by: missing counts as null, an array as its smallest element in an ascending key
 * and its largest in a descending one, an empty array as less than null. Keys that go through the same array take
 * their values from the same element.
 *
 * The function throws NoSQLFilterError where two keys go through different arrays.
 *
 * @see https://www.mongodb.com/docs/manual/reference/bson-type-comparison-order/#arrays
 */
export function compileSortValues(keys: readonly SortKey[]): (document: Document) => SortValues {
  const paths = keys.map((key) => splitPath(key.path))
  const compare = compareSortValues(keys)
  return (document) => {
    let best: SortValues | undefined
    expand(
      paths.map((parts) => advance(document, parts, 0)),
      (values) => {
        if (best === undefined || compare(values, best) < 0) best = values
      },
    )
    return best as unknown as SortValues
  }
}

/** A comparator of whole documents. To sort many, take the values once: `sortDocuments`. Ties are left as they are. */
export function compileSort(keys: readonly SortKey[]): (a: Document, b: Document) => number {
  const valuesOf = compileSortValues(keys)
  const compare = compareSortValues(keys)
  return (a, b) => compare(valuesOf(a), valuesOf(b))
}

/** A new, sorted array; ties keep their order. */
export function sortDocuments(documents: readonly Document[], keys: readonly SortKey[]): Document[] {
  const valuesOf = compileSortValues(keys)
  const compare = compareSortValues(keys)
  return documents
    .map((document) => ({ document, values: valuesOf(document) }))
    .sort((a, b) => compare(a.values, b.values))
    .map(({ document }) => document)
}

/** How far one key's path has been followed: an array with parts to go, or the end. */
interface Step {
  readonly value: Value | undefined
  readonly parts: PathParts
  readonly next: number
  /** The value stands in an array already: a further array at the end of the path is a value of its own. */
  readonly inArray: boolean
}

function advance(start: Value | undefined, parts: PathParts, from: number, inArray = false): Step {
  let value = start
  for (let next = from; next < parts.length; next++) {
    const part = parts[next] as string
    if (isArray(value)) {
      const index = arrayIndex(part)
      if (index === undefined) return { value, parts, next, inArray: false }
      value = value[index]
    } else value = isObject(value) ? getField(value, part) : undefined
  }
  return { value, parts, next: parts.length, inArray }
}

function isOpen(step: Step): boolean {
  return isArray(step.value) && !(step.inArray && step.next === step.parts.length)
}

function expand(steps: readonly Step[], emit: (values: SortValues) => void): void {
  const array = steps.find(isOpen)?.value
  if (array === undefined) return emit(steps.map(({ value }) => (value === undefined ? null : value)))
  if (steps.some((step) => isOpen(step) && step.value !== array)) {
    throw badValue('two sort keys go through different arrays')
  }
  const elements = array as readonly Value[]
  if (elements.length === 0) return emit(steps.map((step) => endOfEmpty(step)))
  for (const element of elements) {
    expand(
      steps.map((step) => (step.value === array ? advance(element, step.parts, step.next, true) : step)),
      emit,
    )
  }
}

function endOfEmpty(step: Step): Value | undefined {
  if (!isOpen(step)) return step.value === undefined ? null : step.value
  return step.next === step.parts.length ? undefined : null
}
