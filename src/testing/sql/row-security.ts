import { sql } from 'drizzle-orm'
import { assertFails } from '../assert.ts'
import { assertEqual, conformanceCase, type SqlConformanceCase } from './conformance-case.ts'

const tenant = sql.raw(`nullif(current_setting('app.tenant_id', true), '')`)
const tables = [
  sql`drop table if exists conformance_notes`,
  sql`create table conformance_notes (id int primary key, tenant text not null)`,
  sql`alter table conformance_notes enable row level security, force row level security`,
  sql`create policy tenants on conformance_notes using (tenant = ${tenant})`,
]
const add = (id: number, name: string) => sql`insert into conformance_notes values (${id}, ${name})`
const ids = sql`select id from conformance_notes order by id`

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
]
