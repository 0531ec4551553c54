/** Sort orders over documents. */

import { compareValues } from './compare.ts'
import { type Meter, sortSteps } from './meter.ts'
import { arrayIndex, hasNull, isObject, type PathParts, splitPath } from './path.ts'
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
  if (entries.length === 0) throw badValue('a sort must have at least one key', at)
  if (entries.length > maxKeys) throw badValue(`a sort must have at most ${maxKeys} keys`, at)
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

/** @throws NoSQLFilterError for a path with empty parts, dollar parts, null characters or too many parts */
function assertPath(path: string, at: string): void {
  const parts = splitPath(path)
  if (parts.includes('')) throw badValue('a path must not have an empty part', at)
  if (hasNull(path)) throw badValue('a path must not have a null character', at)
  if (parts.some((part) => part.startsWith('$'))) throw badValue('a path part must not start with a dollar', at)
  if (parts.length > maxParts) throw badValue(`a path must have at most ${maxParts} parts`, at)
}

/** Orders the values of two documents, taken by `compileSortValues`. */
export function compareSortValues(keys: readonly SortKey[], meter?: Meter): (a: SortValues, b: SortValues) => number {
  return (a, b) => {
    for (let index = 0; index < keys.length; index++) {
      const order = compareValues(a[index], b[index], meter)
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
export function compileSortValues(keys: readonly SortKey[], meter?: Meter): (document: Document) => SortValues {
  const paths = keys.map((key) => splitPath(key.path))
  const compare = compareSortValues(keys, meter)
  return (document) => {
    let best: SortValues | undefined
    const emit = (values: SortValues): void => {
      if (best === undefined || compare(values, best) < 0) best = values
    }
    expand(
      paths.map((parts) => advance(document, parts, 0)),
      { emit, meter },
    )
    return best as unknown as SortValues
  }
}

/** A new, sorted array; ties keep their order. */
export function sortDocuments(
  documents: readonly Document[],
  keys: readonly SortKey[],
  meter?: Meter,
): readonly Document[] {
  return sortBy(documents, (document) => document, { keys, meter })
}

/** The same for anything that has a document. */
export function sortBy<T>(
  holders: readonly T[],
  documentOf: (holder: T) => Document,
  { keys, meter }: { readonly keys: readonly SortKey[]; readonly meter?: Meter | undefined },
): readonly T[] {
  const valuesOf = compileSortValues(keys, meter)
  const compare = compareSortValues(keys, meter)
  meter?.work(sortSteps(holders.length) * STEPS_OF_A_KEY)
  return holders
    .map((holder) => ({ holder, values: valuesOf(documentOf(holder)) }))
    .sort((a, b) => compare(a.values, b.values))
    .map(({ holder }) => holder)
}

/** How far one key's path has been followed: an array with parts to go, or the end. */
interface Step {
  readonly value: Value | undefined
  readonly parts: PathParts
  readonly next: number
  /** The value stands in an array already: another array at the end of the path is a value itself. */
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

interface Expansion {
  readonly emit: (values: SortValues) => void
  readonly meter: Meter | undefined
}

/** Twice ten nanoseconds for each key of each element. */
const STEPS_OF_A_KEY = 2

function expand(steps: readonly Step[], expansion: Expansion): void {
  const { emit, meter } = expansion
  const array = steps.find(isOpen)?.value
  if (array === undefined) return emit(steps.map(({ value }) => (value === undefined ? null : value)))
  if (steps.some((step) => isOpen(step) && step.value !== array)) {
    throw badValue('the keys of a sort must not go through different arrays')
  }
  const elements = array as readonly Value[]
  meter?.work(elements.length * steps.length * STEPS_OF_A_KEY)
  if (elements.length === 0) return emit(steps.map((step) => endOfEmpty(step)))
  for (const element of elements) {
    expand(
      steps.map((step) => (step.value === array ? advance(element, step.parts, step.next, true) : step)),
      expansion,
    )
  }
}

function endOfEmpty(step: Step): Value | undefined {
  if (!isOpen(step)) return step.value === undefined ? null : step.value
  return step.next === step.parts.length ? undefined : null
}
