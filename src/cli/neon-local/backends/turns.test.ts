import { PGlite } from '@electric-sql/pglite'
import { neon, type NeonDbError } from '@neondatabase/serverless'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectClient, useEndpoint } from '../../../../test/support/neon-vendor.ts'
import { serveNeon, type NeonEndpoint } from '../serve.ts'

let endpoint: NeonEndpoint

const sql = () => neon(endpoint.url, { fullResults: true })

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.unreachable('expected a rejection'),
    (error: NeonDbError) => error,
  )

describe('the one connection of an embedded database', () => {
  let db: PGlite

  beforeAll(async () => {
    db = await PGlite.create()
    endpoint = await serveNeon({ backend: db, turnTimeoutMs: 300 })
    useEndpoint(endpoint)
    await db.exec('create table counters (n int)')
  }, 60_000)
  afterAll(async () => {
    await endpoint.close()
    await db.close()
  })

  it('lets no batch and no direct user into a WebSocket transaction', async () => {
    const client = await connectClient(endpoint)
    await client.query('begin')
    await client.query('insert into counters values (1)')
    const batch = sql().transaction([sql()`select count(*) from counters`])
    const direct = db.query('select count(*)::int as n from counters')
    await client.query('insert into counters values (2)')
    await client.query('rollback')
    expect((await batch)[0]?.rows).toEqual([{ count: '0' }])
    expect((await direct).rows).toEqual([{ n: 0 }])
    await client.end()
  })

  it('serialises two WebSocket transactions', async () => {
    const [first, second] = await Promise.all([connectClient(endpoint), connectClient(endpoint)])
    await first.query('begin')
    const waiting = second.query('begin').then(() => second.query('select count(*)::int as n from counters'))
    await first.query('insert into counters values (1)')
    await first.query('commit')
    expect((await waiting).rows).toEqual([{ n: 1 }])
    await second.query('rollback')
    await Promise.all([first.end(), second.end()])
    await db.exec('delete from counters')
  })

  it('says so, instead of hanging, when a transaction holds it too long', async () => {
    const client = await connectClient(endpoint)
    await client.query('begin')
    expect(await failure(sql()`select 1`)).toMatchObject({ code: '55P03', hint: expect.stringContaining('--postgres') })
    const other = await connectClient(endpoint)
    await expect(other.query('select 1')).rejects.toMatchObject({ code: '55P03' })
    await client.query('rollback')
    await client.end()
    expect((await sql()`select 1 as one`).rows).toEqual([{ one: 1 }])
  })

  it('leaves a database that it was given open', async () => {
    const other = await serveNeon({ backend: db })
    await other.close()
    await other.close()
    expect((await db.query('select 1 as one')).rows).toEqual([{ one: 1 }])
  })
})
