import type { Index, IsLoose, NamedPath, PatternPath } from './path.ts'

/** Ascending or descending. */
export type SortDirection = 1 | -1 | 'asc' | 'desc' | 'ascending' | 'descending'

type SortPath<T> = IsLoose<T> extends true ? string : NamedPath<T> | PatternPath<T, Index>

/** Paths and directions as the fields of an object. */
export type SortOfFields<T> =
  IsLoose<T> extends true
    ? Readonly<Record<string, SortDirection>>
    : [PatternPath<T, Index>] extends [never]
      ? { readonly [P in NamedPath<T>]?: SortDirection }
      : { readonly [P in NamedPath<T>]?: SortDirection } | { readonly [P in SortPath<T>]?: SortDirection }

/**
 * Paths and directions, in order of importance; ties are broken by `_id`. An object, pairs, a `Map`, one pair, or a path
 * alone, which is ascending.
 *
 * @example
 * { price: -1 } · [['price', 'desc'], ['name', 1]] · new Map([['price', -1]]) · ['price', 'desc'] · 'price'
 */
export type Sort<T = object> =
  | SortOfFields<T>
  | readonly (readonly [path: SortPath<T>, direction: SortDirection])[]
  | ReadonlyMap<SortPath<T>, SortDirection>
  | readonly [path: SortPath<T>, direction: SortDirection]
  | SortPath<T>
