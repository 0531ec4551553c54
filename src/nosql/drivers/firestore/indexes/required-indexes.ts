import type { NativeFilter } from '../dialect.ts'
import type { EitherFilter, FieldFilter, StructuredQuery } from '../reading/query.ts'

/** A composite index as `firestore.indexes.json` has it. */
export interface CompositeIndex {
  readonly collectionGroup: string
  readonly queryScope: 'COLLECTION' | 'COLLECTION_GROUP'
  readonly fields: readonly IndexField[]
}

/** One field of a composite index, by its order or as an array. */
export type IndexField =
  | { readonly fieldPath: string; readonly order: 'ASCENDING' | 'DESCENDING' }
  | { readonly fieldPath: string; readonly arrayConfig: 'CONTAINS' }

/**
 * The composite indexes that production needs for these queries; single fields are indexed without asking, and equalities
 * alone are answered by merging those. Each way in which an `or` can hold needs its own.
 *
 * @see https://firebase.google.com/docs/firestore/query-data/index-overview
 */
export function requiredIndexes(queries: readonly StructuredQuery[]): readonly CompositeIndex[] {
  const all = queries.flatMap((query) => disjuncts(query.where).flatMap((filters) => definitionOf(query, filters)))
  return [...new Map(all.map((index) => [indexText(index), index])).values()]
}

/** `orders: tenant ASC, placed DESC`. */
export function indexText({ collectionGroup, fields }: CompositeIndex): string {
  const parts = fields.map((field) =>
    'order' in field
      ? `${field.fieldPath} ${field.order === 'ASCENDING' ? 'ASC' : 'DESC'}`
      : `${field.fieldPath} CONTAINS`,
  )
  return `${collectionGroup}: ${parts.join(', ')}`
}

/** The same as keys, for `explain`; an array is indexed by its elements. */
export function indexKeys({ fields }: CompositeIndex): readonly (readonly [path: string, direction: 1 | -1])[] {
  return fields.map((field) => [field.fieldPath, 'order' in field && field.order === 'DESCENDING' ? -1 : 1] as const)
}

function definitionOf({ from, orderBy }: StructuredQuery, filters: readonly FieldFilter[]): readonly CompositeIndex[] {
  const equal = new Map<string, IndexField>()
  for (const { field, op } of filters) {
    const { fieldPath } = field
    if (fieldPath === '__name__') continue
    if (op === 'EQUAL' || op === 'IN') equal.set(fieldPath, { fieldPath, order: 'ASCENDING' })
    if (op.startsWith('ARRAY_CONTAINS')) equal.set(fieldPath, { fieldPath, arrayConfig: 'CONTAINS' })
  }
  const ordered = orderBy.filter(({ field }) => field.fieldPath !== '__name__' && !equal.has(field.fieldPath))
  const fields = [
    ...[...equal.values()].toSorted((a, b) => (a.fieldPath < b.fieldPath ? -1 : 1)),
    ...ordered.map(({ field, direction }): IndexField => ({ fieldPath: field.fieldPath, order: direction })),
  ]
  const [source] = from
  if (source === undefined || ordered.length === 0 || fields.length < 2) return []
  const queryScope = source.allDescendants === true ? 'COLLECTION_GROUP' : 'COLLECTION'
  return [{ collectionGroup: source.collectionId, queryScope, fields }]
}

/** The conjunctions of which one must hold. */
function disjuncts(filter: NativeFilter | undefined): readonly (readonly FieldFilter[])[] {
  if (filter === undefined) return [[]]
  const { fieldFilter, compositeFilter } = filter as EitherFilter
  if (fieldFilter !== undefined) return [[fieldFilter]]
  const parts = (compositeFilter?.filters ?? []).map(disjuncts)
  if (compositeFilter?.op === 'OR') return parts.flat()
  return parts.reduce<readonly (readonly FieldFilter[])[]>(
    (all, part) => all.flatMap((left) => part.map((right) => [...left, ...right])),
    [[]],
  )
}
