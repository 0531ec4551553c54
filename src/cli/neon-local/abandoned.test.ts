import { PGlite } from '@electric-sql/pglite'
import { Client } from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { findPostgres, startPostgres, type PostgresCluster } from '../../../test/support/postgres.ts'
import { cancelStatement } from './backends/cancel-statement.ts'
import { serveNeon, type NeonEndpoint } from './serve.ts'

const bin = findPostgres()
let cluster: PostgresCluster
let endpoint: NeonEndpoint
let watcher: Client

const running = async () => {
  const text = `select count(*)::int as n from pg_stat_activity where state = 'active' and query like '%pg_sleep(60)%' and pid <> pg_backend_pid()`
  return (await watcher.query<{ n: number }>(text)).rows[0]?.n
}
const untilRunning = (n: number) => expect.poll(running, { timeout: 20_000, interval: 20 }).toBe(n)

const send = (body: object, signal?: AbortSignal) =>
  fetch(endpoint.endpoint, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'neon-connection-string': endpoint.url },
    ...(signal && { signal }),
  })

describe('a request to the local endpoint whose client has left', () => {
  beforeAll(async () => {
    if (bin === undefined) return
    cluster = await startPostgres(bin)
    endpoint = await serveNeon({ postgresUrl: cluster.url, protocolPort: 0 })
    watcher = new Client({ connectionString: cluster.superuserUrl })
    await watcher.connect()
  }, 60_000)
  afterAll(async () => {
    if (bin === undefined) return
    await watcher.end()
    await endpoint.close()
    await cluster.stop()
  })
  beforeEach((context) => context.skip(bin === undefined, 'PostgreSQL is not installed'))

  it('is cancelled in the database', async () => {
    const leaving = new AbortController()
    const left = send({ query: 'select pg_sleep(60)' }, leaving.signal).catch((error: Error) => error.name)
    await untilRunning(1)
    leaving.abort()
    expect(await left).toBe('AbortError')
    await untilRunning(0)
  })

  it('is cancelled as a batch, of which nothing is kept', async () => {
    await send({ query: 'create table kept (id int)' })
    const leaving = new AbortController()
    const queries = [{ query: 'insert into kept values (1)' }, { query: 'select pg_sleep(60)' }]
    const left = send({ queries }, leaving.signal).catch((error: Error) => error.name)
    await untilRunning(1)
    leaving.abort()
    await left
    await untilRunning(0)
    expect(await (await send({ query: 'select * from kept' })).json()).toMatchObject({ rows: [] })
  })

  it('is cancelled when a tool asks for it over PostgreSQL’s own protocol', async () => {
    const client = new Client({ connectionString: endpoint.protocolUrl ?? '' })
    await client.connect()
    const slept = client.query('select pg_sleep(60)').catch((error: { code?: string }) => error.code)
    await untilRunning(1)
    const { processID, secretKey } = client as unknown as { processID: number; secretKey: number }
    const port = Number(new URL(endpoint.protocolUrl ?? '').port)
    cancelStatement({ host: '127.0.0.1', port }, { processId: processID, secretKey })
    expect(await slept).toBe('57014')
    await client.end()
  })
})

it('does not run a statement that waited for the embedded database when its client disconnected', async () => {
  const db = await PGlite.create()
  endpoint = await serveNeon({ backend: db })
  await db.exec('create table written (id int); grant all on written to lexigram')
  let release = (): void => {}
  const held = db.transaction(() => new Promise<void>((resolve) => (release = resolve)))
  const leaving = new AbortController()
  const left = send({ query: 'insert into written values (1)' }, leaving.signal).catch((error: Error) => error.name)
  await expect.poll(() => endpoint.stats.statements).toBe(1)
  leaving.abort()
  await left
  await expect.poll(() => endpoint.stats.errors).toBe(1)
  release()
  await held
  await send({ query: 'select 1' })
  expect((await db.query('select * from written')).rows).toEqual([])
  await endpoint.close()
  await db.close()
}, 60_000)
