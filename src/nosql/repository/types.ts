import type { AggregateOptions } from '../collection/aggregate.ts'
import type { OperationOptions } from '../collection/checks/operation-options.ts'
import type { FindPageOptions } from '../collection/find-page.ts'
import type { Filter } from '../collection/types/filter.ts'
import type { IsLoose } from '../collection/types/path.ts'
import type { Sort } from '../collection/types/sort.ts'
import type { Specification } from '../../core/specification/specification.ts'
import type { Document } from '../query/value.ts'

/**
 * The documents as filters and sorts of a repository know them: of the type that the repository declares for them, else the
 * fields of the entity, with `_id` in the place of `id`.
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

export interface VisibilityOptions {
  /** Also those that were softly deleted. @default false */
  readonly includeDeleted?: boolean
}

export interface RepositoryFindOptions<TStored = Document> extends VisibilityOptions, OperationOptions {
  readonly sort?: Sort<TStored>
  readonly skip?: number
  /** At most this many; absent: all. */
  readonly limit?: number
}

export interface RepositoryPageOptions<TStored = Document>
  extends VisibilityOptions, Omit<FindPageOptions<TStored>, 'projection'> {}

export interface RepositoryAggregateOptions extends VisibilityOptions, AggregateOptions {}

/** A condition on entities: a specification, or a filter on their documents. */
export type RepositoryCondition<TEntity, TStored> = Specification<TEntity> | Filter<TStored>

export interface DeleteOptions {
  /** Removes for good although the repository only marks, also what is marked already. @default false */
  readonly hard?: boolean
}

export interface DeleteOneOptions extends DeleteOptions {
  /** Deletes only this version, with the optimistic lock. @default any; that of the entity where one is given */
  readonly version?: number | bigint
}
