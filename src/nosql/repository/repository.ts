import { assertOptions, must } from '../../core/assert-options.ts'
import { conditionOf, specificationFilter, storedSort } from './entity-fields.ts'
import { isIncluded, wholeEntities } from './given-options.ts'
import { NotFoundError, UsageError } from '../../core/errors.ts'
import { assertFields, assertPlainObject, kindOf } from '../../core/plain-object.ts'
import type { DeleteManyOptions, DeleteOptions, Page, VisibilityOptions } from '../../core/repository/options.ts'
import { readPages } from '../../core/repository/read-pages.ts'
import { err, ok, type Result } from '../../core/result/result.ts'
import type { Specification } from '../../core/specification/specification.ts'
import type { FindOptions, GivenFindOptions, OperationOptions } from '../collection/checks/operation-options.ts'
import { holdToArguments } from '../../core/known-arguments.ts'
import { repositoryArguments } from '../collection/checks/known-arguments.ts'
import type { Collection } from '../collection/collection.ts'
import { Cursor } from '../collection/reading/cursor.ts'
import type { DocumentId, WithId } from '../collection/document-id.ts'
import type { FindPageOptions } from '../collection/reading/find-page.ts'
import type { Filter, LooseObject } from '../collection/types/filter.ts'
import type { Document } from '../query/value.ts'
import type { DocumentTransaction } from '../store/document-store.ts'
import { identityOf } from './deletion.ts'
import { toMapped } from './document-mapping.ts'
import { baseFilter, beginCall, confinementOf, type RepositoryCall } from './call.ts'
import { IdBatcher } from './id-batcher.ts'
import { assertKey, identitiesFilter, identityFilter } from './identity.ts'
import { toRules, type RepositoryOptions, type RepositoryRules } from './options.ts'
import type {
  EntityDocument,
  RepositoryAggregateOptions,
  RepositoryCondition,
  RepositoryFindOptions,
  RepositoryPageOptions,
  RepositoryStreamOptions,
  StoredAs,
} from './types.ts'
import {
  deleteVersion,
  goneMeanwhile,
  markDocuments,
  notReadAgain,
  removeDocuments,
  storeDocument,
  storeDocuments,
  storeInTurn,
  unmarkDocument,
  type Target,
} from './writes.ts'

/**
 * Entities in one collection: a `Repository<TEntity, TKey>`. A subclass names the collection and maps between entity
 * and document; everything else is here. Each repository belongs to one request (a scoped registration), and works
 * within a transaction if it is made from one: `new UserRepository(tx)`. `documentToEntity` receives the document with its
 * `_id`. `entityToDocument` returns the fields to store: without `_id` a new document is created, a field that is `undefined`
 * is removed, and fields that it does not name stay as they are. The third type parameter is the type of the documents.
 * Without it, filters and sorts know the fields of the entity.
 *
 * @example
 * import { DocumentRepository, type DocumentStore, type WithId } from 'lexigram-edge/nosql'
 *
 * class UserRepository extends DocumentRepository<User, string, UserDocument> {
 *   protected readonly collectionName = 'users'
 *   constructor(store: DocumentStore) { super(store, { softDelete: true }) }
 *   protected documentToEntity({ _id, ...user }: UserDocument): User { return { id: _id, ...user } }
 *   protected entityToDocument({ id, ...user }: User) { return { _id: id, ...user } }
 * }
 */
export abstract class DocumentRepository<
  TEntity,
  TKey extends DocumentId = string,
  TDocument extends object = Document,
> {
  protected abstract readonly collectionName: string
  /** The field of the entity that is stored as `_id`, as specifications and sorts of the entity name it. */
  protected readonly keyField: string = 'id'
  protected abstract documentToEntity(document: WithId<TDocument>): TEntity | Promise<TEntity>
  protected abstract entityToDocument(entity: TEntity): EntityDocument<TDocument> | Promise<EntityDocument<TDocument>>

  readonly #store: DocumentTransaction
  readonly #rules: RepositoryRules
  readonly #batcher = new IdBatcher()
  /** The collection without confinement, by the last name that it had. */
  #whole: Collection | undefined

  constructor(store: DocumentTransaction, options: RepositoryOptions = {}) {
    this.#store = store
    this.#rules = toRules(options)
  }

  /** The collection as this repository may see it: for queries of a subclass. No call can leave the filter. */
  protected collection(options: VisibilityOptions = {}): Collection<TDocument> {
    return this.#collection(beginCall(this.#rules), isIncluded(options)) as unknown as Collection<TDocument>
  }

  /** The entity, which must exist. Calls of one tick share one query. */
  async get(id: TKey, options: VisibilityOptions = {}): Promise<Result<TEntity, NotFoundError>> {
    const found = await this.find(id, options)
    return found === null ? err(new NotFoundError('the document cannot be found')) : ok(found)
  }

  /** The entity, or null. Calls of one tick share one query. */
  async find(id: TKey, options: VisibilityOptions = {}): Promise<TEntity | null> {
    const document = await this.#load(beginCall(this.#rules), assertKey(id), isIncluded(options))
    return document === null ? null : this.#toEntity(document)
  }

  /** Entities in the order asked for, 100 by default. */
  async list(options: RepositoryFindOptions<TEntity, StoredAs<TEntity, TKey, TDocument>> = {}): Promise<TEntity[]> {
    const { limit = 100, ...rest } = assertPlainObject(options, 'options')
    return this.#findAll({}, { ...rest, limit })
  }

  /** All entities that match a filter of documents. */
  async findByFilter(
    filter: Filter<StoredAs<TEntity, TKey, TDocument>>,
    options: RepositoryFindOptions<TEntity, StoredAs<TEntity, TKey, TDocument>> = {},
  ): Promise<TEntity[]> {
    return this.#findAll(filter, options)
  }

  /** All entities that satisfy a specification. */
  async findBySpec(
    specification: Specification<TEntity>,
    options: RepositoryFindOptions<TEntity, StoredAs<TEntity, TKey, TDocument>> = {},
  ): Promise<TEntity[]> {
    return this.#findAll(specificationFilter(specification, this.keyField), options)
  }

  /**
   * One page by position, not by number: a document that does not change is neither repeated nor missed. The cursor hides
   * the position. It belongs to this collection, condition, order, tenant and visibility.
   * @throws BadRequestError `LEX_ERR_DOM_001` for whatever is not such a cursor
   */
  async page(options: RepositoryPageOptions<TEntity, StoredAs<TEntity, TKey, TDocument>> = {}): Promise<Page<TEntity>> {
    const { includeDeleted, where, ...rest } = this.#storedOptions(options, 1)
    const collection = this.#collection(beginCall(this.#rules), isIncluded({ includeDeleted }))
    const page = await collection.findPage(conditionOf(where, this.keyField), rest as FindPageOptions)
    return { ...page, items: await this.#toEntities(page.items) }
  }

  /** All entities that match a condition, read page by page: memory does not grow with their number. */
  async *stream(
    options: RepositoryStreamOptions<TEntity, StoredAs<TEntity, TKey, TDocument>> = {},
  ): AsyncGenerator<TEntity, void> {
    if ('after' in assertPlainObject(options, 'options'))
      throw new UsageError("'after' cannot be used: a stream has no pages")
    yield* readPages((after) => this.page({ limit: 500, ...options, after }))
  }

  async count(
    condition?: RepositoryCondition<TEntity, StoredAs<TEntity, TKey, TDocument>>,
    options: VisibilityOptions & OperationOptions = {},
  ): Promise<number> {
    const { includeDeleted, ...rest } = assertPlainObject(options, 'options')
    const collection = this.#collection(beginCall(this.#rules), isIncluded({ includeDeleted }))
    return collection.countDocuments(conditionOf(condition, this.keyField), rest)
  }

  async exists(id: TKey, options: VisibilityOptions = {}): Promise<boolean> {
    const collection = this.#collection(beginCall(this.#rules), isIncluded(options))
    return (await collection.countDocuments(identityFilter(id), { limit: 1 })) > 0
  }

  /**
   * The results of a pipeline over the documents that this repository may see. Documents that are deleted, or belong to
   * another tenant, are left out wherever the pipeline reads them.
   */
  aggregate<R extends object = Document>(
    pipeline: readonly LooseObject[],
    options: RepositoryAggregateOptions = {},
  ): Cursor<R> {
    try {
      const { includeDeleted, ...rest } = assertPlainObject(options, 'options')
      return this.#collection(beginCall(this.#rules), isIncluded({ includeDeleted })).aggregate<R>(pipeline, rest)
    } catch (error) {
      return new Cursor(() => {
        throw error
      })
    }
  }

  /**
   * Stores an entity, new or changed, in one write, and returns it as it is stored.
   * @throws OptimisticLockError `LEX_ERR_DB_015` when another writer has saved or deleted it since it was read;
   * DuplicateKeyError `LEX_ERR_DB_005` for a unique index, or an id that is softly deleted or another tenant's;
   * DocumentValidationError `LEX_ERR_NOSQL_005` for an id or a version that is not a scalar, and for a field name with a dot
   * or a leading dollar: the name of a field is never a path
   */
  async save(entity: TEntity): Promise<TEntity> {
    return this.#toEntity(await storeDocument(this.#target(), await this.#toDocument(entity)))
  }

  /**
   * Stores entities in one bulk write, in order, and returns them as they are stored. It is not atomic by itself: make
   * the repository from a transaction for that. With the option `version` each is written on its own.
   *
   * @throws what `save` throws when one is refused: `details.index` says which, and `details.result` what was stored before
   * it; BulkWriteError `LEX_ERR_NOSQL_011` when that is not known of all; WriteConflictError `LEX_ERR_NOSQL_008` when one was
   * deleted before it could be read again
   */
  async saveMany(entities: readonly TEntity[]): Promise<TEntity[]> {
    if (!Array.isArray(entities)) throw new UsageError(`the entities must be an array, not ${kindOf(entities)}`)
    const target = this.#target()
    const documents = await Promise.all(Array.from(entities, (entity: TEntity) => this.#toDocument(entity)))
    if (documents.length === 0) return []
    if (target.call.versionField !== undefined) return this.#toEntities(await storeInTurn(target, documents))
    const ids = await storeDocuments(target, documents)
    const reading = Promise.all(ids.map((id) => this.#load(target.call, assertKey(id), false)))
    const stored = await reading.catch((error: unknown) => notReadAgain(this.collectionName, error))
    if (stored.includes(null)) throw goneMeanwhile(this.collectionName)
    return this.#toEntities(stored.filter((document) => document !== null))
  }

  /**
   * True when there was one to delete, by its id or as it was read. With soft deletion it is marked, unless `hard`, which
   * also removes a marked one. With the option `version`, an entity is deleted only in the version that it has, and an id in
   * the one that `version` says, if any.
   *
   * @throws OptimisticLockError `LEX_ERR_DB_015` when another writer has changed or deleted it since it was read
   */
  async delete(target: TKey | TEntity, options: DeleteOptions = {}): Promise<boolean> {
    const { hard, version } = assertOptions(options, { hard: must.beBoolean, version: must.beAnything })
    const { versionField } = this.#rules
    const { id, version: known } = await identityOf({ target, version, versionField }, (entity) =>
      this.#toDocument(entity as TEntity),
    )
    if (known === undefined) return (await this.#deleteAll([id], hard)) > 0
    const { marks, ...where } = this.#deletion(hard)
    return deleteVersion(where, { id, version: known, marks })
  }

  /** How many there were to delete. */
  async deleteMany(ids: readonly TKey[], options: DeleteManyOptions = {}): Promise<number> {
    if (!Array.isArray(ids)) throw new UsageError(`the ids must be an array, not ${kindOf(ids)}`)
    return this.#deleteAll(ids, assertOptions(options, { hard: must.beBoolean }).hard)
  }

  /** Brings back what was softly deleted. False when there was nothing to bring back. */
  async restore(id: TKey): Promise<boolean> {
    if (!this.#rules.softDelete) throw new UsageError('restore cannot run: the repository has no soft deletion')
    return unmarkDocument(this.#target(true), id)
  }

  #collection(call: RepositoryCall, includeDeleted: boolean): Collection {
    const name = this.collectionName
    if (this.#whole?.name !== name) this.#whole = this.#store.collection(name)
    return this.#whole.confined(confinementOf(name, call, includeDeleted))
  }

  #target(includeDeleted = false): Target {
    const call = beginCall(this.#rules)
    return { call, collection: this.#collection(call, includeDeleted) }
  }

  /** Where a deletion works, and whether it marks or removes. */
  #deletion(hard: boolean | undefined): Target & { readonly marks: boolean } {
    const marks = this.#rules.softDelete && hard !== true
    return { ...this.#target(!marks), marks }
  }

  #deleteAll(ids: readonly unknown[], hard: boolean | undefined): Promise<number> {
    const { marks, ...target } = this.#deletion(hard)
    return marks ? markDocuments(target, ids) : removeDocuments(target, ids)
  }

  async #findAll(filter: unknown, options: GivenFindOptions & VisibilityOptions): Promise<TEntity[]> {
    const { includeDeleted, limit, ...rest } = this.#storedOptions(options, 0)
    const collection = this.#collection(beginCall(this.#rules), isIncluded({ includeDeleted }))
    // A collection reads all of them with a limit of 0, as MongoDB does.
    const found = collection.find(filter as Filter, { ...rest, limit: limit === 0 ? 1 : limit } as FindOptions)
    return this.#toEntities((await found.toArray()).slice(0, limit))
  }

  /** Options of a query for whole entities, by fields of documents. */
  #storedOptions<O extends { readonly sort?: unknown; readonly limit?: unknown }>(options: O, least: 0 | 1): O {
    const { sort } = wholeEntities(options, least)
    return sort === undefined ? options : { ...options, sort: storedSort(sort, this.keyField) }
  }

  /** The filter of the call decides which calls share a query: none ever runs under the tenant of another. */
  #load(call: RepositoryCall, id: DocumentId, includeDeleted: boolean): Promise<WithId<Document> | null> {
    const group = JSON.stringify(baseFilter(call, includeDeleted))
    return this.#batcher.load(id, group, (ids) =>
      this.#collection(call, includeDeleted).find(identitiesFilter(ids)).toArray(),
    )
  }

  async #toDocument(entity: TEntity): Promise<Readonly<Record<string, unknown>>> {
    return toMapped(await this.entityToDocument(assertFields(entity, 'an entity')))
  }

  #toEntity(document: WithId<Document>): TEntity | Promise<TEntity> {
    return this.documentToEntity(document as WithId<TDocument>) // what the repository has mapped to is stored
  }

  #toEntities(documents: readonly WithId<Document>[]): Promise<TEntity[]> {
    return Promise.all(documents.map(async (document) => this.#toEntity(document)))
  }
}

holdToArguments(DocumentRepository.prototype, repositoryArguments)
