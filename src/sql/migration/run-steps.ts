import { sql, type SQL } from 'drizzle-orm'
import { isLexigramError } from '../../core/errors.ts'
import { err } from '../../core/result/result.ts'
import type { TransactionalDbSession } from '../session/session.ts'
import { lockStatement } from './history.ts'
import type { MigrationStatement, PreparedMigration } from './migration.ts'
import { migrationError, type StatementPlace } from './migration-error.ts'

export interface MigrationRun {
  readonly session: TransactionalDbSession
  readonly isInteractive: boolean
}

/** A statement to run, and where it is from; without a place it is the migrator's own. */
export interface MigrationStep {
  readonly write: SQL
  readonly place?: StatementPlace
}

export function stepsOf(name: string, statements: readonly MigrationStatement[]): MigrationStep[] {
  return statements.map((statement, index) => ({ write: sql.raw(statement.text), place: { name, statement, index } }))
}

/** Runs all steps in one transaction. @throws MigrationError for a statement that is known to have failed */
export async function runSteps(
  { session, isInteractive }: MigrationRun,
  steps: readonly MigrationStep[],
): Promise<void> {
  if (!isInteractive) {
    await session.batch(steps.map(({ write }) => write))
    return
  }
  await session.transaction((tx) => runEach(tx, steps))
}

async function runEach(tx: TransactionalDbSession, steps: readonly MigrationStep[]): Promise<void> {
  for (const { write, place } of steps) {
    try {
      await tx.execute(write)
    } catch (error) {
      throw place === undefined ? error : migrationError([place.name], error, place)
    }
  }
}

/** Raised by the database at the end of a trial that is a batch, so that it undoes all of it. */
const trialEnd = 'lexigram:trial-end'

/** Runs migrations in one transaction that is then undone. @throws MigrationError */
export async function tryOut(
  { session, isInteractive }: MigrationRun,
  migrations: readonly PreparedMigration[],
): Promise<void> {
  const statements = migrations.flatMap((migration) => stepsOf(migration.name, migration.statements))
  const steps: readonly MigrationStep[] = [{ write: lockStatement }, ...statements]
  try {
    if (!isInteractive) {
      const undo = sql.raw(`select (case when now() is null then '0' else '${trialEnd}' end)::int`)
      await session.batch([...steps.map(({ write }) => write), undo])
      return
    }
    // A failure that is returned rolls back.
    await session.transaction(async (tx) => {
      await runEach(tx, steps)
      return err('the end of a trial')
    })
  } catch (error) {
    if (!wasRaised(error, trialEnd)) {
      throw migrationError(
        migrations.map(({ name }) => name),
        error,
      )
    }
  }
}

/** Whether the database was made to fail with this word, also where an error says what that means for a migration. */
export function wasRaised(error: unknown, word: string): boolean {
  const causes = [causeOf(error), causeOf(causeOf(error))]
  return causes.some((cause) => cause instanceof Error && cause.message.includes(word))
}

function causeOf(error: unknown): unknown {
  return isLexigramError(error) ? error.cause : undefined
}
