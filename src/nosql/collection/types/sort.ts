import type { Document } from '../../query/value.ts'
import type { Entries, IsLoose, Path } from './path.ts'

/** Ascending or descending. */
export type SortDirection = 1 | -1 | 'asc' | 'desc' | 'ascending' | 'descending'

/** Paths and directions as the fields of an object; an interface fits the first, which has no patterns. */
export type SortOfFields<T> =
  IsLoose<T> extends true
    ? Readonly<Record<string, SortDirection>>
    : { readonly [P in Entries<T, never>[0] | '_id']?: SortDirection } | { readonly [P in Path<T>]?: SortDirection }

/**
 * Paths and directions, in order of importance; ties are broken by `_id`. An object, pairs, a `Map`, one pair, or a path
 * alone, which is ascending.
 *
 * @example
 * { price: -1 } · [['price', 'desc'], ['name', 1]] · new Map([['price', -1]]) · ['price', 'desc'] · 'price'
 */
export type Sort<T = Document> =
  | SortOfFields<T>
  | readonly (readonly [path: Path<T>, direction: SortDirection])[]
  | ReadonlyMap<Path<T>, SortDirection>
  | readonly [path: Path<T>, direction: SortDirection]
  | Path<T>
