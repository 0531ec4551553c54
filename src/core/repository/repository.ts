import type { NotFoundError } from '../errors.ts'
import type { Result } from '../result/result.ts'
import type { Specification } from '../specification/specification.ts'
import type {
  DeleteManyOptions,
  DeleteOptions,
  ListOptions,
  Page,
  PageOptions,
  StreamOptions,
  VisibilityOptions,
} from './options.ts'

/**
 * What a domain asks of whatever keeps its entities. `SqlRepository` and `DocumentRepository` implement it with the same
 * answers, so that code written against it runs on every database. Fields are those of the entity; `id` is its key.
 *
 * Options of the implementation apply to each method: deleted entities and those of another tenant are invisible.
 *
 * @example
 * import { token, type Repository } from 'lexigram-edge'
 *
 * const Products = token<Repository<Product>>('Products')
 */
export interface Repository<TEntity, TKey = string> {
  /** Returns the entity, or null. */
  find(id: TKey, options?: VisibilityOptions): Promise<TEntity | null>
  /** Returns the entity, which must exist. */
  get(id: TKey, options?: VisibilityOptions): Promise<Result<TEntity, NotFoundError>>
  /** Returns all entities that satisfy a specification, as they would in memory. */
  findBySpec(specification: Specification<TEntity>, options?: ListOptions<TEntity>): Promise<TEntity[]>
  /** Returns entities, 100 unless `limit` says otherwise. Without `sort` the order is the database's. */
  list(options?: ListOptions<TEntity>): Promise<TEntity[]>
  /**
   * Returns one page by position, not by number: an entity that does not change is neither repeated nor missed.
   *
   * @throws BadRequestError `LEX_ERR_DOM_001` for a cursor that does not belong to this query
   */
  page(options?: PageOptions<TEntity>): Promise<Page<TEntity>>
  /** Reads all entities that satisfy `where`, in order; memory does not grow with their number. */
  stream(options?: StreamOptions<TEntity>): AsyncIterable<TEntity>
  /** Returns how many entities there are, or how many satisfy a specification. */
  count(specification?: Specification<TEntity>, options?: VisibilityOptions): Promise<number>
  exists(id: TKey, options?: VisibilityOptions): Promise<boolean>
  /**
   * Stores an entity, new or changed, and returns it as it is stored. With the option `version` an entity without a
   * version is new.
   *
   * @throws OptimisticLockError `LEX_ERR_DB_015` when another writer saved or deleted it since it was read;
   *   DuplicateKeyError `LEX_ERR_DB_005` for a unique key, or an id that is deleted or another tenant's
   */
  save(entity: TEntity): Promise<TEntity>
  /**
   * Stores entities and returns them as they are stored, in order; an entity that is there twice, as it is in the end. SQL
   * stores all or none; documents are stored in order, and all or none only in a transaction.
   *
   * @throws as `save`
   */
  saveMany(entities: readonly TEntity[]): Promise<TEntity[]>
  /**
   * Returns true when there was one to delete. With soft deletion it is marked, unless `hard`.
   *
   * @throws OptimisticLockError `LEX_ERR_DB_015` when `version` is set, and the entity has another one or is not there
   */
  delete(id: TKey, options?: DeleteOptions): Promise<boolean>
  /** Returns how many there were to delete. */
  deleteMany(ids: readonly TKey[], options?: DeleteManyOptions): Promise<number>
  /**
   * Brings back what was softly deleted. Returns false when there was nothing to bring back.
   *
   * @throws UsageError `LEX_ERR_USE_001` for a repository without soft deletion
   */
  restore(id: TKey): Promise<boolean>
}
