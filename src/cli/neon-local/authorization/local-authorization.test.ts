import { PGlite } from '@electric-sql/pglite'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase } from '../../../sql/database.ts'
import { neon } from '../../../sql/drivers/neon/driver.ts'
import { serveNeon, type NeonEndpoint } from '../serve.ts'

let instance: PGlite
let endpoint: NeonEndpoint
beforeAll(async () => {
  instance = await PGlite.create()
  endpoint = await serveNeon({ backend: instance })
}, 60_000)
afterAll(async () => {
  await endpoint.close()
  await instance.close()
})

const role = sql`select session_user::text as role`
const ownRole = async () => (await instance.query('select session_user::text as role')).rows
const open = async () => (await openDatabase({ drivers: [neon()], url: endpoint.url })).session()

describe('a database that is served', () => {
  it('keeps the role of its direct users beside requests', async () => {
    await using session = await open()
    expect([...(await session.execute(role))]).toEqual([{ role: 'lexigram' }])
    expect(await ownRole()).toEqual([{ role: 'postgres' }])
  })

  it('keeps the role of its direct users beside transactions', async () => {
    await using session = await open()
    expect(await session.transaction(async (tx) => [...(await tx.execute(role))])).toEqual([{ role: 'lexigram' }])
    expect(await ownRole()).toEqual([{ role: 'postgres' }])
  })
})
