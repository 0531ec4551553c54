import { assertOptions, must } from '../../core/assert-options.ts'
import { UsageError } from '../../core/errors.ts'
import { applyPending, type ApplyOptions } from './apply.ts'
import { checkHistory, underRecordedNames, unfinishedError } from './check-history.ts'
import { DrizzleHistory } from './drizzle-history.ts'
import { lockStatement, MigrationHistory, moved } from './history.ts'
import { loadMigrations, type MigratorParts } from './load.ts'
import { changedError } from './migration-error.ts'
import { prepareMigrations, type SqlMigration } from './migration.ts'
import { tryOut, wasRaised } from './run-steps.ts'
import { undoLast } from './undo.ts'

/** Options of `createMigrator`. */
export interface MigratorOptions extends Pick<MigratorParts, 'database'> {
  /** All migrations there are, oldest first. */
  readonly migrations: readonly SqlMigration[]
  /** Where applied migrations are recorded. @default 'lexigram_migrations' */
  readonly table?: string
  /**
   * Where drizzle-orm's migrator recorded what it applied. Migrations that drizzle-kit generated and that are recorded
   * there count as applied. @default 'drizzle.__drizzle_migrations'
   */
  readonly drizzleTable?: string
}

/** The state of one migration, as `status` returns it. */
export interface MigrationStatus {
  readonly name: string
  /**
   * `ahead`: recorded in the database and not known to this build. `unfinished`: begun outside a transaction, and not
   * ended. `adopted`: applied by drizzle-orm, and recorded here with the next `apply`.
   */
  readonly state: 'applied' | 'adopted' | 'unfinished' | 'pending' | 'ahead'
  readonly appliedAt?: string
}

/** Applies and undoes migrations of one database. */
export interface Migrator {
  /** Every migration with its state, oldest first. @throws MigrationError when history and build do not agree */
  status(): Promise<readonly MigrationStatus[]>
  /** Names of those that `apply` would run. @throws MigrationError as `status`, and when one was left half-way */
  pending(): Promise<readonly string[]>
  /**
   * Runs what is pending, oldest first, and returns the names. Each migration is one transaction, together with its
   * record: it is there whole or not at all. Two runners take turns; the second finds nothing left to do.
   *
   * A migration with `transaction: false` runs statement by statement, and its record says how far it has come. When it
   * stops half-way, nothing runs until it is resumed, undone with `down` or marked with `baseline`.
   *
   * @throws MigrationError naming the migration that failed, its statement and what that is about; those before it stay
   * applied
   * @throws UsageError for a `resume` that was not left half-way
   */
  apply(options?: ApplyOptions): Promise<readonly string[]>
  /**
   * Tries what is pending in one transaction that is then undone, and returns the names. It stops before the first
   * migration outside a transaction, which cannot be tried. @throws MigrationError
   */
  dryRun(): Promise<readonly string[]>
  /**
   * Undoes the last migration with its `down` and returns its name, or `undefined` when none is applied. In one
   * transaction with its record, unless the migration has `transaction: false`.
   *
   * @throws MigrationError when it has no `down`, is not known to this build, or a statement fails
   */
  down(): Promise<string | undefined>
  /**
   * Marks the migrations up to this one as applied without running them, also one that was left half-way, and returns the
   * names of those that were not. For a database whose schema is there already. Calling it again changes nothing.
   *
   * @throws UsageError for a name that is not among the migrations
   * @throws MigrationError when history and build do not agree
   */
  baseline(name: string): Promise<readonly string[]>
}

const knownOptions = {
  database: must.beAnything,
  migrations: must.beArray,
  table: must.beText,
  drizzleTable: must.beText,
}

/**
 * Brings a database's schema forward, each migration in one transaction. Works over every driver; where there are no
 * interactive transactions each migration is a batch, whose errors do not say which statement failed.
 *
 * @throws UsageError for an option that does not exist or has another type; methods, for a migration of another shape
 * @example
 * import { createMigrator } from 'lexigram-edge/sql'
 *
 * const migrator = createMigrator({ database, migrations: [{ name: '0001_products', sql: 'create table products (…)' }] })
 * await migrator.apply() // ['0001_products']
 */
export function createMigrator(options: MigratorOptions): Migrator {
  const given = assertOptions(options, knownOptions, 'options of createMigrator')
  const { database, table = 'lexigram_migrations', drizzleTable = 'drizzle.__drizzle_migrations' } = given
  const prepared = prepareMigrations(given.migrations)
  // Methods reject with it; before one is called, nothing may be listening.
  prepared.catch(() => undefined)
  const history = new MigrationHistory(table)
  const parts: MigratorParts = { database, history, drizzle: new DrizzleHistory(drizzleTable), prepared }
  return {
    status: () => statusOf(parts),
    async pending() {
      await using session = database.session()
      const { pending, unfinished } = await loadMigrations(parts, session)
      if (unfinished !== undefined) throw unfinishedError(unfinished)
      return pending.map(({ name }) => name)
    },
    apply: (applyOptions = {}) => applyPending(parts, applyOptions),
    async dryRun() {
      await using session = database.session()
      const { pending, unfinished } = await loadMigrations(parts, session)
      if (unfinished !== undefined) throw unfinishedError(unfinished)
      const end = pending.findIndex(({ transaction }) => !transaction)
      const tried = end < 0 ? pending : pending.slice(0, end)
      const isInteractive = database.interactiveTransactions === true
      if (tried.length > 0) await tryOut({ session, isInteractive }, tried)
      return tried.map(({ name }) => name)
    },
    down: () => undoLast(parts),
    baseline: (name) => markUpTo(parts, name),
  }
}

async function statusOf(parts: MigratorParts): Promise<readonly MigrationStatus[]> {
  await using session = parts.database.session()
  const { known, applied, adopted, pending } = await loadMigrations(parts, session)
  const recorded = applied.map(({ name, appliedAt, statementsDone }, i): MigrationStatus => {
    const done = statementsDone === null ? 'applied' : 'unfinished'
    return { name, state: i < known.length ? done : 'ahead', appliedAt }
  })
  return [
    ...recorded,
    ...adopted.map(({ name }): MigrationStatus => ({ name, state: 'adopted' })),
    ...pending.map(({ name }): MigrationStatus => ({ name, state: 'pending' })),
  ]
}

/** Without a look at drizzle-orm's history, because this is the way out where that does not fit. */
async function markUpTo({ database, history, prepared }: MigratorParts, name: string): Promise<readonly string[]> {
  await using session = database.session()
  const given = await prepared
  const last = given.findIndex((migration) => migration.name === name)
  if (last < 0) throw new UsageError(`the migration ${JSON.stringify(name)} must be one of the migrations`)
  const applied = await history.read(session)
  const known = underRecordedNames(given, applied)
  checkHistory(applied, known)
  const unmarked = known.slice(0, last + 1).filter((_, i) => applied[i]?.statementsDone !== null)
  if (unmarked.length > 0) {
    const marks = unmarked.map((one) => history.mark(one))
    const statements = [lockStatement, history.upgrade(), history.expectLast(applied.at(-1)?.name), ...marks]
    await session.batch(statements).catch((error: unknown) => {
      throw wasRaised(error, moved) ? changedError(name, 'marked', error) : error
    })
  }
  return unmarked.map((migration) => migration.name)
}
