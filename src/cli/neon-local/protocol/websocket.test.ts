import { connect } from 'node:net'
import { Client, neon } from '@neondatabase/serverless'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { neonBackends, neonLane } from '../../../../test/support/neon-backends.ts'
import { connectClient, useEndpoint } from '../../../../test/support/neon-vendor.ts'
import type { NeonEndpoint } from '../serve.ts'

let endpoint: NeonEndpoint

const sql = () => neon(endpoint.url, { fullResults: true })

describe.each(neonBackends)('the WebSocket side of the local Neon endpoint over %s', (backend) => {
  const lane = neonLane(backend)

  beforeAll(async () => {
    if (lane.missing !== undefined) return
    endpoint = await lane.start()
    useEndpoint(endpoint)
  }, 60_000)
  afterAll(() => lane.stop(), 60_000)
  beforeEach(async (context) => {
    context.skip(lane.missing !== undefined, lane.missing)
    await sql()`drop table if exists notes`
    await sql()`create table notes (id int primary key, body text not null)`
  })

  it('carries an interactive transaction in at most seven round trips', async () => {
    const before = endpoint.stats.roundTrips
    const client = await connectClient(endpoint)
    await client.query('begin')
    await client.query('insert into notes values ($1, $2)', [1, 'a'])
    const { rows } = await client.query('select body from notes where id = $1', [1])
    await client.query('commit')
    await client.end()
    expect(rows).toEqual([{ body: 'a' }])
    expect(endpoint.stats.roundTrips - before).toBeLessThanOrEqual(7)
    expect((await sql()`select * from notes`).rows).toHaveLength(1)
  })

  it('works without the pipelined password too', async () => {
    const client = new Client(endpoint.url)
    client.neonConfig.pipelineConnect = false
    await client.connect()
    expect((await client.query('select 1 as one')).rows).toEqual([{ one: 1 }])
    await client.end()
  })

  it('goes on with a rollback after an error', async () => {
    const client = await connectClient(endpoint)
    await client.query('begin')
    await client.query("insert into notes values (1, 'a')")
    await expect(client.query("insert into notes values (1, 'b')")).rejects.toMatchObject({ code: '23505' })
    await expect(client.query('select 1')).rejects.toMatchObject({ code: '25P02' })
    await client.query('rollback')
    expect((await client.query('select * from notes')).rows).toEqual([])
    await client.end()
  })

  it('rolls back when the client goes away, to let others in', async () => {
    const client = await connectClient(endpoint)
    await client.query('begin')
    await client.query("insert into notes values (1, 'a')")
    client.connection.stream.destroy()
    await expect.poll(async () => (await sql()`select * from notes`).rows).toEqual([])
    await expect.poll(() => endpoint.stats.openSockets).toBe(0)
  })

  it('refuses a WebSocket on another path', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${endpoint.port}/other`)
    expect(await new Promise((resolve) => socket.addEventListener('error', () => resolve('refused')))).toBe('refused')
  })

  it('closes the socket of a client that does not speak the protocol', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${endpoint.port}/v2`)
    socket.addEventListener('open', () => socket.send(new Uint8Array([255, 255, 255, 255, 0])))
    expect(await new Promise((resolve) => socket.addEventListener('close', () => resolve('closed')))).toBe('closed')
  })

  it('outlives clients that leave after asking for an upgrade', async () => {
    const ask = (path: string): Promise<void> =>
      new Promise((resolve) => {
        const socket = connect(endpoint.port, '127.0.0.1', () => {
          socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`)
          setImmediate(() => socket.resetAndDestroy())
        })
        socket.on('error', () => {}).on('close', () => resolve())
      })
    await Promise.all(Array.from({ length: 40 }, (_, i) => ask(i % 2 === 0 ? '/nowhere' : '/v2')))
    const response = await fetch(endpoint.endpoint, { method: 'OPTIONS' })
    expect(response.status).toBe(200)
  })
})
