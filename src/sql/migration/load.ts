import type { DatabaseProvider } from '../database.ts'
import type { TransactionalDbSession } from '../session/session.ts'
import { checkHistory, findUnfinished, underRecordedNames, type UnfinishedMigration } from './check-history.ts'
import { adoptedOf, type DrizzleHistory } from './drizzle-history.ts'
import { lockStatement, moved, type AppliedMigration, type MigrationHistory } from './history.ts'
import { changedError } from './migration-error.ts'
import type { PreparedMigration } from './migration.ts'
import { wasRaised } from './run-steps.ts'

/** What the operations of a migrator work with. */
export interface MigratorParts {
  /** With interactive transactions an error names the statement that failed. */
  readonly database: Pick<DatabaseProvider, 'session'> & Partial<Pick<DatabaseProvider, 'interactiveTransactions'>>
  readonly history: MigrationHistory
  readonly drizzle: DrizzleHistory
  readonly prepared: Promise<readonly PreparedMigration[]>
}

export interface LoadedMigrations {
  readonly known: readonly PreparedMigration[]
  /** What the database has recorded, in order. */
  readonly applied: readonly AppliedMigration[]
  readonly unfinished: UnfinishedMigration | undefined
  /** What comes then, and was applied by drizzle-orm. */
  readonly adopted: readonly PreparedMigration[]
  readonly pending: readonly PreparedMigration[]
}

/** @throws MigrationError when the histories and the build do not agree */
export async function loadMigrations(
  { history, drizzle, prepared }: MigratorParts,
  session: TransactionalDbSession,
): Promise<LoadedMigrations> {
  const applied = await history.read(session)
  const known = underRecordedNames(await prepared, applied)
  checkHistory(applied, known)
  const unrecorded = known.slice(applied.length)
  const isGenerated = unrecorded.some((migration) => migration.drizzle !== undefined)
  const adopted = isGenerated ? adoptedOf(unrecorded, await drizzle.read(session)) : []
  return {
    known,
    applied,
    unfinished: findUnfinished(applied, known),
    adopted,
    pending: unrecorded.slice(adopted.length),
  }
}

/**
 * Records what drizzle-orm applied, so that its history is not needed any more.
 *
 * @throws MigrationError when another runner has undone some of it since
 */
export async function recordAdopted(
  { history }: MigratorParts,
  session: TransactionalDbSession,
  { adopted, applied }: LoadedMigrations,
): Promise<void> {
  const newest = adopted.at(-1)
  if (newest === undefined) return
  const marks = adopted.map((one) => history.mark(one))
  const last = history.expectLast(applied.at(-1)?.name)
  try {
    await session.batch([lockStatement, history.upgrade(), last, ...marks])
  } catch (error) {
    if (!wasRaised(error, moved)) throw error
    // Another runner may have recorded the same.
    const names = new Set((await history.read(session)).map(({ name }) => name))
    if (!adopted.every(({ name }) => names.has(name))) throw changedError(newest.name, 'applied', error)
  }
}
