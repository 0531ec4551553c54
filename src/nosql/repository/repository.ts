import { OptimisticLockError, UsageError } from '../../core/errors.ts'
import { err, ok, type Result } from '../../core/result/result.ts'
import type { Specification } from '../../core/specification/specification.ts'
import type { FindPageOptions, Page } from '../collection/find-page.ts'
import type { OperationOptions, Sort } from '../collection/checks/operation-options.ts'
import { assertPlainObject } from '../collection/checks/plain-object.ts'
import type { Filter } from '../collection/question.ts'
import type { DocumentId, WithId } from '../collection/document-id.ts'
import type { DocumentTransaction } from '../store/document-store.ts'
import { DocumentNotFoundError } from '../errors.ts'
import { ConfinedCollection } from './confinement/confined-collection.ts'
import type { Document } from '../query/value.ts'
import { conditionFilter, type Condition } from '../builder/condition.ts'
import { IdBatcher } from './id-batcher.ts'
import {
  baseFilter,
  deletedAtField,
  deletedField,
  toRules,
  type RepositoryOptions,
  type RepositoryRules,
} from './options.ts'
import { toInsert, toBookkeepingUpdate, toUpdate, type EntityDocument } from './document-mapping.ts'
import { toFilter } from '../builder/specification-to-filter.ts'

export interface VisibilityOptions {
  /** Also those that were softly deleted. @default false */
  readonly includeDeleted?: boolean
}

export interface RepositoryFindOptions extends VisibilityOptions, OperationOptions {
  readonly sort?: Sort
  readonly skip?: number
  /** At most this many; absent: all. */
  readonly limit?: number
}

/**
 * Entities in one collection. A subclass names the collection and maps between entity and document; everything else is
 * here. Each repository belongs to one request (a scoped registration), and works within a transaction when it is made
 * from one: `new UserRepository(tx)`.
 *
 * `documentToEntity` gets a document of its own, with `_id`. `entityToDocument` gives the fields to store: without
 * `_id` a new document is made; a field that is `undefined` is removed; fields it does not name stay as they are.
 *
 * @example
 * import { DocumentRepository, type DocumentStore, type WithId } from 'lexigram-edge/nosql'
 *
 * class UserRepository extends DocumentRepository<User, string> {
 *   protected readonly collectionName = 'users'
 *   constructor(store: DocumentStore) { super(store, { softDelete: true }) }
 *   protected documentToEntity({ _id, ...user }: WithId<Document>): User { return { id: String(_id), ...user } as User }
 *   protected entityToDocument({ id, ...user }: User) { return { _id: id, ...user } }
 * }
 */
export abstract class DocumentRepository<TEntity, TKey extends DocumentId = string> {
  protected abstract readonly collectionName: string
  protected abstract documentToEntity(document: WithId<Document>): TEntity | Promise<TEntity>
  protected abstract entityToDocument(entity: TEntity): EntityDocument | Promise<EntityDocument>

  readonly #store: DocumentTransaction
  readonly #rules: RepositoryRules
  readonly #batcher = new IdBatcher()

  constructor(store: DocumentTransaction, options: RepositoryOptions = {}) {
    this.#store = store
    this.#rules = toRules(options)
  }

  /** The collection as this repository may see it: for queries of a subclass's own. No call can leave the filter. */
  protected collection(options: VisibilityOptions = {}): ConfinedCollection {
    const base = baseFilter(this.#rules, assertPlainObject(options, 'options').includeDeleted === true)
    return new ConfinedCollection(this.#store.collection(this.collectionName), base, this.#rules.tenant())
  }

  /** The entity, which must exist. Calls of one tick share one query. */
  async get(id: TKey, options: VisibilityOptions = {}): Promise<Result<TEntity, DocumentNotFoundError>> {
    const entity = await this.find(id, options)
    if (entity !== null) return ok(entity)
    return err(
      new DocumentNotFoundError(`There is no such document in '${this.collectionName}'.`, {
        publicMessage: 'there is no such document',
      }),
    )
  }

  /** The entity, or null. Calls of one tick share one query. */
  async find(id: TKey, options: VisibilityOptions = {}): Promise<TEntity | null> {
    const document = await this.#load(id, options)
    return document === null ? null : this.documentToEntity(document)
  }

  /** Entities in the order asked for, 100 unless told otherwise. */
  async list(options: RepositoryFindOptions = {}): Promise<TEntity[]> {
    return this.findByFilter({}, { limit: 100, ...options })
  }

  /** All entities that match a filter of the document query language. */
  async findByFilter(filter: Filter, options: RepositoryFindOptions = {}): Promise<TEntity[]> {
    const { includeDeleted = false, ...rest } = assertPlainObject(options, 'options')
    if ('projection' in rest) throw new UsageError('a repository gives whole entities; a query for one selects nothing')
    return this.#toEntities(await this.collection({ includeDeleted }).find(filter, rest).toArray())
  }

  /** All entities that satisfy a specification. */
  async findBySpec(specification: Specification<TEntity>, options: RepositoryFindOptions = {}): Promise<TEntity[]> {
    return this.findByFilter(toFilter(specification), options)
  }

  /** One page, and the cursor for the next; `null` after the last. Pages neither repeat nor miss an unchanged document. */
  async findPage(
    condition: Condition<TEntity> = {},
    options: Omit<FindPageOptions, 'projection'> & VisibilityOptions = {},
  ): Promise<Page<TEntity>> {
    const { includeDeleted = false, ...rest } = assertPlainObject(options, 'options')
    const page = await this.collection({ includeDeleted }).findPage(conditionFilter(condition), rest)
    return { ...page, items: await this.#toEntities(page.items) }
  }

  async count(condition: Condition<TEntity> = {}, options: VisibilityOptions & OperationOptions = {}): Promise<number> {
    const { includeDeleted = false, ...rest } = assertPlainObject(options, 'options')
    return this.collection({ includeDeleted }).countDocuments(conditionFilter(condition), rest)
  }

  async exists(id: TKey, options: VisibilityOptions = {}): Promise<boolean> {
    const found = await this.collection(options).findOne({ _id: id }, { projection: { _id: 1 } })
    return found !== null
  }

  /**
   * Stores an entity, new or changed, in one write, and gives it as it is stored.
   *
   * @throws OptimisticLockError `LEX_ERR_DB_015` when somebody else has saved or deleted it since it was read;
   * DuplicateKeyError `LEX_ERR_DB_005` for a unique index, or an id that is softly deleted or another tenant's.
   */
  async save(entity: TEntity): Promise<TEntity> {
    const document = assertPlainObject(await this.entityToDocument(entity), 'what entityToDocument returns')
    return this.documentToEntity(await this.#write(document))
  }

  /**
   * Stores entities in one bulk write, in order, and gives them as they are stored. It is not atomic by itself: make
   * the repository from a transaction for that. With the optimistic lock each is written on its own.
   */
  async saveMany(entities: readonly TEntity[]): Promise<TEntity[]> {
    if (!Array.isArray(entities)) throw new UsageError('saveMany takes an array of entities')
    const documents = await Promise.all(
      entities.map(async (entity: TEntity) =>
        assertPlainObject(await this.entityToDocument(entity), 'what entityToDocument returns'),
      ),
    )
    if (this.#rules.versionField !== undefined) {
      const stored: WithId<Document>[] = []
      for (const document of documents) stored.push(await this.#write(document))
      return this.#toEntities(stored)
    }
    return this.#toEntities(await this.#writeMany(documents))
  }

  /** True when there was one to delete. With soft deletion it is marked, unless `hard`, which also removes a marked one. */
  async delete(id: TKey, options: { readonly hard?: boolean } = {}): Promise<boolean> {
    return (await this.deleteMany([id], options)) > 0
  }

  /** How many there were to delete. */
  async deleteMany(ids: readonly TKey[], options: { readonly hard?: boolean } = {}): Promise<number> {
    const filter = { _id: { $in: ids } }
    if (!this.#rules.softDelete || assertPlainObject(options, 'options').hard === true)
      return (await this.collection({ includeDeleted: true }).deleteMany(filter)).deletedCount
    const mark = { $set: { [deletedField]: true, [deletedAtField]: this.#rules.now() } }
    return (await this.collection().updateMany(filter, toBookkeepingUpdate(mark, this.#rules))).matchedCount
  }

  /** Brings back what was softly deleted. False when there was nothing to bring back. */
  async restore(id: TKey): Promise<boolean> {
    if (!this.#rules.softDelete) throw new UsageError('restore needs a repository with the softDelete option')
    const unmark = toBookkeepingUpdate({ $unset: { [deletedField]: '', [deletedAtField]: '' } }, this.#rules)
    const deleted = { _id: id, [deletedField]: true }
    return (await this.collection({ includeDeleted: true }).updateOne(deleted, unmark)).matchedCount > 0
  }

  async #write(document: EntityDocument): Promise<WithId<Document>> {
    const collection = this.collection()
    const { versionField } = this.#rules
    const version = versionField === undefined ? undefined : document[versionField]
    const isNew = document['_id'] === undefined || (versionField !== undefined && version === undefined)
    if (isNew) {
      const inserted = toInsert(document, this.#rules)
      const { insertedId } = await collection.insertOne(inserted)
      return { ...inserted, _id: insertedId }
    }
    const filter = { _id: document['_id'], ...(versionField !== undefined && { [versionField]: version }) }
    const options = { upsert: versionField === undefined, returnDocument: 'after' } as const
    const stored = await collection.findOneAndUpdate(filter, toUpdate(document, this.#rules), options)
    if (stored !== null) return stored
    throw new OptimisticLockError(`A document in '${this.collectionName}' was changed or deleted since it was read.`, {
      hint: 'Read it again, repeat the change and save.',
      publicMessage: 'the document was changed or deleted since it was read',
    })
  }

  async #writeMany(documents: readonly EntityDocument[]): Promise<WithId<Document>[]> {
    if (documents.length === 0) return []
    const collection = this.collection()
    const { insertedIds } = await collection.bulkWrite(
      documents.map((document) =>
        document['_id'] === undefined
          ? { insertOne: { document: toInsert(document, this.#rules) } }
          : { updateOne: { filter: { _id: document['_id'] }, update: toUpdate(document, this.#rules), upsert: true } },
      ),
    )
    const ids = documents.map((document, index) => document['_id'] ?? insertedIds[index])
    const stored = await Promise.all(ids.map((id) => this.#load(id as DocumentId, {}))) // ids that were just written
    return stored.filter((document) => document !== null)
  }

  /** The filter of the call decides which calls share a query: none ever runs under another's tenant. */
  #load(id: DocumentId, options: VisibilityOptions): Promise<WithId<Document> | null> {
    const base = baseFilter(this.#rules, assertPlainObject(options, 'options').includeDeleted === true)
    const collection = this.collection(options)
    return this.#batcher.load(id, JSON.stringify(base), (ids) => collection.find({ _id: { $in: ids } }).toArray())
  }

  #toEntities(documents: readonly WithId<Document>[]): Promise<TEntity[]> {
    return Promise.all(documents.map(async (document) => this.documentToEntity(document)))
  }
}
