import { assertPlainObject } from '../../core/plain-object.ts'
import type { Explanation } from '../contract/explanation.ts'
import type { IndexKeys, ListedIndex } from '../contract/index-model.ts'
import type { Document } from '../query/value.ts'
import { aggregate, type AggregateOptions } from './reading/aggregate.ts'
import type { BulkOperation } from './writing/bulk-operations.ts'
import { bulkWrite, type BulkWriteOptions } from './writing/bulk-write.ts'
import { checkOptions, type FindOptions, type QueryOptions } from './checks/operation-options.ts'
import type { EstimateOptions, ExplainOptions, InsertOptions } from './checks/operation-options.ts'
import { holdToArguments } from '../../core/known-arguments.ts'
import { collectionArguments } from './checks/known-arguments.ts'
import { dropCollection, renameCollection, type RenameOptions } from './collection-lifecycle.ts'
import { type CollectionScope, type Confinement, forOperation } from './collection-scope.ts'
import { countDocuments, estimatedDocumentCount, type CountOptions } from './reading/count.ts'
import { distinct } from './reading/distinct.ts'
import type { Cursor } from './reading/cursor.ts'
import type { WithId } from './document-id.ts'
import { findAndModify } from './writing/modify.ts'
import type { Page } from '../../core/repository/options.ts'
import { findPage, type FindPageOptions } from './reading/find-page.ts'
import { explain, FindCursor, findOne, orAll } from './reading/find.ts'
import { createIndex, createIndexes, dropIndex, dropIndexes, listIndexes } from './indexes.ts'
import type { CreateIndexesOptions, CreateIndexOptions, IndexDescription } from './indexes.ts'
import { insertMany, insertOne, type InsertManyOptions } from './writing/insert.ts'
import type { WriteRequest } from './writing/prepare.ts'
import type {
  BulkWriteResult,
  DeleteResult,
  Found,
  InsertManyResult,
  InsertOneResult,
  UpdateResult,
} from './results.ts'
import type { CallOptions } from '../store/session.ts'
import type { Filter, LooseObject } from './types/filter.ts'
import type { DistinctAt, Path } from './types/path.ts'
import type { Projected } from './types/projection.ts'
import type { IdOf, OptionalId, Replacement } from './types/stored.ts'
import type { Update } from './types/update.ts'
import { remove, update, writeRequests } from './writing/update.ts'
import type { ChangeStream } from './change-stream.ts'
import { watch, type ChangeStreamOptions } from './watch.ts'
import {
  findOneAndDeleteOptions,
  findOneAndReplaceOptions,
  findOneAndUpdateOptions,
  type FindOneAndDeleteOptions,
  type FindOneAndReplaceOptions,
  type FindOneAndUpdateOptions,
  type GivenWriteOptions,
  type ReplaceOneOptions,
  type UpdateManyOptions,
  type UpdateOneOptions,
} from './write-options.ts'

/**
 * A named set of documents, the same on every backend. Filters, updates and options are checked before anything is sent:
 * what is wrong with them throws `NoSQLFilterError`, `DocumentValidationError` or `UsageError`. A collection exists once
 * something was written to it; until then it reads as empty.
 *
 * With a type for its documents, fields, paths, operators and values are checked by the compiler, and a projection's result
 * has only what it keeps. Without one, or with `Document`, everything is accepted there.
 *
 * @example
 * import type { DocumentStore } from 'lexigram-edge/nosql'
 *
 * export async function addLogin(store: DocumentStore, id: string) {
 *   const users = store.collection<User>('users')
 *   return users.updateOne({ _id: id }, { $inc: { logins: 1 } }, { upsert: true })
 * }
 */
export class Collection<T extends object = Document> {
  readonly name: string
  readonly #scope: CollectionScope

  /** @internal Collections come from a store or a transaction. */
  constructor(scope: CollectionScope) {
    this.name = assertPlainObject(scope, 'the scope of a collection').name
    this.#scope = scope
  }

  /** @internal The same collection for a repository, whose confinement no operation can leave. */
  confined(confinement: Confinement): Collection<T> {
    return new Collection<T>({ ...this.#scope, confinement })
  }

  /** A document without `_id` gets a UUID that sorts by time. @throws DuplicateKeyError */
  insertOne(document: OptionalId<T>, options: InsertOptions = {}): Promise<InsertOneResult<IdOf<T>>> {
    return insertOne(this.#in(options), document, options) as Promise<InsertOneResult<IdOf<T>>>
  }

  /** @throws BulkWriteError when a document was refused, with what was inserted. */
  insertMany(documents: readonly OptionalId<T>[], options: InsertManyOptions = {}): Promise<InsertManyResult<IdOf<T>>> {
    return insertMany(this.#in(options), documents, options) as Promise<InsertManyResult<IdOf<T>>>
  }

  /** Nothing is sent before the first document is asked for. */
  find<const P extends object = never>(
    filter?: Filter<T>,
    options: FindOptions<T, P> = {},
  ): FindCursor<WithId<T>, Projected<WithId<T>, P>> {
    return new FindCursor(this.#in(options), orAll(filter), options)
  }

  /** Null when none matches. */
  async findOne<const P extends object = never>(
    filter?: Filter<T>,
    options: Omit<FindOptions<T, P>, 'limit'> = {},
  ): Promise<Projected<WithId<T>, P> | null> {
    return findOne(this.#in(options), orAll(filter), options) as Promise<Projected<WithId<T>, P> | null>
  }

  /** @throws BadRequestError for an `after` that does not belong to this filter and sort. */
  findPage<const P extends object = never>(
    filter?: Filter<T>,
    options: FindPageOptions<T, P> = {},
  ): Promise<Page<Projected<WithId<T>, P>>> {
    return findPage(this.#in(options), orAll(filter), options) as Promise<Page<Projected<WithId<T>, P>>>
  }

  /** @throws WriteConflictError or DuplicateKeyError */
  async updateOne(
    filter: Filter<T>,
    change: Update<T>,
    options: UpdateOneOptions<T> = {},
  ): Promise<UpdateResult<IdOf<T>>> {
    return update(this.#in(options), writeRequests.updateOne(filter, change, options)) as Promise<UpdateResult<IdOf<T>>>
  }

  /**
   * Not atomic as a whole: a document that cannot be changed ends it, and `details` of the error says how many were changed
   * before. Within a transaction it is all or nothing.
   *
   * @throws BulkWriteError `LEX_ERR_NOSQL_011` with the counts, when the signal is aborted after some were changed
   */
  async updateMany(
    filter: Filter<T>,
    change: Update<T>,
    options: UpdateManyOptions = {},
  ): Promise<UpdateResult<IdOf<T>>> {
    return update(this.#in(options), writeRequests.updateMany(filter, change, options)) as Promise<
      UpdateResult<IdOf<T>>
    > // ids are of the declared type
  }

  /** The document keeps its `_id`. */
  async replaceOne(
    filter: Filter<T>,
    replacement: Replacement<T>,
    options: ReplaceOneOptions<T> = {},
  ): Promise<UpdateResult<IdOf<T>>> {
    return update(this.#in(options), writeRequests.replaceOne(filter, replacement, options)) as Promise<
      UpdateResult<IdOf<T>>
    > // ids are of the declared type
  }

  async deleteOne(filter: Filter<T>, options: QueryOptions = {}): Promise<DeleteResult> {
    return remove(this.#in(options), writeRequests.deleteOne(filter, options))
  }

  /** Not atomic as a whole: it says how many were deleted before an error as `updateMany` does. */
  async deleteMany(filter: Filter<T>, options: QueryOptions = {}): Promise<DeleteResult> {
    return remove(this.#in(options), writeRequests.deleteMany(filter, options))
  }

  /** Null when none matched, or when it was inserted and `returnDocument` is `before`. */
  async findOneAndUpdate<const P extends object = never, const Metadata extends boolean = false>(
    filter: Filter<T>,
    change: Update<T>,
    options: FindOneAndUpdateOptions<T, P, Metadata> = {},
  ): Promise<Found<T, P, Metadata>> {
    checkOptions(options, findOneAndUpdateOptions)
    return this.#findAndModify(filter, { update: change, arrayFilters: options.arrayFilters }, options)
  }

  async findOneAndReplace<const P extends object = never, const Metadata extends boolean = false>(
    filter: Filter<T>,
    replacement: Replacement<T>,
    options: FindOneAndReplaceOptions<T, P, Metadata> = {},
  ): Promise<Found<T, P, Metadata>> {
    checkOptions(options, findOneAndReplaceOptions)
    return this.#findAndModify(filter, { replacement }, options)
  }

  /** The document that was deleted. */
  async findOneAndDelete<const P extends object = never, const Metadata extends boolean = false>(
    filter: Filter<T>,
    options: FindOneAndDeleteOptions<T, P, Metadata> = {},
  ): Promise<Found<T, P, Metadata>> {
    checkOptions(options, findOneAndDeleteOptions)
    return this.#findAndModify(filter, null, options)
  }

  /** @throws BulkWriteError when operations were refused, with what was applied. */
  bulkWrite(
    operations: readonly BulkOperation<T>[],
    options: BulkWriteOptions = {},
  ): Promise<BulkWriteResult<IdOf<T>>> {
    return bulkWrite(this.#in(options), operations, options) as Promise<BulkWriteResult<IdOf<T>>>
  }

  countDocuments(filter?: Filter<T>, options: CountOptions = {}): Promise<number> {
    return countDocuments(this.#in(options), orAll(filter), options)
  }

  /** About how many documents there are: what the backend knows of itself, where it does; else an exact count. */
  estimatedDocumentCount(options: EstimateOptions = {}): Promise<number> {
    return estimatedDocumentCount(this.#in(options), options)
  }

  /** The different values at a path, array elements one by one, in sort order. */
  async distinct<const F extends Path<T>>(
    path: F,
    filter?: Filter<T>,
    options: QueryOptions = {},
  ): Promise<DistinctAt<T, F>[]> {
    checkOptions(options, ['mongodb'])
    return distinct(this.#in(options), path, { ...options, filter: orAll(filter) }) as Promise<DistinctAt<T, F>[]>
  }

  /** @throws UnsupportedOperationError when the driver was not given the aggregation engine. */
  aggregate<R extends object = Document>(
    pipeline: readonly LooseObject[] = [],
    options: AggregateOptions = {},
  ): Cursor<R> {
    return aggregate(this.#in(options), pipeline, options) as unknown as Cursor<R>
  }

  /**
   * Its name, when it can be used. Creating an index that is there already does nothing; one that was left half made is
   * finished.
   *
   * @throws DuplicateKeyError for `unique`
   */
  createIndex(keys: IndexKeys, options: CreateIndexOptions = {}): Promise<string> {
    return createIndex(this.#scope, keys, options)
  }

  /** Their names. All are checked before the first is made. @throws DuplicateKeyError for `unique`; those before it stay. */
  createIndexes(indexes: readonly IndexDescription[], options: CreateIndexesOptions = {}): Promise<string[]> {
    return createIndexes(this.#scope, indexes, options)
  }

  /** False when there was none of this name. */
  dropIndex(name: string, options: CallOptions = {}): Promise<boolean> {
    return dropIndex(this.#scope, name, options)
  }

  /** All but the one on `_id`. Says how many there were. */
  dropIndexes(options: CallOptions = {}): Promise<number> {
    return dropIndexes(this.#scope, options)
  }

  listIndexes(options: CallOptions = {}): Promise<readonly ListedIndex[]> {
    return listIndexes(this.#scope, options)
  }

  /** The changes as they happen, from when it resolves. @throws UnsupportedOperationError without the capability `changes` */
  watch(options: ChangeStreamOptions = {}): Promise<ChangeStream<T>> {
    return watch(this.#scope, options) as unknown as Promise<ChangeStream<T>>
  }

  /** What a `find` with these arguments will do. Nothing is read. */
  async explain(filter?: Filter<T>, options: ExplainOptions<T> = {}): Promise<Explanation> {
    return explain(this.#in(options), orAll(filter), options)
  }

  /** Renames the collection, with its documents and indexes. @throws UnsupportedOperationError where it cannot be renamed */
  rename(name: string, options: RenameOptions = {}): Promise<void> {
    return renameCollection(this.#scope, name, options)
  }

  /** Removes the documents, the indexes and the collection. False when there was none. */
  async drop(options: CallOptions = {}): Promise<boolean> {
    return dropCollection(this.#scope, options)
  }

  /** Where an operation runs: in the transaction of the session that it was called with, if any, and by its budget. */
  #in(options: unknown): CollectionScope {
    return forOperation(this.#scope, options)
  }

  #findAndModify<P, Metadata extends boolean>(
    filter: unknown,
    source: WriteRequest['source'],
    options: GivenWriteOptions,
  ): Promise<Found<T, P, Metadata>> {
    const found: unknown = findAndModify(this.#in(options), { filter, source, multi: false, options })
    return found as Promise<Found<T, P, Metadata>> // its form depends on these options
  }
}

holdToArguments(Collection.prototype, collectionArguments)
