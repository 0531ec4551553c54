import type { DriverQuery } from '../../contract/query.ts'
import type { Facts } from '../../plan/facts.ts'
import type { SortKey } from '../../query/sort.ts'
import { fieldPathOf, type NativeFilter } from './dialect.ts'
import { notesField, type FirestoreDocument } from './codec.ts'
import type { FirestoreFields, FirestoreValue } from './value-codec.ts'

/** One structured query and the order in which its documents come. */
export interface StructuredQuery {
  readonly from: readonly { readonly collectionId: string }[]
  readonly where?: NativeFilter | undefined
  readonly orderBy: readonly OrderBy[]
  readonly select?: { readonly fields: readonly { readonly fieldPath: string }[] } | undefined
}

export interface OrderBy {
  readonly field: { readonly fieldPath: string }
  readonly direction: 'ASCENDING' | 'DESCENDING'
}

/**
 * The order of a query. Firestore wants the fields of inequalities first, and leaves out documents without a field that
 * it sorts by: the order asked for is its own only where the filter makes sure of every key.
 */
export function ordersOf(native: NativeFilter | undefined, sort: readonly SortKey[] | undefined, facts: Facts) {
  const inequalities = inequalityPaths(native)
  if (sort !== undefined && isNative(sort, { native, inequalities, facts })) {
    return { orderBy: sort.map(({ path, direction }) => order(path, direction)), isSorted: true }
  }
  return {
    orderBy: [
      ...inequalities.map((path) => ({ field: { fieldPath: path }, direction: 'ASCENDING' as const })),
      order('_id', 1),
    ],
    isSorted: sort === undefined,
  }
}

interface Asked {
  readonly native: NativeFilter | undefined
  readonly inequalities: readonly string[]
  readonly facts: Facts
}

function isNative(sort: readonly SortKey[], { native, inequalities, facts }: Asked): boolean {
  // Names are only read forwards.
  if (sort[0]?.path === '_id' && sort[0].direction === -1) return false
  const certain = new Set(conjunctPaths(native))
  const paths = sort.map(({ path }) => (path === '_id' ? '__name__' : fieldPathOf(path)))
  const allPresent = sort.every(({ path }, index) => {
    if (path === '_id') return true
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

const inequality = new Set([
  'LESS_THAN',
  'LESS_THAN_OR_EQUAL',
  'GREATER_THAN',
  'GREATER_THAN_OR_EQUAL',
  'NOT_EQUAL',
  'NOT_IN',
])

interface FieldFilter {
  readonly field: { readonly fieldPath: string }
  readonly op: string
}

interface CompositeFilter {
  readonly op: 'AND' | 'OR'
  readonly filters: readonly NativeFilter[]
}

/** The fields that a filter compares by an inequality, sorted as Firestore sorts them. */
export function inequalityPaths(native: NativeFilter | undefined): readonly string[] {
  const paths = new Set<string>()
  visit(native, ({ field, op }) => {
    if (inequality.has(op)) paths.add(field.fieldPath)
  })
  return [...paths].toSorted()
}

function visit(native: NativeFilter | undefined, see: (filter: FieldFilter) => void): void {
  if (native === undefined) return
  const { fieldFilter, compositeFilter } = native as { fieldFilter?: FieldFilter; compositeFilter?: CompositeFilter }
  if (fieldFilter !== undefined) see(fieldFilter)
  for (const inner of compositeFilter?.filters ?? []) visit(inner, see)
}

/** The fields that every document found has: those that are compared in the conjunction itself. */
function conjunctPaths(native: NativeFilter | undefined): readonly string[] {
  if (native === undefined) return []
  const { fieldFilter, compositeFilter } = native as { fieldFilter?: FieldFilter; compositeFilter?: CompositeFilter }
  if (fieldFilter !== undefined) return [fieldFilter.field.fieldPath]
  return compositeFilter?.op === 'AND' ? compositeFilter.filters.flatMap(conjunctPaths) : []
}

/** The fields to read, or undefined for all of them. */
export function selectOf(needs: DriverQuery['needs'], orderBy: readonly OrderBy[]): StructuredQuery['select'] {
  if (needs === 'whole') return undefined
  const wanted =
    needs === 'keys' ? [] : needs.filter((path) => path !== '_id').map((path) => fieldPathOf(topLevel(path)))
  const ordered = orderBy.map(({ field }) => field.fieldPath).filter((path) => path !== '__name__')
  // The notes say also which ids are bigints.
  const paths = [...wanted, ...ordered, fieldPathOf(notesField)]
  return { fields: ['__name__', ...new Set(paths)].map((fieldPath) => ({ fieldPath })) }
}

/** A path may lead through an array, into which no selection reaches: the whole field is read. */
function topLevel(path: string): string {
  return path.slice(0, path.indexOf('.') < 0 ? undefined : path.indexOf('.'))
}

/** A cursor after a document, in the order of its query. */
export function cursorAfter(
  orderBy: readonly OrderBy[],
  { name, fields = {} }: FirestoreDocument,
): readonly FirestoreValue[] {
  return orderBy.map(({ field: { fieldPath } }) =>
    fieldPath === '__name__' ? { referenceValue: name } : (valueAt(fields, fieldPath) ?? { nullValue: null }),
  )
}

function valueAt(fields: FirestoreFields, fieldPath: string): FirestoreValue | undefined {
  let inner: FirestoreFields = fields
  let value: FirestoreValue | undefined
  for (const part of unquoted(fieldPath)) {
    value = inner[part]
    inner = ((value?.['mapValue'] ?? {}) as { fields?: FirestoreFields }).fields ?? {}
  }
  return value
}

function unquoted(fieldPath: string): readonly string[] {
  const parts = fieldPath.match(/`(?:\\.|[^`\\])*`|[^.]+/g) ?? []
  return parts.map((part) => (part.startsWith('`') ? part.slice(1, -1).replaceAll(/\\(.)/g, '$1') : part))
}

/** The condition that finds documents under a path: all of the collection. */
export function collectionOf(name: string): { readonly parent: string | undefined; readonly collectionId: string } {
  const segments = name.split('/')
  const collectionId = segments.at(-1) ?? name
  const parent = segments.slice(0, -1).join('/')
  return { parent: parent === '' ? undefined : parent, collectionId }
}
