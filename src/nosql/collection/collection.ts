import type { CollectionSpec } from '../contract/define-collection.ts'
import type { Cursor } from './cursor.ts'
import type { WithId } from './document-id.ts'
import { UnsupportedOperationError } from '../errors.ts'
import type { Explanation } from '../contract/explanation.ts'
import { assertPlainObject } from './checks/plain-object.ts'
import type { IndexKeys, IndexModel, IndexOptions } from '../contract/index-model.ts'
import type { Document, Value } from '../query/value.ts'
import type { Session } from '../store/session.ts'
import { aggregate, type AggregateOptions } from './aggregate.ts'
import type { BulkOperation } from './bulk-operations.ts'
import { bulkWrite, type BulkWriteOptions } from './bulk-write.ts'
import { open, type CollectionScope } from './collection-scope.ts'
import { countDocuments, distinct, estimatedDocumentCount, type CountOptions } from './count.ts'
import { findAndModify } from './find-and-modify.ts'
import { findPage, type FindPageOptions, type Page } from './find-page.ts'
import { find } from './find.ts'
import { createIndex, dropIndex, listIndexes } from './indexes.ts'
import { insertMany, insertOne, type InsertManyOptions } from './insert.ts'
import { checkOptions, type FindOptions, type OperationOptions } from './checks/operation-options.ts'
import { planOf } from './read.ts'
import { parseQuery, type Filter } from './question.ts'
import type { BulkWriteResult, DeleteResult, InsertManyResult, InsertOneResult, UpdateResult } from './results.ts'
import { remove, writeRequests, update } from './update.ts'
import {
  findOneAndDeleteOptions,
  findOneAndReplaceOptions,
  findOneAndUpdateOptions,
  type FindOneAndDeleteOptions,
  type FindOneAndReplaceOptions,
  type FindOneAndUpdateOptions,
  type ReplaceOneOptions,
  type Update,
  type UpdateManyOptions,
  type UpdateOneOptions,
} from './write-options.ts'

/**
 * A named set of documents, the same on every backend. Filters, updates and options are checked before anything is sent:
 * what is wrong with them throws `NoSQLFilterError` or `DocumentValidationError`. A collection exists once something was
 * written to it; until then it reads as empty.
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
  constructor(session: Session, name: string, spec: CollectionSpec<T> | undefined) {
    this.name = name
    // The type of the documents is the caller's; inside, every document is plain data.
    this.#scope = { session, name, spec: spec as CollectionSpec | undefined }
  }

  /** A document without `_id` gets a UUID that sorts by time. @throws {DuplicateKeyError} */
  insertOne(document: T, options: OperationOptions = {}): Promise<InsertOneResult> {
    return insertOne(this.#scope, document, options)
  }

  /** @throws {BulkWriteError} when a document was refused, with what was inserted. */
  insertMany(documents: readonly T[], options: InsertManyOptions = {}): Promise<InsertManyResult> {
    return insertMany(this.#scope, documents, options)
  }

  /** Nothing is sent before the first document is asked for. */
  find(filter: Filter = {}, options: FindOptions = {}): Cursor<WithId<T>> {
    return find(this.#scope, filter, options) as unknown as Cursor<WithId<T>>
  }

  /** Null when none matches. */
  async findOne(filter: Filter = {}, options: Omit<FindOptions, 'limit'> = {}): Promise<WithId<T> | null> {
    const [first] = await this.find(filter, { ...options, limit: 1 }).toArray()
    return first ?? null
  }

  /** @throws {BadRequestError} for an `after` that does not belong to this filter and sort. */
  findPage(filter: Filter = {}, options: FindPageOptions = {}): Promise<Page<WithId<T>>> {
    return findPage(this.#scope, filter, options) as Promise<Page<WithId<T>>>
  }

  /** @throws {WriteConflictError | DuplicateKeyError} */
  async updateOne(filter: Filter, change: Update, options: UpdateOneOptions = {}): Promise<UpdateResult> {
    return update(this.#scope, writeRequests.updateOne(filter, change, options))
  }

  /**
   * Not atomic as a whole: a document that cannot be changed ends it, and `details` of the error says how many were changed
   * before. Within a transaction it is all or nothing.
   */
  async updateMany(filter: Filter, change: Update, options: UpdateManyOptions = {}): Promise<UpdateResult> {
    return update(this.#scope, writeRequests.updateMany(filter, change, options))
  }

  /** The document keeps its `_id`. */
  async replaceOne(filter: Filter, replacement: T, options: ReplaceOneOptions = {}): Promise<UpdateResult> {
    return update(this.#scope, writeRequests.replaceOne(filter, replacement, options))
  }

  async deleteOne(filter: Filter, options: OperationOptions = {}): Promise<DeleteResult> {
    return remove(this.#scope, writeRequests.deleteOne(filter, options))
  }

  async deleteMany(filter: Filter, options: OperationOptions = {}): Promise<DeleteResult> {
    return remove(this.#scope, writeRequests.deleteMany(filter, options))
  }

  /** Null when none matched, or when it was inserted and `returnDocument` is `before`. */
  async findOneAndUpdate(
    filter: Filter,
    change: Update,
    options: FindOneAndUpdateOptions = {},
  ): Promise<WithId<T> | null> {
    const source = { update: change, arrayFilters: assertPlainObject(options, 'options').arrayFilters }
    return this.#findAndModify(filter, { source, options, names: findOneAndUpdateOptions })
  }

  findOneAndReplace(filter: Filter, replacement: T, options: FindOneAndReplaceOptions = {}): Promise<WithId<T> | null> {
    return this.#findAndModify(filter, { source: { replacement }, options, names: findOneAndReplaceOptions })
  }

  /** The document that was deleted. */
  findOneAndDelete(filter: Filter, options: FindOneAndDeleteOptions = {}): Promise<WithId<T> | null> {
    return this.#findAndModify(filter, { source: null, options, names: findOneAndDeleteOptions })
  }

  /** @throws {BulkWriteError} when operations were refused, with what was applied. */
  bulkWrite(operations: readonly BulkOperation<T>[], options: BulkWriteOptions = {}): Promise<BulkWriteResult> {
    return bulkWrite(this.#scope, operations, options)
  }

  countDocuments(filter: Filter = {}, options: CountOptions = {}): Promise<number> {
    return countDocuments(this.#scope, filter, options)
  }

  /** About how many documents there are: what the backend knows of itself, where it does; else an exact count. */
  estimatedDocumentCount(options: OperationOptions = {}): Promise<number> {
    return estimatedDocumentCount(this.#scope, options)
  }

  /** The different values at a path, array elements one by one, in sort order. */
  distinct(path: string, filter: Filter = {}, options: OperationOptions = {}): Promise<Value[]> {
    return distinct(this.#scope, path, { ...options, filter })
  }

  /** @throws {UnsupportedOperationError} when the driver was not given the aggregation engine. */
  aggregate<R extends object = Document>(
    pipeline: readonly Readonly<Record<string, unknown>>[],
    options: AggregateOptions = {},
  ): Cursor<R> {
    return aggregate(this.#scope, pipeline, options) as unknown as Cursor<R>
  }

  /** Its name. Creating an index that is there already does nothing. @throws {DuplicateKeyError} for `unique`. */
  createIndex(keys: IndexKeys, options: IndexOptions = {}): Promise<string> {
    return createIndex(this.#scope, keys, options)
  }

  /** False when there was none of this name. */
  dropIndex(name: string): Promise<boolean> {
    return dropIndex(this.#scope, name)
  }

  listIndexes(): Promise<readonly IndexModel[]> {
    return listIndexes(this.#scope)
  }

  /** What a `find` with these arguments will do. Nothing is read. */
  async explain(filter: Filter = {}, options: FindOptions = {}): Promise<Explanation> {
    checkOptions(options, ['sort', 'skip', 'limit', 'projection'])
    const reading = parseQuery(this.#scope, filter, { ...options, limit: options.limit || Infinity })
    const collection = await open(this.#scope, options)
    const context = { ...this.#scope, options: { ...options, work: 'allow' } as const }
    return (await planOf(context, collection, reading)).plan.explanation
  }

  /** Removes the documents, the indexes and the collection. False when there was none. */
  async drop(): Promise<boolean> {
    const { store, transactional } = this.#scope.session
    await open(this.#scope)
    if (transactional) {
      throw new UnsupportedOperationError('A collection cannot be dropped within a transaction.', {
        hint: 'Drop it before or after, or delete its documents with deleteMany.',
      })
    }
    return store.backend.dropCollection(this.name, store.context())
  }

  async #findAndModify(
    filter: Filter,
    {
      names,
      ...request
    }: Pick<Parameters<typeof findAndModify>[1], 'source' | 'options'> & { readonly names: readonly string[] },
  ): Promise<WithId<T> | null> {
    checkOptions(request.options, names)
    const found = await findAndModify(this.#scope, { filter, multi: false, ...request })
    return found as WithId<T> | null
  }
}
