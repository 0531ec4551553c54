import { sql, type SQL } from 'drizzle-orm'
import { UsageError } from '../../core/errors.ts'
import type { DbSession } from '../session/session.ts'
import { indexBuiltBy, type BuiltIndex } from './describe-statement.ts'
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

async function runAlone(session: DbSession, place: Parameters<typeof outsideError>[0]): Promise<void> {
  try {
    await session.execute(sql.raw(place.statement.text))
  } catch (error) {
    throw outsideError(place, error)
  }
  const index = indexBuiltBy(place.statement.text)
  if (index === undefined) return
  const [invalid] = await session.execute(isInvalid(index))
  if (invalid === undefined) return
  const left = new UsageError('the index must be valid: an interrupted runner has left it behind', {
    hint: `Drop it with drop index concurrently ${index.name}, then go on with resume.`,
  })
  throw outsideError(place, left)
}

/** One that is there is not built again, also when it is what a runner left behind that was killed. */
function isInvalid({ name, table }: BuiltIndex): SQL {
  return sql`select 1 from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indexrelid
    where not i.indisvalid and i.indrelid = to_regclass(${table}) and c.relname = any(parse_ident(${name}))`
}
