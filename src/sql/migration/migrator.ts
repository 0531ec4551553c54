import { DuplicateKeyError } from '../../core/errors.ts'
import type { DatabaseProvider } from '../database.ts'
import type { TransactionalDbSession } from '../session/session.ts'
import { checkHistory, lockStatement, MigrationHistory } from './history.ts'
import { prepareMigrations, type PreparedMigration, type SqlMigration } from './migration.ts'
import { migrationError, runSteps, stepsOf, tryOut, type MigrationRun } from './run-steps.ts'

export interface MigratorOptions {
  /** With interactive transactions an error names the statement that failed. */
  readonly database: Pick<DatabaseProvider, 'session'> & Partial<Pick<DatabaseProvider, 'interactiveTransactions'>>
  /** All migrations there are, oldest first. */
  readonly migrations: readonly SqlMigration[]
  /** Where applied migrations are recorded. @default 'lexigram_migrations' */
  readonly table?: string
}

export interface MigrationStatus {
  readonly name: string
  /** `ahead`: recorded in the database and not known to this build. */
  readonly state: 'applied' | 'pending' | 'ahead'
  readonly appliedAt?: string
}

export interface Migrator {
  /** Every migration with its state, oldest first. @throws MigrationError when history and build do not agree */
  status(): Promise<readonly MigrationStatus[]>
  /** Names of those that `apply` would run. */
  pending(): Promise<readonly string[]>
  /**
   * Runs what is pending, oldest first, and returns the names. Each migration is one transaction, together with its
   * record: it is there whole or not at all. Two runners take turns; the second finds nothing left to do.
   *
   * @throws MigrationError naming the migration that failed, its statement and what that is about; those before it stay
   * applied
   */
  apply(): Promise<readonly string[]>
  /** Tries what is pending in one transaction that is then undone, and returns the names. @throws MigrationError */
  dryRun(): Promise<readonly string[]>
}

/**
 * Brings a database's schema forward, each migration in one transaction. Works over every driver; where there are no
 * interactive transactions each migration is a batch, whose errors do not say which statement failed.
 *
 * @example
 * import { createMigrator } from 'lexigram-edge/sql'
 *
 * const migrator = createMigrator({ database, migrations: [{ name: '0001_products', sql: 'create table products (…)' }] })
 * await migrator.apply() // ['0001_products']
 */
export function createMigrator(options: MigratorOptions): Migrator {
  const history = new MigrationHistory(options.table ?? 'lexigram_migrations')
  const prepared = prepareMigrations(options.migrations)
  // Each method reports it; until the first call no caller listens.
  prepared.catch(() => undefined)

  const runOn = (session: TransactionalDbSession): MigrationRun => ({
    session,
    isInteractive: options.database.interactiveTransactions === true,
  })
  const load = async (session: TransactionalDbSession) => {
    const known = await prepared
    const applied = await history.read(session)
    checkHistory(applied, known)
    return { applied, known, pending: known.slice(applied.length) }
  }
  return {
    async status() {
      await using session = options.database.session()
      const { applied, known, pending } = await load(session)
      const done = applied.map(({ name, appliedAt }, i): MigrationStatus => {
        return { name, state: i < known.length ? 'applied' : 'ahead', appliedAt }
      })
      return [...done, ...pending.map(({ name }): MigrationStatus => ({ name, state: 'pending' }))]
    },
    async pending() {
      await using session = options.database.session()
      return (await load(session)).pending.map(({ name }) => name)
    },
    async apply() {
      await using session = options.database.session()
      const { pending } = await load(session)
      const names: string[] = []
      for (const migration of pending) {
        if (await applyOne(runOn(session), history, migration)) names.push(migration.name)
      }
      return names
    },
    async dryRun() {
      await using session = options.database.session()
      const { pending } = await load(session)
      if (pending.length > 0) await tryOut(runOn(session), pending)
      return pending.map(({ name }) => name)
    },
  }
}

/** False when another runner was faster: then it is in the history. */
async function applyOne(run: MigrationRun, history: MigrationHistory, migration: PreparedMigration): Promise<boolean> {
  try {
    await runSteps(run, [{ write: lockStatement }, { write: history.record(migration) }, ...stepsOf(migration)])
    return true
  } catch (error) {
    if (error instanceof DuplicateKeyError) {
      const applied = await history.read(run.session)
      if (applied.some(({ name }) => name === migration.name)) return false
    }
    throw migrationError([migration], error)
  }
}
