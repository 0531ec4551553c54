import type { Document } from '../query/value.ts'
import type { QueryOptions } from './checks/operation-options.ts'
import type { LooseObject } from './types/filter.ts'
import type { CheckedProjection, Projection } from './types/projection.ts'
import type { Sort } from './types/sort.ts'

/** Options of `updateMany`. */
export interface UpdateManyOptions extends QueryOptions {
  /** Insert a document made of the filter and the update when none matches. @default false */
  readonly upsert?: boolean | undefined
  /** Which elements `$[name]` stands for. */
  readonly arrayFilters?: readonly LooseObject[] | undefined
}

/** Options of `updateOne`. */
export interface UpdateOneOptions<T = Document> extends UpdateManyOptions {
  /** Which of the matching documents: the first in this order. */
  readonly sort?: Sort<T> | undefined
}

/** Options of `replaceOne`. */
export interface ReplaceOneOptions<T = Document> extends QueryOptions {
  /** Insert the replacement when no document matches. @default false */
  readonly upsert?: boolean | undefined
  readonly sort?: Sort<T> | undefined
}

/** Options of `findOneAndDelete`. */
export interface FindOneAndDeleteOptions<
  T = Document,
  P = Projection<T>,
  Metadata extends boolean = boolean,
> extends QueryOptions {
  readonly sort?: Sort<T> | undefined
  readonly projection?: (P & CheckedProjection<T, P>) | undefined
  /** Tells what was done beside the document. @default false */
  readonly includeResultMetadata?: Metadata | undefined
}

/** Options of `findOneAndReplace`. */
export interface FindOneAndReplaceOptions<
  T = Document,
  P = Projection<T>,
  Metadata extends boolean = boolean,
> extends FindOneAndDeleteOptions<T, P, Metadata> {
  readonly upsert?: boolean | undefined
  /** The document as it was, or as it is after. @default before */
  readonly returnDocument?: 'before' | 'after' | undefined
}

/** Options of `findOneAndUpdate`. */
export interface FindOneAndUpdateOptions<
  T = Document,
  P = Projection<T>,
  Metadata extends boolean = boolean,
> extends FindOneAndReplaceOptions<T, P, Metadata> {
  readonly arrayFilters?: UpdateManyOptions['arrayFilters']
}

/** The options of all writes before their values are checked. */
export interface GivenWriteOptions extends QueryOptions {
  readonly sort?: unknown
  readonly projection?: unknown
  readonly upsert?: boolean | undefined
  readonly arrayFilters?: UpdateManyOptions['arrayFilters']
  readonly returnDocument?: 'before' | 'after' | undefined
  readonly includeResultMetadata?: boolean | undefined
}

export const updateManyOptions: readonly string[] = ['upsert', 'arrayFilters', 'mongodb']
export const updateOneOptions: readonly string[] = [...updateManyOptions, 'sort']
export const replaceOneOptions: readonly string[] = ['upsert', 'sort', 'mongodb']
export const findOneAndDeleteOptions: readonly string[] = ['sort', 'projection', 'includeResultMetadata', 'mongodb']
export const findOneAndReplaceOptions: readonly string[] = [...findOneAndDeleteOptions, 'upsert', 'returnDocument']
export const findOneAndUpdateOptions: readonly string[] = [...findOneAndReplaceOptions, 'arrayFilters']
