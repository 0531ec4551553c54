import { assertOptions, must } from '../../core/assert-options.ts'
import { DuplicateKeyError, UsageError } from '../../core/errors.ts'
import type { TransactionalDbSession } from '../session/session.ts'
import { findUnfinished, underRecordedNames, unfinishedError } from './check-history.ts'
import { lockStatement, moved } from './history.ts'
import { loadMigrations, recordAdopted, type LoadedMigrations, type MigratorParts } from './load.ts'
import { changedError, migrationError } from './migration-error.ts'
import type { PreparedMigration } from './migration.ts'
import { runOutside } from './run-outside.ts'
import { runSteps, stepsOf, wasRaised } from './run-steps.ts'

/** One step of `apply`, as it happens. */
export interface MigrationProgress {
  readonly name: string
  /** `adopted`: recorded as applied, because drizzle-orm has applied it. */
  readonly state: 'begun' | 'applied' | 'adopted'
}

/** Options of `apply` of a migrator. */
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
  let last = loaded.known[loaded.known.length - loaded.pending.length - 1]?.name
  for (const migration of loaded.pending) {
    const step = { migration, last }
    await track(migration.name, () => applyOne(parts, session, step))
    last = migration.name
  }
  return names
}

function assertResumable({ unfinished }: LoadedMigrations, resume: string | undefined): void {
  if (unfinished?.migration.name === resume) return
  if (unfinished !== undefined) throw unfinishedError(unfinished)
  throw new UsageError(`migration ${resume} cannot be resumed: it was not left half-way`, {
    hint: 'status() shows the state of each migration.',
  })
}

interface Step {
  readonly migration: PreparedMigration
  /** The name of the one before it. */
  readonly last: string | undefined
}

/** False when another runner was faster: then it is in the history. */
async function applyOne(
  parts: MigratorParts,
  session: TransactionalDbSession,
  { migration, last }: Step,
): Promise<boolean> {
  const { history, database, prepared } = parts
  try {
    if (migration.transaction) {
      const steps = stepsOf(migration.name, migration.statements)
      const run = { session, isInteractive: database.interactiveTransactions === true }
      await runSteps(run, [{ write: lockStatement }, { write: history.record(migration, last) }, ...steps])
    } else {
      await session.batch([lockStatement, history.upgrade(), history.begin(migration, last)])
      await runOutside({ session, history, migration })
    }
    return true
  } catch (error) {
    const isMoved = wasRaised(error, moved)
    if (isMoved || error instanceof DuplicateKeyError) {
      const applied = await history.read(session)
      const unfinished = findUnfinished(applied, underRecordedNames(await prepared, applied))
      if (unfinished !== undefined) throw unfinishedError(unfinished)
      if (applied.some(({ name }) => name === migration.name)) return false
    }
    if (isMoved) throw changedError(migration.name, 'applied', error)
    throw migrationError([migration.name], error)
  }
}
