import { sql } from 'drizzle-orm'
import { isLexigramError } from '../../core/errors.ts'
import type { TransactionalDbSession } from '../../sql/session/session.ts'
import type { Schema } from '../../sql/drizzle/version.ts'
import { assertFails } from '../assert.ts'
import { assertEqual, createTables, type SqlConformanceCase } from './conformance-case.ts'
import { conformanceSchema } from './schema.ts'

/** Small, so that an answer of some hundred kilobytes is much larger. */
const maxAnswerBytes = 50_000
const tooLarge = 'LEX_ERR_SQL_018'

type Session = TransactionalDbSession<Schema>

function limitedCase(name: string, check: (session: Session) => Promise<void>): SqlConformanceCase {
  return {
    name,
    async run(harness) {
      await using database = await harness.open({ schema: conformanceSchema, maxAnswerBytes })
      await using session = database.session()
      await createTables(session)
      await check(session)
    },
  }
}

const rows = (count: number) => sql`select repeat('x', 1000) as body from generate_series(1, ${count}::int)`
const write = sql`insert into conformance_orders (id, customer, total)
  select n, repeat('x', 1000), 0 from generate_series(1, 1000) n returning customer`

async function stored(session: Session): Promise<unknown> {
  return (await session.execute('select count(*)::int as n from conformance_orders'))[0]?.['n']
}

/** What was said of a write, beside what is stored. */
async function assertTruth(session: Session, work: Promise<unknown>, what: string): Promise<void> {
  const error: unknown = await work.catch((thrown: unknown) => thrown)
  const outcome = isLexigramError(error) ? error.details?.['outcome'] : undefined
  assertEqual(
    isLexigramError(error) ? error.code : String(error),
    outcome === 'unknown' ? 'LEX_ERR_SQL_016' : tooLarge,
    `${what}: the code`,
  )
  const there = await stored(session)
  if (outcome === 'done') assertEqual(there, 1000, `${what}, which was done: orders`)
  else if (outcome === 'undone') assertEqual(there, 0, `${what}, which was undone: orders`)
  else assertEqual(there === 0 || there === 1000, true, `${what}, all or nothing`)
  await session.execute('delete from conformance_orders')
}

/** An answer is bounded by its bytes, and what is said of one that was too large is so. */
export const answerSizeCases: readonly SqlConformanceCase[] = [
  limitedCase('an answer that is too large is refused, and the session goes on', async (session) => {
    assertEqual((await session.execute(rows(30))).length, 30, 'rows that fit')
    const error = await assertFails(session.execute(rows(5_000)), tooLarge, 'many rows')
    assertEqual(error.details?.['maxAnswerBytes'], maxAnswerBytes, 'the limit')
    assertEqual(error.details?.['outcome'], 'undone', 'the outcome of a read')
    await assertFails(session.execute(sql`select repeat('x', 3000000) as body`), tooLarge, 'one large value')
    await assertFails(session.batch([rows(30), rows(30)]), tooLarge, 'a batch, as a whole')
    assertEqual((await session.execute(rows(30))).length, 30, 'rows after that')
  }),
  limitedCase('answers after a statement that was refused are each counted alone', async (session) => {
    const refused = (part: Session) => assertFails(part.execute('select 1 / 0'), 'LEX_ERR_SQL_026', 'the statement')
    await refused(session)
    for (let i = 0; i < 4; i++) assertEqual((await session.execute(rows(40))).length, 40, 'rows of the session')
    await session.transaction(async (tx) => {
      await assertFails(tx.transaction(refused), 'LEX_ERR_SQL_013', 'the nested one')
      for (let i = 0; i < 4; i++) assertEqual((await tx.execute(rows(40))).length, 40, 'rows of a transaction')
    })
  }),
  limitedCase('rows are complete, however many portions they come in', async (session) => {
    const found = await session.execute<{ n: number }>('select n from generate_series(1, 2500) n')
    assertEqual([found.length, found.rowCount, found[2499]?.n], [2500, 2500, 2500], 'rows')
    const written = await session.execute(sql`insert into conformance_orders (id, customer, total)
      select n, 'a', 0 from generate_series(1, 1500) n returning id`)
    assertEqual([written.length, written.rowCount], [1500, 1500], 'rows of a write')
  }),
  limitedCase('what is said of a write whose answer was too large is so', async (session) => {
    await assertTruth(session, session.execute(write), 'a statement')
    await assertTruth(session, session.batch([sql`select 1`, write, sql`select 2`]), 'a batch')
    const unit = session.atomic((writes) => writes.add(write))
    await assertTruth(session, unit, 'a unit of work')
  }),
  limitedCase('a transaction with an answer that was too large is rolled back', async (session) => {
    const kept = session.transaction(async (tx) => {
      await tx.execute(`insert into conformance_orders values (5000, 'a', 0)`)
      await assertFails(tx.execute(rows(2_000)), tooLarge, 'the answer')
      await assertFails(tx.execute('select 1'), 'LEX_ERR_SQL_013', 'a statement after it')
    })
    await assertFails(kept, 'LEX_ERR_SQL_013', 'the transaction')
    await assertFails(
      session.transaction((tx) => tx.execute(write)),
      tooLarge,
      'a transaction whose error is not caught',
    )
    assertEqual(await stored(session), 0, 'orders')
    await session.transaction((tx) => tx.execute(`insert into conformance_orders values (5000, 'a', 0)`))
    assertEqual(await stored(session), 1, 'orders of the next')
  }),
  limitedCase('a nested transaction with one leaves its parent usable, or lost as a whole', async (session) => {
    const kept = session.transaction(async (tx) => {
      await tx.execute(`insert into conformance_orders values (5000, 'a', 0)`)
      await assertFails(
        tx.transaction((nested) => nested.execute(write)),
        tooLarge,
        'the nested one',
      )
      await tx.execute(`insert into conformance_orders values (5001, 'a', 0)`)
    })
    const code = await kept.then(
      () => 'kept',
      (error: unknown) => (isLexigramError(error) ? error.code : String(error)),
    )
    assertEqual(code === 'kept' || code === 'LEX_ERR_SQL_013', true, `the outcome ${code}`)
    assertEqual(await stored(session), code === 'kept' ? 2 : 0, 'orders')
  }),
]
