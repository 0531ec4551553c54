import { sql } from 'drizzle-orm'
import { MigrationError } from '../errors.ts'
import type { DbSession } from '../session/session.ts'
import type { PreparedMigration } from './migration.ts'

/** A migration that the database has recorded. */
export interface AppliedMigration {
  readonly name: string
  readonly checksum: string
  /** When its transaction began, by the database's clock, as text in ISO 8601. */
  readonly appliedAt: string
}

/** Any number: all migrators of one database have to ask for the same. */
const lockKey = 7_310_026

/** Held until the end of the transaction, so that two runners take turns. */
export const lockStatement = sql`select pg_advisory_xact_lock(${lockKey})`

/** The table of what was applied. `name` may be qualified: `audit.migrations`. */
export class MigrationHistory {
  readonly #table: ReturnType<typeof sql.join>

  constructor(name: string) {
    const parts = name.split('.').map((part) => sql.identifier(part))
    this.#table = sql.join(parts, sql.raw('.'))
  }

  /** What was applied, in order; creates the table when it is missing. One round trip. */
  async read(session: DbSession): Promise<AppliedMigration[]> {
    const [, , rows] = await session.batch([
      lockStatement,
      sql`create table if not exists ${this.#table} (position int generated always as identity primary key,
          name text not null unique, checksum text not null, applied_at timestamptz not null default now())`,
      sql`select name, checksum, to_char(applied_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "appliedAt"
          from ${this.#table} order by position`,
    ])
    // The columns are those of the statement above.
    return rows as unknown as AppliedMigration[]
  }

  /** Records a migration; fails with a duplicate key when another runner has recorded it in between. */
  record(migration: PreparedMigration) {
    return sql`insert into ${this.#table} (name, checksum) values (${migration.name}, ${migration.checksum})`
  }
}

/**
 * Holds what was applied against what there is: as far as both go they have to be the same, in the same order. A
 * database that is ahead is fine, for an older build may run beside a newer one.
 *
 * @throws MigrationError naming the first difference
 */
export function checkHistory(applied: readonly AppliedMigration[], known: readonly PreparedMigration[]): void {
  applied.slice(0, known.length).forEach((record, i) => {
    const migration = known[i]
    if (migration === undefined) return
    if (record.name !== migration.name) {
      throw new MigrationError(`migration ${i + 1} must be ${record.name}, as in the database, not ${migration.name}`, {
        hint: 'Never insert, remove or reorder migrations that were applied; add new ones at the end.',
      })
    }
    if (record.checksum !== migration.checksum) {
      throw new MigrationError(`migration ${migration.name} cannot be changed after it was applied`, {
        hint: 'Restore it, and put the change into a new migration.',
      })
    }
  })
}
