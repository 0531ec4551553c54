import { sql } from 'drizzle-orm'
import { assertFails } from '../assert.ts'
import { assertEqual, conformanceCase, type CaseContext, type SqlConformanceCase } from './conformance-case.ts'

const body = `begin insert into conformance_orders values (1, 'kept', 0); commit; perform 1 / 0; end`

const statements: readonly (readonly [string, string])[] = [
  ['a procedure', 'call conformance_half()'],
  ['a block', `/* select */ do language plpgsql $do$ ${body} $do$`],
]

const count = async (session: CaseContext['session']): Promise<unknown> => {
  const [row] = await session.execute<{ n: number }>(sql`select count(*)::int as n from conformance_orders`)
  return row?.n
}

/** Statements that commit by themselves: what is refused afterwards says nothing of what was kept before. */
export const procedureCases: readonly SqlConformanceCase[] = statements.flatMap(([what, statement]) => [
  conformanceCase(`the outcome of ${what} that fails after it has committed is unknown`, async ({ session }) => {
    await session.batch([
      sql.raw(`create or replace procedure conformance_half() language plpgsql as $$ ${body} $$`),
      sql`select 1`,
    ])
    const error = await assertFails(session.execute(sql.raw(statement)), 'LEX_ERR_SQL_016', 'alone')
    assertEqual(error.details?.['sqlState'], '22012', 'the error says why it failed')
    assertEqual(await count(session), 1, 'what was kept')
  }),
  conformanceCase(`${what} that commits is refused inside a transaction and undone`, async ({ session }) => {
    await session.batch([
      sql.raw(`create or replace procedure conformance_half() language plpgsql as $$ ${body} $$`),
      sql`select 1`,
    ])
    const query = sql.raw(statement)
    const settings = session.withSettings({ 'app.tenant_id': 'a' })
    await assertFails(
      session.transaction((tx) => tx.execute(query)),
      'LEX_ERR_SQL_005',
      'in a transaction',
    )
    await assertFails(session.batch([sql`select 1`, query]), 'LEX_ERR_SQL_005', 'in a batch')
    await assertFails(settings.execute(query), 'LEX_ERR_SQL_005', 'with settings')
    assertEqual(await count(session), 0, 'what was kept')
  }),
])
