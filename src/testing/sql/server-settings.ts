import { sql } from 'drizzle-orm'
import { assertFails } from '../assert.ts'
import { assertEqual, conformanceCase, type SqlConformanceCase } from './conformance-case.ts'
import { values } from './schema.ts'

const moment = new Date('2026-02-28T23:30:00.123Z')

/** What the server writes depends on its settings, and what it means does not. */
export const serverSettingCases: readonly SqlConformanceCase[] = [
  conformanceCase('bytes are the same in both forms that a server may write', async ({ session }) => {
    const bytes = new Uint8Array(Array.from({ length: 256 }, (_, i) => i))
    await session.db.insert(values).values({ id: 1, bytes })
    for (const form of ['hex', 'escape']) {
      const scoped = session.withSettings({ bytea_output: form })
      assertEqual(await scoped.db.select({ bytes: values.bytes }).from(values), [{ bytes }], `${form}, in a table`)
      const [row] = await scoped.execute(sql`select array[bytes, ''] as list from conformance_values`)
      assertEqual(row, { list: [bytes, new Uint8Array()] }, `${form}, in a list`)
    }
  }),
  conformanceCase('dates are the same in every style that can be read in one way only', async ({ session }) => {
    await session.db.insert(values).values({ id: 1, day: '2026-02-28', moment, clock: '2026-02-28 23:30:00' })
    const found = { day: '2026-02-28', moment, clock: '2026-02-28 23:30:00' }
    const columns = { day: values.day, moment: values.moment, clock: values.clock }
    for (const DateStyle of ['ISO, DMY', 'ISO, MDY', 'German']) {
      const scoped = session.withSettings({ DateStyle, TimeZone: 'UTC' })
      assertEqual(await scoped.db.select(columns).from(values), [found], DateStyle)
    }
    const scoped = session.withSettings({ DateStyle: 'Postgres, DMY', TimeZone: 'UTC' })
    const { clock } = columns
    assertEqual(
      await scoped.db.select({ clock, moment: values.moment }).from(values),
      [{ clock: found.clock, moment }],
      'Postgres',
    )
  }),
  conformanceCase('a date that can be read in two ways is an error and not another date', async ({ session }) => {
    for (const DateStyle of ['SQL, DMY', 'SQL, MDY', 'Postgres, MDY']) {
      const scoped = session.withSettings({ DateStyle })
      const read = scoped.execute(sql`select '2026-03-02'::date as day`)
      await assertFails(read, 'LEX_ERR_SQL_026', DateStyle)
    }
    const abroad = session.withSettings({ DateStyle: 'German', TimeZone: 'Europe/Berlin' })
    await assertFails(abroad.execute(sql`select now() as now`), 'LEX_ERR_SQL_026', 'a named time zone')
  }),
  conformanceCase('a setting that a session leaves is not there for the next one', async ({ database }) => {
    const left = ["set conformance.tenant = 'a'", "select set_config('conformance.tenant', 'a', false)"]
    for (const statement of left) {
      const first = database.session()
      await first.execute(statement)
      await first.transaction((tx) => tx.execute(statement))
      await first[Symbol.asyncDispose]()
      await using next = database.session()
      const [row] = await next.execute("select coalesce(current_setting('conformance.tenant', true), '') as tenant")
      assertEqual(row, { tenant: '' }, statement)
    }
  }),
]
