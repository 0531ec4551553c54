import type { InferSelectModel } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import { assertOptions, must } from '../../core/assert-options.ts'
import { NotFoundError, UsageError } from '../../core/errors.ts'
import { assertFields, kindOf } from '../../core/plain-object.ts'
import type { DeleteManyOptions, DeleteOptions, Page, VisibilityOptions } from '../../core/repository/options.ts'
import type { Repository } from '../../core/repository/repository.ts'
import { readPages } from '../../core/repository/read-pages.ts'
import { err, ok, type Result } from '../../core/result/result.ts'
import type { Specification } from '../../core/specification/specification.ts'
import type { Statement } from '../contract/driver.ts'
import { PreparedStatement } from '../drizzle/prepared-statement.ts'
import { failedExpectation } from '../session/units/row-expectation.ts'
import type { TrackedWrite, UnitOfWork } from '../session/units/unit-of-work.ts'
import { assertParts, refuseOtherArguments } from './repository-arguments.ts'
import type { Fragment } from './fragment.ts'
import { toSqlRules, type SqlRepositoryOptions } from './options.ts'
import { cursorBinding, readPosition, writePosition } from './page.ts'
import { isKey, isOneOfKeys, type SqlKey } from './row-key.ts'
import type { IdOf, RepositorySession, SqlMapping, UpsertOptions } from './repository-types.ts'
import { checkRow, type Row } from './row-values.ts'
import {
  countRows,
  existsRow,
  findById,
  findOptions,
  pageRequest,
  selectPage,
  selectRows,
  streamOptions,
  type SqlListOptions,
  type SqlPageOptions,
  type SqlStreamOptions,
} from './select.ts'
import { confine, statementOf, type Source } from './source.ts'
import { asStored, storeMany } from './store-many.ts'
import { deleteRows, hasVersion, restoreRow, staleRow, storeRow, upsertRow, type RowWrite } from './store.ts'
import { shapeOf } from './table-shape.ts'
import { RepositoryUnits } from './tracked-entities.ts'

/**
 * Entities in one table, each method one round trip. Made for one session; filters for deleted rows and the tenant
 * apply whatever the method. A primary key of several columns is an object: `find({ order: 1, line: 2 })`.
 *
 * @example
 * import { SqlRepository, type DbSession } from 'lexigram-edge/sql'
 *
 * class Products extends SqlRepository<typeof products, Product, string> {
 *   constructor(session: DbSession) {
 *     super(products, session, { toEntity: (row) => row, toRow: (product) => product }, { version: 'version' })
 *   }
 * }
 */
export class SqlRepository<TTable extends PgTable, TEntity, TKey extends SqlKey = IdOf<TTable>> implements Repository<
  TEntity,
  TKey
> {
  protected readonly session: RepositorySession
  readonly #source: Source
  readonly #mapping: SqlMapping<TTable, TEntity>
  readonly #units: RepositoryUnits<TEntity>

  /** @throws UsageError for a table without a primary key, and for options that do not fit it */
  // oxlint-disable-next-line max-params -- what is required is never an option
  constructor(
    table: TTable,
    session: RepositorySession,
    mapping: SqlMapping<TTable, TEntity>,
    options: SqlRepositoryOptions<TTable> = {},
  ) {
    const shape = shapeOf(table)
    assertParts(session, mapping)
    this.session = session
    const { dialect } = session
    this.#source = { shape, rules: toSqlRules(shape, options), dialect, names: dialect.namesOf(table) }
    this.#mapping = mapping
    this.#units = new RepositoryUnits({
      source: this.#source,
      toRow: (entity) => this.#toRow(entity),
      save: (entity) => this.#saving(entity),
    })
  }

  /** The entity, or null. @throws UsageError for an id that cannot be one */
  async find(id: TKey, options: VisibilityOptions = {}): Promise<TEntity | null> {
    return (await this.#entities(findById(this.#source, id, options)))[0] ?? null
  }

  /** The entity, which must exist. */
  async get(id: TKey, options: VisibilityOptions = {}): Promise<Result<TEntity, NotFoundError>> {
    const found = await this.find(id, options)
    return found === null ? err(new NotFoundError('the row cannot be found')) : ok(found)
  }

  /**
   * Entities that satisfy a specification on the table's columns, as they would in memory.
   *
   * @throws UsageError for a field that is not a column, and for everything that is not a specification
   */
  async findBySpec(
    specification: Specification<TEntity>,
    options: SqlListOptions<TEntity, TTable> = {},
  ): Promise<TEntity[]> {
    return this.#entities(selectRows(this.#source, options, { given: specification }))
  }

  /** Entities in the order asked for, at most 100 by default. */
  async list(options: SqlListOptions<TEntity, TTable> = {}): Promise<TEntity[]> {
    const { limit = 100, ...rest } = assertOptions(options, findOptions)
    return this.#entities(selectRows(this.#source, { ...rest, limit }))
  }

  /**
   * One page by position, not by number: a row that does not change is neither repeated nor missed. Its cursor hides the
   * position, and belongs to this table, order, tenant and visibility; `where` may change from page to page.
   *
   * @throws BadRequestError for whatever is not such a cursor
   */
  async page(options: SqlPageOptions<TEntity, TTable> = {}): Promise<Page<TEntity>> {
    const request = pageRequest(this.#source, options)
    const { order, after } = request
    const binding = cursorBinding(this.#source, order, request.confinement)
    const { cursors } = this.session
    const position = after == null ? null : readPosition(await cursors.open(after, binding), order)
    const { rows, last } = await this.session.run(selectPage(this.#source, request, position))
    const next = last === null ? null : await cursors.seal(writePosition(last), binding)
    return { items: rows.map((row) => this.#entity(row)), next }
  }

  /** All entities that satisfy a specification, read page by page: memory does not grow with their number. */
  async *stream(options: SqlStreamOptions<TEntity, TTable> = {}): AsyncGenerator<TEntity, void> {
    const { limit = 500, ...rest } = assertOptions(options, streamOptions)
    yield* readPages((after) => this.page({ ...rest, limit, after }))
  }

  /** How many there are, or how many satisfy a specification. */
  async count(specification?: Specification<TEntity>, options: VisibilityOptions = {}): Promise<number> {
    return this.session.run(countRows(this.#source, options, specification))
  }

  async exists(id: TKey, options: VisibilityOptions = {}): Promise<boolean> {
    return this.session.run(existsRow(this.#source, id, options))
  }

  /**
   * Stores an entity, new or changed, and returns it as it is stored.
   *
   * @throws OptimisticLockError when it was saved or deleted since it was read; DuplicateKeyError for another unique
   * key, or an id whose row is deleted or another tenant's; NotFoundError for a generated id that does not exist
   */
  async save(entity: TEntity): Promise<TEntity> {
    return this.#storeOne(storeRow(this.#source, this.#toRow(entity), confine(this.#source)))
  }

  /**
   * Stores an entity over the one that has the same key, whatever its version, and returns it as it is stored.
   *
   * @throws DuplicateKeyError for another unique key, or a row that is deleted or another tenant's
   */
  async upsert(entity: TEntity, options: UpsertOptions<TTable> = {}): Promise<TEntity> {
    const { on } = assertOptions(options, { on: must.beArray })
    return this.#storeOne(upsertRow(this.#source, this.#toRow(entity), on))
  }

  /**
   * Stores entities in one round trip, all or none, and returns them as they are stored, in order. New ones become one
   * statement. @throws as `save` does
   */
  async saveMany(entities: readonly TEntity[]): Promise<TEntity[]> {
    if (!Array.isArray(entities)) throw new UsageError(`the entities must be an array, not ${kindOf(entities)}`)
    if (entities.length === 0) return []
    const confinement = confine(this.#source)
    // A hole in the array is an entity that is missing.
    const writes = Array.from(entities, (entity: TEntity) => storeRow(this.#source, this.#toRow(entity), confinement))
    const groups = storeMany(this.#source, writes)
    const statements = groups.map(({ statement }) => this.#rows(statement, 1))
    const [only, ...others] = statements
    try {
      const stored =
        others.length === 0 && only !== undefined
          ? await this.session.run(only)
          : asStored(this.#source, (await this.session.batch(statements)).flat())
      return stored.map((row) => this.#entity(row))
    } catch (error) {
      throw groups[failedExpectation(error)]?.otherwise() ?? error
    }
  }

  /**
   * The entity as a unit of work has it, or null: asked again, it is the same object, and its changes are saved at the
   * unit's commit, with its version. One that the unit deletes is not there.
   */
  async findIn(unit: UnitOfWork, id: TKey): Promise<TEntity | null> {
    const tracked = this.#units.of(unit)
    const known = tracked.find(id)
    if (known !== undefined) return known
    const found = await this.find(id)
    return found === null ? null : tracked.add(found)
  }

  /**
   * Tracks an entity that was read by another method: later changes of it are saved at the unit's commit. Returns the
   * entity that the unit has for its key already, if it has one.
   *
   * @throws UsageError for an entity that is not an object, or that the unit deletes
   */
  trackIn(unit: UnitOfWork, entity: TEntity): TEntity {
    return this.#units.of(unit).add(entity)
  }

  /**
   * Adds what `save` would do to a unit of work: nothing is sent before its commit, which fails as `save` would. Rows
   * are sent before those that refer to them by a declared foreign key, if nothing else was added in between.
   */
  saveIn(unit: UnitOfWork, entity: TEntity): void {
    this.#units.save(unit, entity)
  }

  /**
   * True when there was one to delete. With soft deletion the row is marked.
   *
   * @throws OptimisticLockError when `version` is given, and the row has another or is not there
   */
  async delete(id: TKey, options: DeleteOptions = {}): Promise<boolean> {
    const deleted = await this.session.run(this.#write(this.#deletion(id, options)))
    if (deleted === 0 && options.version !== undefined) throw staleRow()
    return deleted > 0
  }

  /** How many there were to delete. */
  async deleteMany(ids: readonly TKey[], options: DeleteManyOptions = {}): Promise<number> {
    const { hard = false } = assertOptions(options, { hard: must.beBoolean })
    if (!Array.isArray(ids)) throw new UsageError(`the ids must be an array, not ${kindOf(ids)}`)
    if (ids.length === 0) return 0
    const deletions = isOneOfKeys(this.#source, ids).map((are) => this.#write(deleteRows(this.#source, are, { hard })))
    const [only, other] = deletions
    if (only !== undefined && other === undefined) return this.session.run(only)
    return (await this.session.batch(deletions)).reduce((total, count) => total + count, 0)
  }

  /** Adds what `delete` would do to a unit of work: it is sent after deletions of rows that refer to its row. */
  deleteIn(unit: UnitOfWork, id: TKey, options: DeleteOptions = {}): void {
    const expected = options.version !== undefined && { expectRows: 1, otherwise: staleRow }
    const deletion = this.#write(this.#deletion(id, options))
    this.#units.of(unit).remove(id)
    unit.add(deletion, { ...expected, removes: this.#source.shape.table })
  }

  /** Brings back what was softly deleted. False when there was nothing to bring back. */
  async restore(id: TKey): Promise<boolean> {
    return (await this.session.run(this.#write(restoreRow(this.#source, id)))) > 0
  }

  #saving(entity: TEntity): TrackedWrite {
    const [row, stores] = [this.#toRow(entity), this.#source.shape.table]
    const { statement, otherwise } = storeRow(this.#source, row, confine(this.#source))
    return { write: this.#write(statement), options: { expectRows: 1, otherwise, stores, row } }
  }

  #deletion(id: TKey, options: DeleteOptions): Fragment {
    const { hard = false, version } = assertOptions(options, { hard: must.beBoolean, version: must.beAnything })
    const condition = [
      isKey(this.#source, id),
      ...(version === undefined ? [] : [' and ', hasVersion(this.#source, version)]),
    ]
    return deleteRows(this.#source, condition, { hard })
  }

  #toRow(entity: TEntity): Row {
    return checkRow(this.#source, this.#mapping.toRow(assertFields(entity, 'an entity')))
  }

  async #storeOne({ statement, otherwise }: RowWrite): Promise<TEntity> {
    const returning = statementOf(this.#source, [statement, ` returning ${this.#source.names.all}`])
    const [stored] = await this.#entities(this.#rows(returning))
    if (stored === undefined) throw otherwise()
    return stored
  }

  async #entities(statement: PreparedStatement<unknown[]>): Promise<TEntity[]> {
    return (await this.session.run(statement)).map((row) => this.#entity(row))
  }

  #rows(statement: Statement, skip = 0): PreparedStatement<unknown[]> {
    return new PreparedStatement(statement, (set) => this.#source.shape.read(set, skip))
  }

  /** A write that returns the number of rows that it affected. */
  #write(fragment: Fragment): PreparedStatement<number> {
    return new PreparedStatement(statementOf(this.#source, fragment), (set) => set.rowCount)
  }

  /** Statements are made from the table, so what they return are its rows. */
  #entity(row: unknown): TEntity {
    return this.#mapping.toEntity(row as InferSelectModel<TTable>)
  }
}

refuseOtherArguments(SqlRepository.prototype)
