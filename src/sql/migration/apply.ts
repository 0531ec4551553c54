import { assertOptions, must } from '../../core/assert-options.ts'
import { DuplicateKeyError, UsageError } from '../../core/errors.ts'
import type { TransactionalDbSession } from '../session/session.ts'
import { findUnfinished, underRecordedNames, unfinishedError } from './check-history.ts'
import { lockStatement } from './history.ts'
import { loadMigrations, recordAdopted, type LoadedMigrations, type MigratorParts } from './load.ts'
import { migrationError } from './migration-error.ts'
import type { PreparedMigration } from './migration.ts'
import { runOutside } from './run-outside.ts'
import { runSteps, stepsOf } from './run-steps.ts'

export interface MigrationProgress {
  readonly name: string
  /** `adopted`: recorded as applied, because drizzle-orm has applied it. */
  readonly state: 'begun' | 'applied' | 'adopted'
}

export interface ApplyOptions {
  /**
   * Name of a migration outside a transaction that stopped half-way: it goes on with the first statement that is not
   * known to be done. Pass it only when no other runner is at work.
   */
  readonly resume?: string | undefined
  readonly onProgress?: ((progress: MigrationProgress) => void) | undefined
}

const knownOptions = { resume: must.beText, onProgress: must.beFunction }

export async function applyPending(parts: MigratorParts, options: ApplyOptions): Promise<readonly string[]> {
  const { resume, onProgress = () => {} } = assertOptions(options, knownOptions, 'options of apply')
  await using session = parts.database.session()
  const loaded = await loadMigrations(parts, session)
  assertResumable(loaded, resume)
  await recordAdopted(parts, session, loaded)
  for (const { name } of loaded.adopted) onProgress({ name, state: 'adopted' })
  const names: string[] = []
  const track = async (name: string, run: () => Promise<boolean>): Promise<void> => {
    onProgress({ name, state: 'begun' })
    if (!(await run())) return
    names.push(name)
    onProgress({ name, state: 'applied' })
  }
  const { unfinished } = loaded
  if (unfinished !== undefined) {
    const { migration, statementsDone } = unfinished
    await track(migration.name, async () => {
      await runOutside({ session, history: parts.history, migration }, statementsDone)
      return true
    })
  }
  for (const migration of loaded.pending) await track(migration.name, () => applyOne(parts, session, migration))
  return names
}

function assertResumable({ unfinished }: LoadedMigrations, resume: string | undefined): void {
  if (unfinished?.migration.name === resume) return
  if (unfinished !== undefined) throw unfinishedError(unfinished)
  throw new UsageError(`migration ${resume} cannot be resumed: it was not left half-way`, {
    hint: 'status() shows the state of each migration.',
  })
}

/** False when another runner was faster: then it is in the history. */
async function applyOne(
  parts: MigratorParts,
  session: TransactionalDbSession,
  migration: PreparedMigration,
): Promise<boolean> {
  const { history, database, prepared } = parts
  try {
    if (migration.transaction) {
      const steps = stepsOf(migration.name, migration.statements)
      const run = { session, isInteractive: database.interactiveTransactions === true }
      await runSteps(run, [{ write: lockStatement }, { write: history.record(migration) }, ...steps])
    } else {
      await session.batch([lockStatement, history.upgrade(), history.begin(migration)])
      await runOutside({ session, history, migration }, 0)
    }
    return true
  } catch (error) {
    if (error instanceof DuplicateKeyError) {
      const applied = await history.read(session)
      const unfinished = findUnfinished(applied, underRecordedNames(await prepared, applied))
      if (unfinished !== undefined) throw unfinishedError(unfinished)
      if (applied.some(({ name }) => name === migration.name)) return false
    }
    throw migrationError([migration.name], error)
  }
}
