import type { Specification } from '../specification/specification.ts'

/** A direction of a sort: ascending or descending. */
export type Direction = 'asc' | 'desc'

/**
 * Fields to order by, the most important first. Entities without a value come first in ascending order and last in
 * descending order. Text is ordered by the database: documents by code points, SQL by the column's collation.
 *
 * @example
 * [['price', 'desc'], ['name', 'asc']]
 */
export type EntitySort<TField extends string = string> = readonly (readonly [field: TField, direction: Direction])[]

/** Whether a read also sees entities that are softly deleted. */
export interface VisibilityOptions {
  /** Also returns those that were softly deleted. @default false */
  readonly includeDeleted?: boolean
}

/** Which entities `list` and `findBySpec` return, in which order and how many. */
export interface ListOptions<TEntity> extends VisibilityOptions {
  /** @default the order of the database */
  readonly sort?: EntitySort<keyof TEntity & string>
  /** At most this many. @default 100 for `list`, all for `findBySpec` */
  readonly limit?: number
  /** @default 0 */
  readonly skip?: number
}

/** Which entities `stream` reads, and in which order. */
export interface StreamOptions<TEntity> extends VisibilityOptions {
  readonly where?: Specification<TEntity>
  /** Ties are broken by the id. @default by id */
  readonly sort?: EntitySort<keyof TEntity & string>
  /** How many are read at a time. @default 500 */
  readonly limit?: number
}

/** Which page `page` returns, and of which entities. */
export interface PageOptions<TEntity> extends Omit<StreamOptions<TEntity>, 'limit'> {
  /** How many entities a page has. @default 20 */
  readonly limit?: number
  /** `next` of the page before. */
  readonly after?: string | null | undefined
}

/** One page of entities, with the cursor of the next one. */
export interface Page<T> {
  readonly items: readonly T[]
  /** Pass it as `after` for the page after this one; null on the last. */
  readonly next: string | null
}

/** How entities are deleted. */
export interface DeleteManyOptions {
  /** Removes although the repository only marks, and also removes what is marked. @default false */
  readonly hard?: boolean
}

/** How an entity is deleted, and in which version. */
export interface DeleteOptions extends DeleteManyOptions {
  /** The version that was read: another one is refused. @default any */
  readonly version?: number | bigint
}
