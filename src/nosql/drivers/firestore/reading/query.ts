import type { DriverQuery } from '../../../contract/query.ts'
import type { CollectionPath } from '../collection-path.ts'
import { notesField, type FirestoreDocument } from '../codec/codec.ts'
import { deletedField } from '../codec/deleted-mark.ts'
import type { NativeFilter } from '../dialect.ts'
import type { FirestoreFields, FirestoreValue } from '../codec/value-codec.ts'
import { fieldPathOf, isAskablePath, mayBeStored } from './field-path.ts'

/** One structured query and the order in which its documents come. */
export interface StructuredQuery {
  readonly from: readonly { readonly collectionId: string; readonly allDescendants?: boolean }[]
  readonly where?: NativeFilter | undefined
  readonly orderBy: readonly OrderBy[]
  readonly select?: { readonly fields: readonly { readonly fieldPath: string }[] } | undefined
}

export interface OrderBy {
  readonly field: { readonly fieldPath: string }
  readonly direction: 'ASCENDING' | 'DESCENDING'
}

export function sourceOf({ collectionId, isGroup }: Pick<CollectionPath, 'collectionId' | 'isGroup'>) {
  return [{ collectionId, ...(isGroup && { allDescendants: true }) }]
}

const inequality = new Set([
  'LESS_THAN',
  'LESS_THAN_OR_EQUAL',
  'GREATER_THAN',
  'GREATER_THAN_OR_EQUAL',
  'NOT_EQUAL',
  'NOT_IN',
])

export interface FieldFilter {
  readonly field: { readonly fieldPath: string }
  readonly op: string
}

export interface CompositeFilter {
  readonly op: 'AND' | 'OR'
  readonly filters: readonly NativeFilter[]
}

/** A native filter is one or the other. */
export interface EitherFilter {
  readonly fieldFilter?: FieldFilter
  readonly compositeFilter?: CompositeFilter
}

/** All fields that a filter compares. */
export function comparedPaths(native: NativeFilter | undefined): readonly string[] {
  const paths: string[] = []
  visit(native, ({ field }) => paths.push(field.fieldPath))
  return paths
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
  const { fieldFilter, compositeFilter } = native as EitherFilter // it has one of the two
  if (fieldFilter !== undefined) see(fieldFilter)
  for (const inner of compositeFilter?.filters ?? []) visit(inner, see)
}

/** The fields that every document found has: those that are compared in the conjunction itself. */
export function conjunctPaths(native: NativeFilter | undefined): readonly string[] {
  if (native === undefined) return []
  const { fieldFilter, compositeFilter } = native as EitherFilter
  if (fieldFilter !== undefined) return [fieldFilter.field.fieldPath]
  if (compositeFilter === undefined) return []
  const [first = [], ...others] = compositeFilter.filters.map(conjunctPaths)
  if (compositeFilter.op === 'AND') return [...first, ...others.flat()]
  // Several intervals of one field: whichever holds, the field is there.
  return first.filter((path) => others.every((paths) => paths.includes(path)))
}

/** The fields to read, or undefined for all of them. */
export function selectOf(needs: DriverQuery['needs'], orderBy: readonly OrderBy[]): StructuredQuery['select'] {
  if (needs === 'whole') return undefined
  // Firestore refuses names that it could not store, too.
  const readable = needs === 'keys' ? [] : needs.filter((path) => mayBeStored(path.split('.')))
  if (!readable.every((path) => isAskablePath(path.split('.')))) return undefined
  const wanted = readable.map((path) => fieldPathOf(storedPath(path)))
  const ordered = orderBy.map(({ field }) => field.fieldPath).filter((path) => path !== '__name__')
  // The notes say also which ids are bigints.
  const paths = [...new Set([...wanted, ...ordered, fieldPathOf(notesField)])]
  // Firestore refuses a path beside one that it lies in.
  const outermost = paths.filter((path) => !paths.some((other) => path.startsWith(`${other}.`)))
  return { fields: ['__name__', ...outermost].map((fieldPath) => ({ fieldPath })) }
}

/** What stands at the mark of deletion is noted beside it. */
function storedPath(path: string): string {
  return path.startsWith(`${deletedField}.`) ? deletedField : path
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
    inner = ((value?.['mapValue'] ?? {}) as { fields?: FirestoreFields }).fields ?? {} // by the protocol
  }
  return value
}

function unquoted(fieldPath: string): readonly string[] {
  const parts = fieldPath.match(/`(?:\\.|[^`\\])*`|[^.]+/g) ?? []
  return parts.map((part) => (part.startsWith('`') ? part.slice(1, -1).replaceAll(/\\(.)/g, '$1') : part))
}
