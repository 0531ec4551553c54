import { PGlite } from '@electric-sql/pglite'
import { pgTable, text } from 'drizzle-orm/pg-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fieldEq } from '../../core/specification/field.ts'
import { openDatabase } from '../database.ts'
import { pglite } from '../drivers/pglite/driver.ts'
import { isDrizzle1 } from '../../../test/support/drizzle-layout.ts'
import type { DbSession } from '../session/session.ts'
import { SqlRepository } from './repository.ts'

const people = pgTable('cased', { personId: text().primaryKey(), firstName: text(), lastName: text('surname') })
type Person = typeof people.$inferSelect
const ada = { personId: 'a', firstName: 'Ada', lastName: 'Lovelace' }

let instance: PGlite | undefined
let session: DbSession
beforeAll(async () => {
  if (isDrizzle1) return
  instance = await PGlite.create()
  const options = { drivers: [pglite({ instance })], url: 'pglite:memory', casing: 'snake_case' as const }
  session = (await openDatabase(options)).session()
  await instance.exec('create table cased (person_id text primary key, first_name text, surname text)')
}, 60_000)
afterAll(() => instance?.close())

// Drizzle 1.x calls columns in the schema itself, and the option is refused.
describe.skipIf(isDrizzle1)('a table whose columns are called in snake_case', () => {
  it('is written and read by a repository', async () => {
    const mapping = { toEntity: (row: Person) => row, toRow: (person: Person) => person }
    const repository = new SqlRepository<typeof people, Person, string>(people, session, mapping)
    await repository.save(ada)
    await repository.save(ada)
    const found = await repository.findBySpec(fieldEq('firstName', 'Ada'), { sort: [['firstName', 'asc']] })
    expect(found).toEqual([ada])
  })

  it('is read by the query builder', async () => {
    expect(await session.db.select().from(people)).toEqual([ada])
  })
})
