import { sql } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import { NotFoundError } from '../../core/errors.ts'
import { err, ok, type Result } from '../../core/result/result.ts'
import type { Specification } from '../../core/specification/specification.ts'
import type { PreparedStatement } from '../drizzle/prepared-statement.ts'
import { expectReturnedRow, failedExpectation } from '../session/row-expectation.ts'
import type { DbSession } from '../session/session.ts'
import type { UnitOfWork } from '../session/unit-of-work.ts'
import {
  findById,
  isOneOf,
  confinedCondition,
  selectPage,
  selectRows,
  type Source,
  type SqlFindOptions,
  type SqlPageOptions,
  type VisibilityOptions,
} from './select.ts'
import { deleteRows, restoreRow } from './delete.ts'
import { toSqlRules, type SqlRepositoryOptions } from './options.ts'
import { render, rowsOf, shapeOf, toStatement } from './table-shape.ts'
import { storeRow, type RowWrite } from './insert-or-update.ts'

/** How rows become entities and back. `toRow` may leave columns out: the database fills or keeps them. */
export interface SqlMapping<TTable extends PgTable, TEntity> {
  toEntity(row: TTable['$inferSelect']): TEntity
  toRow(entity: TEntity): TTable['$inferInsert']
}

export interface SqlPage<T> {
  readonly items: readonly T[]
  /** Pass it as `after` for the page behind this one; null on the last. */
  readonly next: string | null
}

export interface DeleteOptions {
  /** Removes the row although the repository only marks rows, and also one that is marked. @default false */
  readonly hard?: boolean
}

type ColumnsOf<TTable extends PgTable> = TTable['_']['columns']

/** The type of the column that is marked as the primary key. */
type IdOf<TTable extends PgTable> = {
  [K in keyof ColumnsOf<TTable>]: ColumnsOf<TTable>[K]['_']['isPrimaryKey'] extends true
    ? ColumnsOf<TTable>[K]['_']['data']
    : never
}[keyof ColumnsOf<TTable>] &
  (string | number | bigint)

/**
 * Entities in one table, each method one round trip. Made for one session; filters for deleted rows and the tenant
 * apply whatever the method.
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
export class SqlRepository<TTable extends PgTable, TEntity, TKey extends string | number | bigint = IdOf<TTable>> {
  protected readonly session: Pick<DbSession, 'execute' | 'run' | 'batch'>
  readonly #source: Source
  readonly #mapping: SqlMapping<TTable, TEntity>

  constructor(
    table: TTable,
    session: Pick<DbSession, 'execute' | 'run' | 'batch'>,
    mapping: SqlMapping<TTable, TEntity>,
    options: SqlRepositoryOptions<TTable> = {},
  ) {
    const shape = shapeOf(table)
    this.session = session
    this.#source = { shape, rules: toSqlRules(shape, options) }
    this.#mapping = mapping
  }

  /** The entity, or null. */
  async find(id: TKey, { includeDeleted = false }: VisibilityOptions = {}): Promise<TEntity | null> {
    const [found] = await this.#entities(findById(this.#source, id, includeDeleted))
    return found ?? null
  }

  /** The entity, which must exist. */
  async get(id: TKey, options: VisibilityOptions = {}): Promise<Result<TEntity, NotFoundError>> {
    const found = await this.find(id, options)
    return found === null ? err(new NotFoundError('there is no such row')) : ok(found)
  }

  /** Entities that satisfy a specification on the table's columns. @throws UsageError for a field that is no column */
  async findBySpec(specification: Specification<TEntity>, options: SqlFindOptions<TTable> = {}): Promise<TEntity[]> {
    return this.#entities(selectRows(this.#source, options, specification))
  }

  /** Entities in the order asked for, 100 unless told otherwise. */
  async list(options: SqlFindOptions<TTable> = {}): Promise<TEntity[]> {
    return this.#entities(selectRows(this.#source, { limit: 100, ...options }))
  }

  /**
   * One page by position, not by number: a row that does not change is neither repeated nor missed.
   *
   * @throws BadRequestError for a cursor that is damaged or of another sort
   */
  async page(options: SqlPageOptions<TEntity, TTable> = {}): Promise<SqlPage<TEntity>> {
    const page = await this.session.run(selectPage(this.#source, options))
    return { items: page.rows.map((row) => this.#entity(row)), next: page.next }
  }

  /** All entities that satisfy a specification, read page by page: memory does not grow with their number. */
  async *stream(options: Omit<SqlPageOptions<TEntity, TTable>, 'after'> = {}): AsyncGenerator<TEntity, void> {
    let after: string | null = null
    do {
      const page: SqlPage<TEntity> = await this.page({ limit: 500, ...options, after })
      yield* page.items
      after = page.next
    } while (after !== null)
  }

  async count(specification?: Specification<TEntity>, options: VisibilityOptions = {}): Promise<number> {
    const where = confinedCondition(this.#source, specification, options.includeDeleted)
    const query = sql`select count(*)::float8 as n from ${this.#source.shape.table} where ${where}`
    return (await this.session.execute<{ n: number }>(query))[0]?.n ?? 0
  }

  async exists(id: TKey, options: VisibilityOptions = {}): Promise<boolean> {
    const { shape } = this.#source
    const where = confinedCondition(this.#source, isOneOf(shape, [id]), options.includeDeleted)
    return (await this.session.execute(sql`select 1 from ${shape.table} where ${where}`)).length > 0
  }

  /**
   * Stores an entity, new or changed, and gives it as it is stored.
   *
   * @throws OptimisticLockError when somebody else has saved or deleted it since it was read; DuplicateKeyError for
   * another unique key, or an id whose row is deleted or another tenant's
   */
  async save(entity: TEntity): Promise<TEntity> {
    const { write, returning, otherwise } = this.#write(entity)
    const text = `${write.text} ${returning}`
    const [stored] = await this.#entities(rowsOf(this.#source.shape, { ...write, text }))
    if (stored === undefined) throw otherwise()
    return stored
  }

  /** Stores entities in one atomic batch, in order, and gives them as they are stored. @throws as `save` does */
  async saveMany(entities: readonly TEntity[]): Promise<TEntity[]> {
    const writes = entities.map((entity) => this.#write(entity))
    const statements = writes.map(({ write, returning }, i) =>
      rowsOf(this.#source.shape, expectReturnedRow({ ...write, text: `${write.text} ${returning}` }, i), 1),
    )
    try {
      const stored = await this.session.batch(statements)
      return stored.flat().map((row) => this.#entity(row))
    } catch (error) {
      throw writes[failedExpectation(error)]?.otherwise() ?? error
    }
  }

  /** Adds what `save` would do to a unit of work: nothing is sent before its commit, which fails as `save` would. */
  saveIn(unit: UnitOfWork, entity: TEntity): void {
    const { write, otherwise } = this.#write(entity)
    unit.add(rowsOf(this.#source.shape, write), { expectRows: 1, otherwise })
  }

  /** True when there was one to delete. With soft deletion the row is marked. */
  async delete(id: TKey, options: DeleteOptions = {}): Promise<boolean> {
    return (await this.deleteMany([id], options)) > 0
  }

  /** How many there were to delete. */
  async deleteMany(ids: readonly TKey[], { hard = false }: DeleteOptions = {}): Promise<number> {
    return ids.length === 0 ? 0 : (await this.session.execute(deleteRows(this.#source, ids, hard))).rowCount
  }

  /** Adds a deletion to a unit of work. An id that is not there is no error. */
  deleteIn(unit: UnitOfWork, id: TKey, { hard = false }: DeleteOptions = {}): void {
    unit.add(deleteRows(this.#source, [id], hard))
  }

  /** Brings back what was softly deleted. False when there was nothing to bring back. */
  async restore(id: TKey): Promise<boolean> {
    return (await this.session.execute(restoreRow(this.#source, id))).rowCount > 0
  }

  #write(entity: TEntity) {
    const { shape, rules } = this.#source
    const { query, otherwise }: RowWrite = storeRow(shape, rules, this.#mapping.toRow(entity))
    const returning = `returning ${render(shape.selection).sql}`
    return { write: toStatement(render(query)), returning, otherwise }
  }

  async #entities(statement: PreparedStatement<unknown[]>): Promise<TEntity[]> {
    return (await this.session.run(statement)).map((row) => this.#entity(row))
  }

  /** Statements are made from the table, so what they give are its rows. */
  #entity(row: unknown): TEntity {
    return this.#mapping.toEntity(row as TTable['$inferSelect'])
  }
}
