import { sql } from 'drizzle-orm'
import { equalValues } from '../../core/specification/equality.ts'
import type { DatabaseOptions, DatabaseProvider } from '../../sql/database.ts'
import type { TransactionalDbSession } from '../../sql/session/session.ts'
import { assertSame } from '../assert.ts'
import type { Schema } from '../../sql/drizzle/version.ts'
import { conformanceSchema } from './schema.ts'

/** What an implementation supplies to be tested. */
export interface SqlHarness {
  /** Opens the database under test with these options; the suite disposes of it. */
  open(
    options: Pick<DatabaseOptions<Schema>, 'schema' | 'log' | 'onUncommitted' | 'onWarning' | 'maxAnswerBytes'>,
  ): Promise<DatabaseProvider<Schema>>
}

/** One behaviour that every driver must show. `run` rejects when it does not. */
export interface SqlConformanceCase {
  readonly name: string
  readonly run: (harness: SqlHarness) => Promise<void>
}

export interface CaseContext {
  readonly database: DatabaseProvider<Schema>
  readonly session: TransactionalDbSession<Schema>
}

/** Makes a case that starts with empty tables and its own session. */
export function conformanceCase(name: string, check: (context: CaseContext) => Promise<void>): SqlConformanceCase {
  return {
    name,
    async run(harness) {
      await using database = await harness.open({ schema: conformanceSchema })
      await using session = database.session()
      await createTables(session)
      await check({ database, session })
    },
  }
}

const tables = [
  'drop table if exists conformance_lines, conformance_orders, conformance_values',
  'create table conformance_orders (id int primary key, customer text not null, total int not null check (total >= 0), version int not null default 1)',
  'create table conformance_lines (id int primary key, order_id int not null references conformance_orders, note text, constraint conformance_lines_note unique (note))',
  `create table conformance_values (id int primary key, flag boolean, small smallint, large bigint, amount numeric(12, 2),
   ratio double precision, body text, code uuid, day date, moment timestamptz, clock timestamp, span interval,
   document jsonb, bytes bytea, numbers int[], words text[])`,
]

/** In one batch, for a driver under test may keep no session state between calls. */
export async function createTables(session: CaseContext['session']): Promise<void> {
  await session.batch(tables.map((statement) => sql.raw(statement)))
}

export function assertEqual(actual: unknown, expected: unknown, what: string): void {
  assertSame({ actual, expected, equal: equalValues(actual, expected) }, what)
}
