import { sql, type SQL } from 'drizzle-orm'
import { MigrationError } from '../errors.ts'
import type { TransactionalDbSession } from '../session/session.ts'
import { recordOf } from './drizzle-history.ts'
import { lockStatement } from './history.ts'
import { loadMigrations, recordAdopted, type LoadedMigrations, type MigratorParts } from './load.ts'
import { changedError, migrationError, notRecordedError } from './migration-error.ts'
import type { MigrationStatement, PreparedMigration } from './migration.ts'
import { undoOutside } from './run-outside.ts'
import { runSteps, stepsOf, wasRaised } from './run-steps.ts'

/** Raised by the database when the record of what is undone is not there any more. */
const gone = 'lexigram:gone'

export async function undoLast(parts: MigratorParts): Promise<string | undefined> {
  await using session = parts.database.session()
  const loaded = await loadMigrations(parts, session)
  const migration = lastOf(loaded)
  if (migration === undefined) return undefined
  const { name, down } = migration
  if (down === undefined) {
    throw new MigrationError(`migration ${name} cannot be undone: it has no down`, {
      hint: 'Add down to it, or put what undoes it into a new migration.',
      details: { migrations: [name] },
    })
  }
  await recordAdopted(parts, session, loaded)
  try {
    await undo(parts, session, { ...migration, down })
  } catch (error) {
    if (wasRaised(error, gone)) throw changedError(name, 'undone', error)
    throw migrationError([`${name}, down`], error)
  }
  return name
}

function lastOf({ known, applied, adopted }: LoadedMigrations): PreparedMigration | undefined {
  const ahead = applied.length > known.length ? applied.at(-1) : undefined
  if (ahead === undefined) return known[applied.length + adopted.length - 1]
  throw new MigrationError(`migration ${ahead.name} cannot be undone: this build does not know it`, {
    hint: 'Undo it with the build that applied it.',
    details: { migrations: [ahead.name] },
  })
}

async function undo(
  parts: MigratorParts,
  session: TransactionalDbSession,
  migration: PreparedMigration & { readonly down: readonly MigrationStatement[] },
): Promise<void> {
  const { history, database } = parts
  const run = { session, isInteractive: database.interactiveTransactions === true }
  const forget = { write: await forgetStatement(parts, session, migration) }
  const subject = `${migration.name}, down`
  if (migration.transaction) {
    await runSteps(run, [{ write: lockStatement }, forget, ...stepsOf(subject, migration.down)])
    return
  }
  await undoOutside({ session, history, migration }, migration.down)
  await runSteps(run, [{ write: lockStatement }, forget]).catch((error: unknown) => {
    throw notRecordedError(subject, error, migration.down.length)
  })
}

/** Removes the record, also that of drizzle-orm, which would count as applied; fails when there is none. */
async function forgetStatement(
  { history, drizzle }: MigratorParts,
  session: TransactionalDbSession,
  migration: PreparedMigration,
): Promise<SQL> {
  const record = migration.drizzle && recordOf(migration, await drizzle.read(session))
  const theirs = record === undefined ? sql`select 1 where false` : drizzle.remove(record)
  return sql`with ours as (${history.remove(migration)}), theirs as (${theirs})
    select (case when exists (select from ours) then '1' else ${sql.raw(`'${gone}'`)} end)::int`
}
