import type { NativeFilter } from './dialect.ts'
import type { StructuredQuery } from './query.ts'

interface FieldFilter {
  readonly field: { readonly fieldPath: string }
  readonly op: string
}

/** The composite indexes that production needs for these queries, as `collection: a ASC, b DESC`; single ones are automatic. */
export function requiredIndexes(queries: readonly StructuredQuery[]): readonly string[] {
  return [...new Set(queries.flatMap(definitionOf))]
}

function definitionOf({ from, where, orderBy }: StructuredQuery): readonly string[] {
  const equal = new Map<string, string>()
  for (const { field, op } of fieldFilters(where)) {
    if (op === 'EQUAL' || op === 'IN') equal.set(field.fieldPath, 'ASC')
    if (op.startsWith('ARRAY_CONTAINS')) equal.set(field.fieldPath, 'CONTAINS')
  }
  const ordered = orderBy.filter(({ field }) => field.fieldPath !== '__name__' && !equal.has(field.fieldPath))
  const parts = [
    ...[...equal].filter(([path]) => path !== '__name__').map(([path, kind]) => `${path} ${kind}`),
    ...ordered.map(({ field, direction }) => `${field.fieldPath} ${direction === 'ASCENDING' ? 'ASC' : 'DESC'}`),
  ]
  // Equalities alone are answered by merging the automatic indexes.
  const isComposite = ordered.length > 0 && parts.length > 1
  return isComposite ? [`${from[0]?.collectionId}: ${parts.join(', ')}`] : []
}

function fieldFilters(filter: NativeFilter | undefined): readonly FieldFilter[] {
  if (filter === undefined) return []
  const { fieldFilter, compositeFilter } = filter as {
    fieldFilter?: FieldFilter
    compositeFilter?: { filters: readonly NativeFilter[] }
  }
  return [...(fieldFilter ? [fieldFilter] : []), ...(compositeFilter?.filters ?? []).flatMap(fieldFilters)]
}
