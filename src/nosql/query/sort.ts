/** Sort orders over documents. */

import { compareValues } from './compare.ts'
import { type Meter, sortSteps } from './meter.ts'
import { arrayIndex, isObject, type PathParts } from './path.ts'
import { assertNoNull, badValue, inside } from './refusal.ts'
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
  const parts = path.split('.')
  if (parts.includes('')) throw badValue('a path must not have an empty part', at)
  assertNoNull(path, at)
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
 * The function throws NoSQLFilterError where two keys go through different arrays, or where a number in a path may be
 * a position as well as a field.
 *
 * @see https://www.mongodb.com/docs/manual/reference/bson-type-comparison-order/#arrays
 */
export function compileSortValues(keys: readonly SortKey[], meter?: Meter): (document: Document) => SortValues {
  const paths = keys.map((key) => key.path.split('.'))
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
    // There is always one combination; that `emit` was called, the compiler does not see.
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

/** How far one key's path has been followed: to an array that is still to be entered, or to a value. */
interface Step {
  readonly value: Value | undefined
  readonly parts: PathParts
  readonly next: number
  readonly isOpen: boolean
  /** The array was taken by its position in another one: at the end of the path it is a value itself. */
  readonly isElement: boolean
}

function advance(start: Value | undefined, parts: PathParts, from: number): Step {
  let value = start
  let next = from
  for (; next < parts.length && !isArray(value); next++) {
    value = isObject(value) ? getField(value, parts[next] as string) : undefined // `next` is below their number
  }
  return { value, parts, next, isOpen: isArray(value), isElement: false }
}

interface Expansion {
  readonly emit: (values: SortValues) => void
  readonly meter: Meter | undefined
}

/** Twice ten nanoseconds for each key of each element. */
const STEPS_OF_A_KEY = 2

function expand(steps: readonly Step[], expansion: Expansion): void {
  const { emit, meter } = expansion
  const open = steps.filter(({ isOpen }) => isOpen)
  const array = open[0]?.value
  if (array === undefined) return emit(steps.map(({ value }) => (value === undefined ? null : value)))
  if (open.some(({ value }) => value !== array)) {
    throw badValue('the keys of a sort must not go through different arrays')
  }
  const elements = array as readonly Value[] // a step is open at an array
  meter?.work(elements.length * steps.length * STEPS_OF_A_KEY)
  if (elements.length === 0) return emit(steps.map((step) => endOfEmpty(step)))
  const isWhole = open.some(({ isElement }) => isElement)
  const enter = steps.map((step) => (step.isOpen ? enterArray(step, elements, isWhole) : () => step))
  for (const element of elements) {
    expand(
      enter.map((step) => step(element)),
      expansion,
    )
  }
}

/** Follows a path into each element, or into the one that its next part names by position. */
function enterArray(step: Step, elements: readonly Value[], isWhole: boolean): (element: Value) => Step {
  const { parts, next } = step
  if (next === parts.length) return (element) => ({ ...step, value: isWhole ? elements : element, isOpen: false })
  const part = parts[next] as string
  const index = arrayIndex(part)
  const named = index === undefined ? undefined : elements[index]
  if (named === undefined) return (element) => advance(isObject(element) ? element : undefined, parts, next)
  const followed = { ...advance(named, parts, next + 1), isElement: isArray(named) }
  return (element) => {
    if (isObject(element) && getField(element, part) !== undefined) {
      throw badValue('a number in the path of a sort cannot be both a position and a field')
    }
    return followed
  }
}

function endOfEmpty(step: Step): Value | undefined {
  if (!step.isOpen) return step.value === undefined ? null : step.value
  return step.next === step.parts.length ? undefined : null
}
