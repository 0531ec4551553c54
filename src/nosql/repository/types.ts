import type { AggregateOptions } from '../collection/reading/aggregate.ts'
import type { OperationOptions } from '../collection/checks/operation-options.ts'
import type { FindPageOptions } from '../collection/reading/find-page.ts'
import type { Filter } from '../collection/types/filter.ts'
import type { IsLoose } from '../collection/types/path.ts'
import type { Sort } from '../collection/types/sort.ts'
import type { EntitySort, VisibilityOptions } from '../../core/repository/options.ts'
import type { Specification } from '../../core/specification/specification.ts'
import type { Document } from '../query/value.ts'

/**
 * The documents in filters and sorts of a repository: the type that the repository declares for them, or else the fields of
 * the entity, with `_id` instead of `id`.
 */
export type StoredAs<TEntity, TKey, TDocument> =
  IsLoose<TDocument> extends true
    ? IsLoose<TEntity> extends true
      ? Document
      : TEntity extends unknown
        ? FieldsOf<TEntity> & StoredId<TEntity, TKey> & Marks
        : never
    : TDocument & Marks

type FieldsOf<TEntity> = { [K in keyof TEntity as K extends 'id' | '_id' ? never : K]: TEntity[K] }
type StoredId<TEntity, TKey> = TEntity extends { readonly _id: infer Id }
  ? { readonly _id: Id }
  : { readonly _id: TKey }

/** The marks of soft deletion. */
interface Marks {
  readonly _deleted?: boolean
  readonly _deletedAt?: Date
}

/** What an entity maps to: the fields to store. A field that is `undefined` is removed from the document. */
export type EntityDocument<TDocument = Document> =
  IsLoose<TDocument> extends true
    ? Readonly<Record<string, unknown>>
    : { readonly [K in keyof TDocument]?: TDocument[K] | undefined }

type SortOf<TEntity, TStored> = Sort<TStored> | EntitySort<keyof TEntity & string>

/**
 * A sort by pairs of a field and `'asc'` or `'desc'` is one by fields of the entity: `id` is its key. Every other form is
 * one by fields of the document.
 */
export interface RepositoryFindOptions<TEntity, TStored = Document> extends VisibilityOptions, OperationOptions {
  readonly sort?: SortOf<TEntity, TStored>
  readonly skip?: number
  /** At most this many. @default 100 for `list`, all otherwise */
  readonly limit?: number
}

/** Options of `stream` of a repository of documents. */
export interface RepositoryStreamOptions<TEntity, TStored = Document> extends VisibilityOptions, OperationOptions {
  /** A specification, or a filter on the documents. */
  readonly where?: RepositoryCondition<TEntity, TStored>
  /** Ties are broken by the id. @default by id */
  readonly sort?: SortOf<TEntity, TStored>
  /** How many are read at a time. @default 500 */
  readonly limit?: number
}

/** Options of `page` of a repository of documents. */
export interface RepositoryPageOptions<TEntity, TStored = Document>
  extends VisibilityOptions, Omit<FindPageOptions<TStored>, 'projection' | 'sort' | 'limit'> {
  /** A specification, or a filter on the documents. It must be the same for each page. */
  readonly where?: RepositoryCondition<TEntity, TStored>
  /** Ties are broken by the id. @default by id */
  readonly sort?: SortOf<TEntity, TStored>
  /** How many entities a page has. @default 20 */
  readonly limit?: number
}

/** Options of `aggregate` of a repository. */
export interface RepositoryAggregateOptions extends VisibilityOptions, AggregateOptions {}

/** A condition on entities: a specification, or a filter on their documents. */
export type RepositoryCondition<TEntity, TStored> = Specification<TEntity> | Filter<TStored>
