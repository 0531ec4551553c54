import { sql, type SQL } from 'drizzle-orm'
import { isLexigramError, UsageError } from '../../core/errors.ts'
import type { DbSession } from '../session/session.ts'
import { indexBuiltBy, type BuiltIndex } from './describe-statement.ts'
import type { MigrationHistory } from './history.ts'
import { notRecordedError, outsideError } from './migration-error.ts'
import type { MigrationStatement, PreparedMigration } from './migration.ts'

type Place = Parameters<typeof outsideError>[0]

export interface OutsideRun {
  readonly session: DbSession
  readonly history: MigrationHistory
  readonly migration: PreparedMigration
}

/**
 * Runs a migration's statements one by one, each by itself, and records after each how far it has come. The migration has to be
 * recorded as begun.
 *
 * @param resumedAt how many are done, where the migration was left half-way
 * @throws MigrationError naming the statement that failed, or saying that recording it did; those before stay
 */
export async function runOutside({ session, history, migration }: OutsideRun, resumedAt?: number): Promise<void> {
  const { name, statements } = migration
  for (const [index, statement] of statements.entries()) {
    if (resumedAt !== undefined && index < resumedAt) continue
    await runAlone(session, { name, statement, index }, index === resumedAt)
    const done = index + 1
    const record = history.progress(migration, done === statements.length ? null : done)
    try {
      const { rowCount } = await session.execute(record)
      if (rowCount === 0) throw new UsageError('the record cannot be written: another runner has changed the history')
    } catch (error) {
      throw notRecordedError(name, error, done)
    }
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

async function runAlone(session: DbSession, place: Place, isResumed = false): Promise<void> {
  const index = indexBuiltBy(place.statement.text)
  // It would be built once more, under another name.
  if (isResumed && index?.name === undefined) await assertValid(session, place, index)
  try {
    await session.execute(sql.raw(place.statement.text))
  } catch (error) {
    if (isThere(error) && index?.name !== undefined) await assertValid(session, place, index)
    throw outsideError(place, error)
  }
  if (index?.unlessThere === true) await assertValid(session, place, index)
}

/** @throws MigrationError when there is an invalid index, left by a runner that was killed */
async function assertValid(session: DbSession, place: Place, index: BuiltIndex | undefined): Promise<void> {
  if (index === undefined) return
  const [invalid] = await session.execute<{ index: string }>(findInvalid(index))
  if (invalid === undefined) return
  const left = new UsageError('the index must be valid: an interrupted runner has left it behind', {
    hint: `Drop it with drop index concurrently ${invalid.index}, then go on with resume.`,
  })
  throw outsideError(place, left)
}

/** Any one of the table, where the statement does not say its name. */
function findInvalid({ name, table }: BuiltIndex): SQL {
  return sql`select i.indexrelid::regclass::text as index
    from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indexrelid
    where not i.indisvalid and i.indrelid = to_regclass(${table})
    and (${name ?? null}::text is null or c.relname = any(parse_ident(${name ?? null}::text)))`
}

/** Whether the database refused what is there already. */
function isThere(error: unknown): boolean {
  return isLexigramError(error) && error.details?.['sqlState'] === '42P07'
}
