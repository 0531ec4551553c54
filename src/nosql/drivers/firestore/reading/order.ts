import type { Facts } from '../../../plan/facts.ts'
import { compareSortValues, compileSortValues, type SortKey, type SortValues } from '../../../query/sort.ts'
import { TypeClass, typeClass, type Document, type Value } from '../../../query/value.ts'
import { textBytes } from '../../../query/text-bytes.ts'
import { indexedBytes, type NativeFilter, type Names } from '../dialect.ts'
import { deletedField } from '../codec/deleted-mark.ts'
import { fieldPathOf } from './field-path.ts'
import { conjunctPaths, inequalityPaths, type OrderBy } from './query.ts'
import { encodeValue, timestampOf, type FirestoreValue } from '../codec/value-codec.ts'

/** The order of a query, and what is left to do for the order that was asked for. */
export interface Order {
  readonly orderBy: readonly OrderBy[]
  /** Documents come in the order asked for, but for those within a run. */
  readonly isSorted: boolean
  /**
   * Documents with equal values of these keys are neighbours, in some order: timestamps of other programs are
   * finer than milliseconds, and in a descending order the automatic indexes have names descending too. Empty: none.
   */
  readonly runKeys: readonly SortKey[]
}

/**
 * Firestore wants the fields of inequalities first, and leaves out documents without a field that it sorts by: the order
 * asked for is its own only where the filter makes sure of every key.
 */
export function orderOf(
  native: NativeFilter | undefined,
  sort: readonly SortKey[] | undefined,
  { facts, isGroup }: { readonly facts: Facts; readonly isGroup: boolean },
): Order {
  const inequalities = inequalityPaths(native)
  const keys = sort === undefined ? [] : upToId(sort)
  // Paths of a group are ordered part by part.
  const isByName = isGroup && keys[0]?.path === '_id'
  if (sort !== undefined && !isByName && isNative(keys, { native, inequalities, facts })) {
    const fields = keys.filter(({ path }) => path !== '_id')
    // As the automatic indexes have it: the name goes the way of the last field.
    const nameDirection = fields.at(-1)?.direction ?? 1
    const orderBy = [...fields.map(({ path, direction }) => order(path, direction)), order('_id', nameDirection)]
    return { orderBy, isSorted: true, runKeys: runKeysOf(keys, isGroup ? undefined : nameDirection, facts) }
  }
  return {
    orderBy: [
      ...inequalities.map((path) => ({ field: { fieldPath: path }, direction: 'ASCENDING' as const })),
      order('_id', 1),
    ],
    isSorted: sort === undefined,
    runKeys: [],
  }
}

/** Nothing after `_id` counts. */
function upToId(sort: readonly SortKey[]): readonly SortKey[] {
  const at = sort.findIndex(({ path }) => path === '_id')
  return at < 0 ? sort : sort.slice(0, at + 1)
}

function runKeysOf(keys: readonly SortKey[], nameDirection: 1 | -1 | undefined, facts: Facts): readonly SortKey[] {
  const date = keys.findIndex(({ path }) => facts(path).type === 'date')
  if (date >= 0) return keys.slice(0, date + 1)
  return keys.at(-1)?.direction === nameDirection ? [] : keys.slice(0, -1)
}

interface Asked {
  readonly native: NativeFilter | undefined
  readonly inequalities: readonly string[]
  readonly facts: Facts
}

function isNative(keys: readonly SortKey[], { native, inequalities, facts }: Asked): boolean {
  // Names alone are only read forwards.
  if (keys[0]?.path === '_id' && keys[0].direction === -1) return false
  const certain = new Set(conjunctPaths(native))
  const paths = keys.map(({ path }) => (path === '_id' ? '__name__' : fieldPathOf(path)))
  const allPresent = keys.every(({ path }, index) => {
    if (path === '_id') return true
    if (path === deletedField) return false
    const { scalar, type } = facts(path)
    return scalar && type !== undefined && type !== 'bytes' && certain.has(paths[index] ?? '')
  })
  // Fields of inequalities lead the order, in any order among themselves.
  return allPresent && inequalities.every((path) => paths.slice(0, inequalities.length).includes(path))
}

function order(path: string, direction: 1 | -1): OrderBy {
  const fieldPath = path === '_id' ? '__name__' : fieldPathOf(path)
  return { field: { fieldPath }, direction: direction === 1 ? 'ASCENDING' : 'DESCENDING' }
}

/** Whether two documents belong to one run. */
export function sameRun({ runKeys }: Order): (a: { document: Document }, b: { document: Document }) => boolean {
  const valuesOf = compileSortValues(runKeys)
  const compare = compareSortValues(runKeys)
  return (a, b) => compare(valuesOf(a.document), valuesOf(b.document)) === 0
}

/** Where reading starts. */
export interface Cursor {
  readonly values: readonly FirestoreValue[]
  readonly before: boolean
}

interface ReadPosition {
  readonly sort: readonly SortKey[]
  readonly after: SortValues
  readonly facts: Facts
  readonly names: Names
}

/**
 * A cursor that leaves out no document after a position, and where there are no runs none but those. Undefined where the
 * position cannot be said: its values are not of the declared types, or are longer than what is indexed.
 */
export function cursorAfter({ runKeys }: Order, { sort, after, facts, names }: ReadPosition): Cursor | undefined {
  const keys = runKeys.length > 0 ? runKeys : upToId(sort)
  const values: FirestoreValue[] = []
  for (const [at, { path }] of keys.entries()) {
    const value = after[at]
    if (path === '_id') {
      const referenceValue = value === undefined ? undefined : names.nameOf(value)
      if (referenceValue === undefined) return undefined
      values.push({ referenceValue })
    } else if (value === undefined || !isOfType(value, facts(path).type)) return undefined
    else values.push(encodeValue(value))
  }
  const [last, value] = [runKeys.at(-1), after[runKeys.length - 1]]
  // Downwards, what is finer than the millisecond comes before it.
  const isDownwards = last?.direction === -1 && value instanceof Date
  if (isDownwards) values[values.length - 1] = { timestampValue: timestampOf(value.getTime() + 1) }
  return { values, before: runKeys.length > 0 && !isDownwards }
}

const classes = {
  string: TypeClass.string,
  number: TypeClass.number,
  boolean: TypeClass.boolean,
  date: TypeClass.date,
  bytes: TypeClass.bytes,
} as const

function isOfType(value: Value, type: keyof typeof classes | undefined): boolean {
  if (type === undefined || typeClass(value) !== classes[type]) return false
  return typeof value !== 'string' || textBytes(value) <= indexedBytes
}
