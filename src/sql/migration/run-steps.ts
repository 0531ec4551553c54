import { sql, type SQL } from 'drizzle-orm'
import { isLexigramError } from '../../core/errors.ts'
import { err } from '../../core/result/result.ts'
import { MigrationError } from '../errors.ts'
import type { TransactionalDbSession } from '../session/session.ts'
import { describeStatement } from './describe-statement.ts'
import { lockStatement } from './history.ts'
import type { PreparedMigration } from './migration.ts'

export interface MigrationRun {
  readonly session: TransactionalDbSession
  readonly isInteractive: boolean
}

/** A statement to run, and where it is from; without a place it is the migrator's own. */
export interface MigrationStep {
  readonly write: SQL
  readonly place?: StatementPlace
}

interface StatementPlace {
  readonly migration: PreparedMigration
  /** From 0. */
  readonly index: number
}

export function stepsOf(migration: PreparedMigration): MigrationStep[] {
  return migration.statements.map(({ text }, index) => ({ write: sql.raw(text), place: { migration, index } }))
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
      throw place === undefined ? error : migrationError([place.migration], error, place)
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
  const steps: readonly MigrationStep[] = [{ write: lockStatement }, ...migrations.flatMap(stepsOf)]
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
    const cause: unknown = isLexigramError(error) ? error.cause : undefined
    const reached = cause instanceof Error && cause.message.includes(trialEnd)
    if (!reached) throw migrationError(migrations, error)
  }
}

/** Names the migration, and the statement and its object where they are known. An error that does so is passed on. */
export function migrationError(
  migrations: readonly PreparedMigration[],
  error: unknown,
  place?: StatementPlace,
): MigrationError {
  if (error instanceof MigrationError) return error
  const names = migrations.map(({ name }) => name)
  const known = isLexigramError(error) ? error : undefined
  const failed = place === undefined ? undefined : describePlace(place)
  const subject = failed === undefined ? names.join(', ') : `${names.join(', ')}, ${failed.text}`
  return new MigrationError(`${subject} cannot be applied: ${known?.message ?? 'the migration failed'}`, {
    hint: known?.hint,
    details: { migrations: names, ...failed?.details, ...known?.details },
    cause: error,
  })
}

function describePlace({ migration, index }: StatementPlace) {
  const statement = migration.statements[index]
  const { what, object } = describeStatement(statement?.text ?? '')
  const line = statement?.line
  const at = line === undefined ? '' : ` at line ${line}`
  return {
    text: `statement ${index + 1}${at} (${what})`,
    details: { statement: index + 1, ...(line !== undefined && { line }), ...(object !== undefined && { object }) },
  }
}
