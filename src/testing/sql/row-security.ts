import { sql } from 'drizzle-orm'
import { isLexigramError } from '../../core/errors.ts'
import { assertFails } from '../assert.ts'
import { assertEqual, conformanceCase, type CaseContext, type SqlConformanceCase } from './conformance-case.ts'

const tenant = sql.raw(`nullif(current_setting('app.tenant_id', true), '')`)
const tables = [
  sql`drop table if exists conformance_notes`,
  sql`create table conformance_notes (id int primary key, tenant text not null)`,
  sql`alter table conformance_notes enable row level security, force row level security`,
  sql`create policy tenants on conformance_notes using (tenant = ${tenant})`,
]
const add = (id: number, name: string) => sql`insert into conformance_notes values (${id}, ${name})`
const ids = sql`select id from conformance_notes order by id`

/** By name, in text and as parameters; each is refused, by a server because the role may not. */
const takeovers: readonly ((session: CaseContext['session'], name: string) => Promise<unknown>)[] = [
  (session, name) => session.execute(`set role "${name}"`),
  (session, name) => session.execute(`set session authorization "${name}"`),
  (session, name) => session.execute(sql`select set_config('role', ${name}, true)`),
  (session, name) => session.execute(sql`select set_config('session_authorization', ${name}, true)`),
  (session, name) => session.execute('select set_config($1, $2, true)', ['session_authorization', name]),
  (session, name) => session.execute(`do $$ begin set session authorization "${name}"; end $$`),
]

/** A server refuses a block while it runs, and the block may have committed before. */
async function assertRefused(take: () => Promise<unknown>, what: string): Promise<void> {
  const error: unknown = await take().catch((thrown: unknown) => thrown)
  if (!isLexigramError(error)) throw error ?? new Error(`${what} was not refused`)
  const refusal = error.code === 'LEX_ERR_SQL_016' ? error.details?.['sqlState'] : error.code
  assertEqual(refusal === '42501' || refusal === 'LEX_ERR_DOM_003', true, `${what} is refused: ${error.code}`)
}

/** A server puts back what its connection logged in with; where they are refused, nothing changes either. */
const resets = ['reset role', 'reset session authorization', 'set session authorization default', 'discard all']

const whoAmI = sql`select current_user::text as role, session_user::text as login, (select rolsuper from pg_roles where rolname = session_user) as super`

/** Row-level security holds for the role that the database is opened with. */
export const rowSecurityCases: readonly SqlConformanceCase[] = [
  conformanceCase('policies hold: rows of another tenant are neither shown nor written', async ({ session }) => {
    await session.batch(tables)
    const acme = session.withSettings({ 'app.tenant_id': 'acme' })
    const other = session.withSettings({ 'app.tenant_id': 'other' })
    await acme.execute(add(1, 'acme'))
    await other.batch([add(2, 'other')])
    await assertFails(acme.execute(add(3, 'other')), 'LEX_ERR_DOM_003', 'a row of another tenant')
    assertEqual([...(await acme.execute(ids))], [{ id: 1 }], 'the rows of one tenant')
    assertEqual(await other.transaction(async (tx) => [...(await tx.execute(ids))]), [{ id: 2 }], 'in a transaction')
    assertEqual([...(await session.execute(ids))], [], 'rows without a tenant')
    await session.execute(sql`drop table conformance_notes`)
  }),
  conformanceCase(
    'no statement and no setting takes another role’s place, that of a superuser least of all',
    async (c) => {
      const { database, session } = c
      const me = [...(await session.execute(whoAmI))]
      const [boss] = await session.execute(
        sql`select rolname::text as name from pg_roles where rolsuper order by oid limit 1`,
      )
      const name = String(boss?.['name'])
      const assertSelf = async (what: string): Promise<void> => {
        await using next = database.session()
        assertEqual([...(await session.execute(whoAmI))], me, what)
        assertEqual([...(await next.execute(whoAmI))], me, `${what}, in the next session`)
      }
      for (const [i, take] of takeovers.entries()) {
        await assertRefused(() => take(session, name), `way ${i}`)
        const inside = session.transaction((tx) => take(tx, name))
        await assertFails(inside, 'LEX_ERR_DOM_003', `way ${i}, in a transaction`)
        await assertSelf(`after way ${i}`)
      }
      await assertFails(session.withSettings({ role: name }).execute(whoAmI), 'LEX_ERR_DOM_003', 'as a setting')
      const login = () => session.withSettings({ session_authorization: name }).execute(whoAmI)
      await assertFails(async () => login(), 'LEX_ERR_USE_001', 'as the setting of the login')
      for (const reset of resets) {
        await session.execute(reset).catch((error: unknown) => {
          if (!isLexigramError(error)) throw error
        })
        await assertSelf(`after ${reset}`)
      }
    },
  ),
]
