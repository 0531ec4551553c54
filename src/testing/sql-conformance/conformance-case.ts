import { sql } from 'drizzle-orm'
import { isLexigramError, type LexigramError } from '../../errors.ts'
import { equalValues } from '../../specification/equality.ts'
import type { DatabaseOptions, DatabaseProvider } from '../../sql/database.ts'
import type { TransactionalDbSession } from '../../sql/session.ts'
import { conformanceSchema, type ConformanceSchema } from './schema.ts'

/** What an implementation supplies to be tested. */
export interface SqlHarness {
  /** Opens the database under test with these options; the suite disposes of it. */
  open(
    options: Pick<DatabaseOptions<ConformanceSchema>, 'schema' | 'log' | 'onForgotten'>,
  ): Promise<DatabaseProvider<ConformanceSchema>>
}

/** One behaviour that every driver must show. `run` rejects when it does not. */
export interface SqlConformanceCase {
  readonly name: string
  readonly run: (harness: SqlHarness) => Promise<void>
}

export interface CaseContext {
  readonly database: DatabaseProvider<ConformanceSchema>
  readonly session: TransactionalDbSession<ConformanceSchema>
}

/** Makes a case that starts with empty tables and a session of its own. */
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
  if (equalValues(actual, expected)) return
  throw new Error(`${what}: expected ${show(expected)}, got ${show(actual)}`)
}

/** Awaits a failure and gives the error, which must carry the code. */
export async function assertFails(work: Promise<unknown>, code: string, what: string): Promise<LexigramError> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (isLexigramError(error) && error.code === code) return error
  throw new Error(`${what}: expected an error with code ${code}, got ${show(error)}`, { cause: error })
}

function show(value: unknown): string {
  if (value instanceof Error) return `${value.name}: ${value.message}`
  return JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? `${part}n` : part)) ?? 'undefined'
}
