import { sql, type SQL } from 'drizzle-orm'
import type { DbSession } from '../session/session.ts'
import type { PreparedMigration } from './migration.ts'

/** A migration that the database has recorded. */
export interface AppliedMigration {
  readonly name: string
  readonly checksum: string
  /**
   * When its transaction began, by the database's clock, as text in ISO 8601; for one that was marked as applied, when
   * that was.
   */
  readonly appliedAt: string
  /** How many of its statements are known to be done, where it runs outside a transaction and has not ended. */
  readonly statementsDone: number | null
}

/** Any number: all migrators of one database have to ask for the same. */
const lockKey = 7_310_026

/** Raised by the database when another runner has changed the history since it was read. */
export const moved = 'lexigram:moved'

/** Held until the end of the transaction, so that two runners take turns. */
export const lockStatement = sql`select pg_advisory_xact_lock(${lockKey})`

/** The name of a table, which may be qualified: `audit.migrations`. */
export function tableName(name: string): SQL {
  return sql.join(
    name.split('.').map((part) => sql.identifier(part)),
    sql.raw('.'),
  )
}

/** The table of what was applied. */
export class MigrationHistory {
  readonly #table: SQL

  constructor(name: string) {
    this.#table = tableName(name)
  }

  /** What was applied, in order; creates the table when it is missing. One round trip. */
  async read(session: DbSession): Promise<AppliedMigration[]> {
    const [, , rows] = await session.batch([
      lockStatement,
      sql`create table if not exists ${this.#table} (position int generated always as identity primary key,
          name text not null unique, checksum text not null, applied_at timestamptz not null default now(),
          statements_done int)`,
      sql`select name, checksum, to_char(applied_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "appliedAt",
          (to_jsonb(h) ->> 'statements_done')::int as "statementsDone" from ${this.#table} h order by position`,
    ])
    // The columns are those of the statement above.
    return rows as unknown as AppliedMigration[]
  }

  /**
   * Records a migration, after the one that was the last; fails when another runner has changed the history in between.
   */
  record({ name, checksum }: PreparedMigration, last: string | undefined): SQL {
    return sql`insert into ${this.#table} (name, checksum) values (${name}, ${checksum} || ${this.#ifLast(last)})`
  }

  /** Adds the column that a table of an earlier version has not; `read` does without it, as it needs not own the table. */
  upgrade(): SQL {
    return sql`alter table ${this.#table} add column if not exists statements_done int`
  }

  /** Records that a migration outside a transaction begins; fails as `record` does. */
  begin({ name, checksum }: PreparedMigration, last: string | undefined): SQL {
    return sql`insert into ${this.#table} (name, checksum, statements_done)
        values (${name}, ${checksum} || ${this.#ifLast(last)}, 0)`
  }

  /** Fails as `record` does; for what is written after it in one transaction. */
  expectLast(last: string | undefined): SQL {
    return sql`select ${this.#ifLast(last)}`
  }

  /** Records how far a migration has come that runs outside a transaction: `null` for its end. */
  progress({ name, checksum }: PreparedMigration, statementsDone: number | null): SQL {
    return sql`update ${this.#table} set statements_done = ${statementsDone}::int, checksum = ${checksum}
        where name = ${name}`
  }

  /** Records a migration as applied, whether or not it is there already; after `upgrade`. */
  mark({ name, checksum }: PreparedMigration): SQL {
    return sql`insert into ${this.#table} (name, checksum) values (${name}, ${checksum})
        on conflict (name) do update set statements_done = null, checksum = excluded.checksum`
  }

  /** An empty text, or an error that has the word `moved`. It needs the lock, taken by a statement before. */
  #ifLast(name: string | undefined): SQL {
    return sql`left((case when (select h.name from ${this.#table} h order by position desc limit 1)
        is not distinct from ${name ?? null}::text then '1' else ${sql.raw(`'${moved}'`)} end)::int::text, 0)`
  }

  /** Removes the record of a migration and returns its row, if it is the last one. */
  remove({ name }: PreparedMigration): SQL {
    return sql`delete from ${this.#table} where name = ${name}
        and position = (select max(position) from ${this.#table}) returning 1`
  }
}
