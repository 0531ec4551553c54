import type { OperationOptions } from './checks/operation-options.ts'
import type { Sort } from './types/sort.ts'

export interface UpdateManyOptions extends OperationOptions {
  /** Insert a document made of the filter and the update when none matches. */
  readonly upsert?: boolean | undefined
  /** Which elements `$[name]` stands for. */
  readonly arrayFilters?: readonly Readonly<Record<string, unknown>>[] | undefined
}

export interface UpdateOneOptions extends UpdateManyOptions {
  /** Which of the matching documents: the first in this order. */
  readonly sort?: Sort | undefined
}

export interface ReplaceOneOptions extends OperationOptions {
  readonly upsert?: boolean | undefined
  readonly sort?: Sort | undefined
}

export interface FindOneAndDeleteOptions extends OperationOptions {
  readonly sort?: Sort | undefined
  readonly projection?: Readonly<Record<string, unknown>> | undefined
}

export interface FindOneAndReplaceOptions extends FindOneAndDeleteOptions {
  readonly upsert?: boolean | undefined
  /** The document as it was, or as it is after. Default `before`. */
  readonly returnDocument?: 'before' | 'after' | undefined
}

export interface FindOneAndUpdateOptions extends FindOneAndReplaceOptions {
  readonly arrayFilters?: UpdateManyOptions['arrayFilters']
}

export const updateManyOptions: readonly string[] = ['upsert', 'arrayFilters']
export const updateOneOptions: readonly string[] = [...updateManyOptions, 'sort']
export const replaceOneOptions: readonly string[] = ['upsert', 'sort']
export const findOneAndDeleteOptions: readonly string[] = ['sort', 'projection']
export const findOneAndReplaceOptions: readonly string[] = [...findOneAndDeleteOptions, 'upsert', 'returnDocument']
export const findOneAndUpdateOptions: readonly string[] = [...findOneAndReplaceOptions, 'arrayFilters']
