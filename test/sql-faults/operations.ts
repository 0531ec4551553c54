import { sql } from 'drizzle-orm'
import { isLexigramError } from '../../src/core/errors.ts'
import { err } from '../../src/core/result/result.ts'
import type { DatabaseProvider } from '../../src/sql/database.ts'
import type { CampaignOperation, Outcome, RunOptions } from '../support/fault-campaign.ts'
import type { TransactionalDbSession } from '../../src/sql/session/session.ts'

/** Writes rows `(key, part)`; how many there are when it was done. */
interface Operation extends CampaignOperation {
  run(session: TransactionalDbSession, key: string): Promise<unknown>
}

const row = (key: string, part: number) => sql`insert into ledger (key, part) values (${key}, ${part})`
const read = sql`select count(*) from ledger`

export const operations: Readonly<Record<string, Operation>> = {
  statement: { rows: 1, run: (session, key) => session.execute(row(key, 1)) },
  returning: { rows: 1, run: (session, key) => session.execute(sql`${row(key, 1)} returning key`) },
  batch: { rows: 2, run: (session, key) => session.batch([row(key, 1), read, row(key, 2)]) },
  unit: {
    rows: 2,
    run: (session, key) =>
      session.atomic((unit) => {
        unit.add(row(key, 1), { expectRows: 1 })
        unit.add(row(key, 2))
      }),
  },
  settings: { rows: 1, run: (session, key) => session.withSettings({ 'app.key': key }).execute(row(key, 1)) },
  transaction: {
    rows: 2,
    run: (session, key) =>
      session.transaction(async (tx) => {
        await tx.execute(row(key, 1))
        await tx.execute(read)
        await tx.execute(row(key, 2))
      }),
  },
  savepoint: {
    rows: 2,
    run: (session, key) =>
      session.transaction(async (tx) => {
        await tx.execute(row(key, 1))
        await tx.transaction(async (nested) => {
          await nested.execute(row(key, 9))
          return err('undo')
        })
        await tx.transaction((nested) => nested.execute(row(key, 2)))
      }),
  },
  refused: {
    rows: 0,
    run: (session, key) =>
      session.transaction(async (tx) => {
        await tx.execute(row(key, 1))
        return err('undo')
      }),
  },
  caught: {
    rows: 1,
    run: (session, key) =>
      session.transaction(async (tx) => {
        await tx.execute(row(key, 1))
        await tx.transaction((nested) => nested.execute(sql`select 1 / 0`)).catch(() => undefined)
      }),
  },
  read: { rows: 0, run: (session) => session.execute(read) },
}

/** Runs one operation in a session that ends after it, and returns what the caller received. */
export async function runOperation(database: DatabaseProvider, options: RunOptions): Promise<Outcome> {
  const stop = new AbortController()
  const timer = options.abortAfter > 0 ? setTimeout(() => stop.abort(), options.abortAfter) : undefined
  try {
    await using session = database.session({ signal: stop.signal })
    await operations[options.kind]?.run(session, options.key)
    return 'done'
  } catch (error) {
    return outcomeOf(error)
  } finally {
    clearTimeout(timer)
  }
}

/** Everything but a `CommitUnknownError` says that nothing was kept. */
function outcomeOf(error: unknown): Outcome {
  const code = isLexigramError(error) ? error.code : String(error)
  if (code === 'LEX_ERR_SQL_016') return 'unknown'
  // Away, no connection in time, rolled back, given up.
  const expected = ['LEX_ERR_SQL_001', 'LEX_ERR_SQL_004', 'LEX_ERR_SQL_013', 'LEX_ERR_INFRA_002']
  return expected.includes(code) ? 'not done' : `unexpected ${code}`
}
