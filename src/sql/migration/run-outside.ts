import { sql } from 'drizzle-orm'
import type { DbSession } from '../session/session.ts'
import type { MigrationHistory } from './history.ts'
import { notRecordedError, outsideError } from './migration-error.ts'
import type { MigrationStatement, PreparedMigration } from './migration.ts'

export interface OutsideRun {
  readonly session: DbSession
  readonly history: MigrationHistory
  readonly migration: PreparedMigration
}

/**
 * Runs a migration's statements one by one, each by itself, from the given one on, and records after each how far it has
 * come. The migration has to be recorded as begun.
 *
 * @throws MigrationError naming the statement that failed, or saying that recording it did; those before stay
 */
export async function runOutside({ session, history, migration }: OutsideRun, from: number): Promise<void> {
  const { name, statements } = migration
  for (const [index, statement] of statements.entries()) {
    if (index < from) continue
    await runAlone(session, { name, statement, index })
    const done = index + 1
    const record = history.progress(migration, done === statements.length ? null : done)
    await session.execute(record).catch((error: unknown) => {
      throw notRecordedError(name, error, done)
    })
  }
}

/** The same for the statements that undo a migration; from its beginning, so they should bear a second run. */
export async function undoOutside(
  { session, history, migration }: OutsideRun,
  statements: readonly MigrationStatement[],
): Promise<void> {
  await session.batch([history.upgrade(), history.progress(migration, 0)])
  for (const [index, statement] of statements.entries()) {
    await runAlone(session, { name: `${migration.name}, down`, statement, index })
  }
}

async function runAlone(session: DbSession, place: Parameters<typeof outsideError>[0]): Promise<void> {
  try {
    await session.execute(sql.raw(place.statement.text))
  } catch (error) {
    throw outsideError(place, error)
  }
}
