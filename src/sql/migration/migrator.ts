import { sql } from 'drizzle-orm'
import { DuplicateKeyError, isLexigramError } from '../../core/errors.ts'
import type { DatabaseProvider } from '../database.ts'
import { MigrationError } from '../errors.ts'
import type { DbSession } from '../session/session.ts'
import { checkHistory, lockStatement, MigrationHistory } from './history.ts'
import { prepareMigrations, type PreparedMigration, type SqlMigration } from './migration.ts'

export interface MigratorOptions {
  readonly database: Pick<DatabaseProvider, 'session'>
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
   * Runs what is pending, oldest first, and gives the names. Each migration is one transaction, together with its
   * record: it is there whole or not at all. Two runners take turns; the second finds nothing left to do.
   *
   * @throws MigrationError naming the migration that failed; those before it stay applied
   */
  apply(): Promise<readonly string[]>
  /** Tries what is pending in one transaction that is then undone, and gives the names. @throws MigrationError */
  dryRun(): Promise<readonly string[]>
}

/**
 * Brings a database's schema forward. Works over every driver, without a connection of its own: each migration is a
 * batch.
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
  // Told to whoever calls a method; nobody may be listening yet.
  prepared.catch(() => undefined)

  const load = async (session: DbSession) => {
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
        if (await applyOne(session, history, migration)) names.push(migration.name)
      }
      return names
    },
    async dryRun() {
      await using session = options.database.session()
      const { pending } = await load(session)
      if (pending.length > 0) await tryOut(session, pending)
      return pending.map(({ name }) => name)
    },
  }
}

/** False when another runner was faster: then it is in the history. */
async function applyOne(session: DbSession, history: MigrationHistory, migration: PreparedMigration): Promise<boolean> {
  const statements = migration.statements.map((statement) => sql.raw(statement))
  try {
    await session.batch([lockStatement, history.record(migration), ...statements])
    return true
  } catch (error) {
    if (error instanceof DuplicateKeyError) {
      const applied = await history.read(session)
      if (applied.some(({ name }) => name === migration.name)) return false
    }
    throw failed([migration], error)
  }
}

/** Raised by the database at the end of a trial, so that it undoes all of it. */
const trialEnd = 'lexigram:trial-end'

async function tryOut(session: DbSession, migrations: readonly PreparedMigration[]): Promise<void> {
  const statements = migrations.flatMap((migration) => migration.statements.map((statement) => sql.raw(statement)))
  const undo = sql.raw(`select (case when now() is null then '0' else '${trialEnd}' end)::int`)
  try {
    await session.batch([lockStatement, ...statements, undo])
  } catch (error) {
    const cause: unknown = isLexigramError(error) ? error.cause : undefined
    const reached = cause instanceof Error && cause.message.includes(trialEnd)
    if (!reached) throw failed(migrations, error)
  }
}

function failed(migrations: readonly PreparedMigration[], error: unknown): MigrationError {
  const names = migrations.map(({ name }) => name).join(', ')
  const known = isLexigramError(error) ? error : undefined
  return new MigrationError(`${names}: ${known?.message ?? 'the migration failed'}; nothing of it was kept`, {
    hint: known?.hint,
    details: { migrations: migrations.map(({ name }) => name), ...known?.details },
    cause: error,
  })
}
