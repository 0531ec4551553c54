import { PGlite } from '@electric-sql/pglite'
import { Client, neon, NeonDbError, neonConfig } from '@neondatabase/serverless'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { findPostgres, startPostgres, type PostgresCluster } from '../../../tools/postgres.ts'
import { serveNeon, type NeonEndpoint } from './serve.ts'

const start = 60_000
let endpoint: NeonEndpoint

/** The driver's endpoint settings are global; this file has the process to itself. */
function useEndpoint(): void {
  neonConfig.fetchEndpoint = endpoint.endpoint
  neonConfig.wsProxy = (_host, _port) => `127.0.0.1:${endpoint.port}/v2`
  neonConfig.useSecureWebSocket = false
}

const sql = () => neon(endpoint.url, { fullResults: true })

async function connect(): Promise<Client> {
  const client = new Client(endpoint.url)
  client.on('error', () => undefined)
  await client.connect()
  return client
}

const post = (body: string | undefined, headers: Record<string, string> = {}) =>
  fetch(endpoint.endpoint, {
    method: 'POST',
    body: body ?? null,
    headers: { 'Neon-Connection-String': endpoint.url, ...headers },
  })

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.unreachable('expected a rejection'),
    (error: NeonDbError) => error,
  )

describe.each([
  { name: 'PGlite', postgres: false },
  { name: 'PostgreSQL', postgres: true },
])('the local Neon endpoint over $name', ({ postgres }) => {
  const bin = postgres ? findPostgres() : undefined
  const skipped = postgres && bin === undefined
  let cluster: PostgresCluster | undefined

  beforeAll(async () => {
    if (skipped) return
    if (bin !== undefined) cluster = await startPostgres(bin)
    const limits = { maxRequestBytes: 10_000, maxResponseBytes: 20_000 }
    endpoint = await serveNeon({ ...(cluster && { postgresUrl: cluster.url }), ...limits, turnTimeoutMs: 500 })
    useEndpoint()
  }, start)
  afterAll(async () => {
    if (skipped) return
    await endpoint.close()
    await cluster?.stop()
  }, start)
  beforeEach(async (context) => {
    context.skip(skipped, 'PostgreSQL is not installed')
    await sql()`drop table if exists notes`
    await sql()`create table notes (id int primary key, body text not null)`
  })

  describe('over HTTP', () => {
    it('answers a query with command, row count, fields and decoded rows', async () => {
      const result = await sql()`insert into notes values (${1}, ${'a'}), (${2}, ${'b'}) returning id, body`
      expect(result).toMatchObject({
        command: 'INSERT',
        rowCount: 2,
        rows: [
          { id: 1, body: 'a' },
          { id: 2, body: 'b' },
        ],
      })
      expect(result.fields.map((field) => [field.name, field.dataTypeID])).toEqual([
        ['id', 23],
        ['body', 25],
      ])
      expect(result.fields[0]?.tableID).toBeGreaterThan(0)
    })

    it('gives no row count for statements that have none', async () => {
      const result = await sql()`create table if not exists notes (id int)`
      expect(result).toMatchObject({ command: 'CREATE', rowCount: null, fields: [], rows: [] })
    })

    it('carries every kind of parameter as the driver sends it', async () => {
      const [row] = (
        await sql()`select ${9007199254740993n}::int8 as big, ${true}::bool as yes, ${{ a: [1] }}::jsonb as doc,
          ${[1, 2]}::int[] as list, ${Buffer.from([1, 255])}::bytea as bytes, ${null}::text as nothing,
          ${new Date(0)}::timestamptz as moment`
      ).rows
      expect(row).toMatchObject({ big: '9007199254740993', yes: true, doc: { a: [1] }, list: [1, 2], nothing: null })
      expect(row?.['moment']).toEqual(new Date(0))
      expect(row?.['bytes']).toEqual(Buffer.from([1, 255]))
    })

    it('runs a batch in one transaction: all or nothing', async () => {
      const failed = sql().transaction([
        sql()`insert into notes values (1, 'a')`,
        sql()`insert into notes values (1, 'b')`,
      ])
      await expect(failed).rejects.toMatchObject({ code: '23505' })
      expect((await sql()`select * from notes`).rows).toEqual([])
      await sql().transaction([sql()`insert into notes values (1, 'a')`, sql()`insert into notes values (2, 'b')`])
      expect((await sql()`select count(*) from notes`).rows).toEqual([{ count: '2' }])
    })

    it('honours isolation level, read only and deferrable of a batch', async () => {
      const show = () => [
        sql()`select current_setting('transaction_isolation') as level, current_setting('transaction_read_only') as ro,
              current_setting('transaction_deferrable') as df`,
      ]
      const options = { isolationLevel: 'Serializable', readOnly: true, deferrable: true } as const
      expect((await sql().transaction(show(), options))[0]?.rows).toEqual([
        { level: 'serializable', ro: 'on', df: 'on' },
      ])
      const plain = { isolationLevel: 'RepeatableRead', readOnly: false } as const
      expect((await sql().transaction(show(), plain))[0]?.rows).toEqual([
        { level: 'repeatable read', ro: 'off', df: 'off' },
      ])
      const write = sql().transaction([sql()`insert into notes values (1, 'a')`], { readOnly: true })
      await expect(write).rejects.toMatchObject({ code: '25006' })
    })

    it('repeats the batch headers that it applied', async () => {
      const response = await post(JSON.stringify({ queries: [{ query: 'select 1' }] }), {
        'Neon-Batch-Isolation-Level': 'Serializable',
        'Neon-Batch-Read-Only': 'true',
        'Neon-Batch-Deferrable': 'yes',
      })
      expect(response.headers.get('neon-batch-isolation-level')).toBe('Serializable')
      expect(response.headers.get('neon-batch-read-only')).toBe('true')
      expect(response.headers.get('neon-batch-deferrable')).toBeNull()
    })

    it('reports a refused statement with every field of the error', async () => {
      await sql()`insert into notes values (1, 'a')`
      const error = await failure(sql()`insert into notes values (1, 'b')`)
      expect(error).toBeInstanceOf(NeonDbError)
      expect(error).toMatchObject({
        code: '23505',
        severity: 'ERROR',
        constraint: 'notes_pkey',
        table: 'notes',
        schema: 'public',
        detail: 'Key (id)=(1) already exists.',
      })
      expect(error.routine).toBeTruthy()
      expect(await failure(sql()`select nope from notes`)).toMatchObject({ code: '42703', position: '8' })
    })

    it('forgets session state between requests, also an open transaction', async () => {
      await sql()`begin`
      await sql()`set statement_timeout = '7s'`
      expect((await sql()`show statement_timeout`).rows).toEqual([{ statement_timeout: '0' }])
      expect((await sql()`insert into notes values (1, 'kept')`).rowCount).toBe(1)
      expect((await sql()`select * from notes`).rows).toHaveLength(1)
    })

    it('refuses two statements in one query', async () => {
      expect(await failure(sql().query('select 1; select 2'))).toMatchObject({ code: '42601' })
    })

    it('types values as JSON for clients that do not ask for raw text', async () => {
      const query = `select true as b, 7::int2 as i, 8::int8 as l, 1.5::float8 as f, 'NaN'::float8 as n, 1.10::numeric as d,
        '{"k": 12345678901234567890}'::jsonb as j, array[1,null] as a, array['x','y"z'] as t, null as z`
      const response = await post(JSON.stringify({ query }))
      const text = await response.text()
      expect((JSON.parse(text) as { rows: unknown[] }).rows).toEqual([
        expect.objectContaining({
          b: true,
          i: 7,
          l: '8',
          f: 1.5,
          n: 'NaN',
          d: '1.10',
          a: [1, null],
          t: ['x', 'y"z'],
          z: null,
        }),
      ])
      expect(text).toContain('12345678901234567890')
    })

    it('gives rows as arrays when a header or the query asks for it', async () => {
      const rows = async (body: object, headers: Record<string, string>) =>
        ((await (await post(JSON.stringify(body), headers)).json()) as { rows: unknown }).rows
      expect(await rows({ query: 'select 1 as a' }, { 'Neon-Array-Mode': 'true' })).toEqual([[1]])
      expect(await rows({ query: 'select 1 as a', arrayMode: true }, {})).toEqual([[1]])
      expect(await rows({ query: 'select 1 as a', arrayMode: false }, { 'Neon-Array-Mode': 'true' })).toEqual([
        { a: 1 },
      ])
      expect(await rows({ query: 'select 1 as a' }, { 'Neon-Raw-Text-Output': 'true' })).toEqual([{ a: '1' }])
    })

    it('converts JSON parameters as the proxy does', async () => {
      const query = 'select $1::text as s, $2::bool as b, $3::text[] as l, $4::jsonb as o, $5::text as n'
      const params = ['x', true, ['a"b', null, 'NULL'], { k: 1 }, null]
      const response = await post(JSON.stringify({ query, params }))
      expect(((await response.json()) as { rows: unknown }).rows).toEqual([
        { s: 'x', b: true, l: ['a"b', null, 'NULL'], o: { k: 1 }, n: null },
      ])
    })

    it.each([
      ['no connection string', { 'Neon-Connection-String': '' }, '{"query":"select 1"}', /connection string|header/],
      ['a foreign scheme', { 'Neon-Connection-String': 'mysql://u:p@h/d' }, '{"query":"select 1"}', /scheme/],
      [
        'an address for a host',
        { 'Neon-Connection-String': 'postgresql://u:p@10.0.0.1/d' },
        '{"query":"select 1"}',
        /hostname/,
      ],
      ['no user', { 'Neon-Connection-String': 'postgresql://h/d' }, '{"query":"select 1"}', /username/],
      ['no password', { 'Neon-Connection-String': 'postgresql://u@h/d' }, '{"query":"select 1"}', /password/],
      ['an unknown isolation level', { 'Neon-Batch-Isolation-Level': 'Total' }, '{"queries":[]}', /isolation/],
      ['a body that is not JSON', {}, 'select 1', /parse/],
      ['a body without a query', {}, '{"params":[]}', /parse/],
      ['params that are no array', {}, '{"query":"select 1","params":{}}', /parse/],
    ])('refuses %s with 400 and a message', async (_case, headers, body, message) => {
      const response = await post(body, headers)
      expect(response.status).toBe(400)
      expect(await response.json()).toMatchObject({ message: expect.stringMatching(message), code: null })
    })

    it('refuses a request over the limit with 413 and a response over it with 507', async () => {
      const large = await post(JSON.stringify({ query: 'select $1', params: ['x'.repeat(11_000)] }))
      expect([large.status, await large.text()]).toEqual([413, expect.stringContaining('max is 10000 bytes')])
      const long = await post(JSON.stringify({ query: `select repeat('x', 30000)` }))
      expect([long.status, await long.text()]).toEqual([507, expect.stringContaining('max is 20000 bytes')])
      expect((await failure(sql()`select repeat('x', 30000)`)).message).toContain('507')
    })

    it('answers a preflight request, and 400 on any other path or method', async () => {
      const preflight = await fetch(endpoint.endpoint, { method: 'OPTIONS' })
      expect(preflight.status).toBe(200)
      expect(preflight.headers.get('access-control-allow-origin')).toBe('*')
      expect(preflight.headers.get('access-control-allow-headers')).toContain('Neon-Batch-Isolation-Level')
      for (const [path, method] of [
        ['/', 'POST'],
        ['/sql', 'GET'],
        ['/sqlx', 'POST'],
      ] as const) {
        const response = await fetch(new URL(path, endpoint.endpoint), { method })
        expect([response.status, await response.json()]).toEqual([400, 'query is not supported'])
      }
      expect((await post('{"query":"select 1"}')).headers.get('access-control-allow-origin')).toBe('*')
    })

    it('counts requests and statements', async () => {
      const before = { ...endpoint.stats }
      await sql().transaction([sql()`select 1`, sql()`select 2`])
      await sql()`select 3`
      expect(endpoint.stats.requests - before.requests).toBe(2)
      expect(endpoint.stats.statements - before.statements).toBe(3)
    })
  })

  describe('over WebSocket', () => {
    it('carries an interactive transaction in at most seven round trips', async () => {
      const before = endpoint.stats.roundTrips
      const client = await connect()
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

    it('reports errors and goes on after a rollback', async () => {
      const client = await connect()
      await client.query('begin')
      await client.query("insert into notes values (1, 'a')")
      await expect(client.query("insert into notes values (1, 'b')")).rejects.toMatchObject({ code: '23505' })
      await expect(client.query('select 1')).rejects.toMatchObject({ code: '25P02' })
      await client.query('rollback')
      expect((await client.query('select * from notes')).rows).toEqual([])
      await client.end()
    })

    it('rolls back when the client goes away, and lets others in', async () => {
      const client = await connect()
      await client.query('begin')
      await client.query("insert into notes values (1, 'a')")
      client.connection.stream.destroy()
      await expect.poll(async () => (await sql()`select * from notes`).rows).toEqual([])
      expect(endpoint.stats.openSockets).toBe(0)
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
  })
})

describe('the one connection of an embedded database', () => {
  let db: PGlite

  beforeAll(async () => {
    db = await PGlite.create()
    endpoint = await serveNeon({ backend: db, turnTimeoutMs: 300 })
    useEndpoint()
    await db.exec('create table counters (n int)')
  }, start)
  afterAll(async () => {
    await endpoint.close()
    await db.close()
  })

  it('lets no batch and no direct user into a WebSocket transaction', async () => {
    const client = await connect()
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
    const [first, second] = await Promise.all([connect(), connect()])
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
    const client = await connect()
    await client.query('begin')
    expect(await failure(sql()`select 1`)).toMatchObject({ code: '55P03', hint: expect.stringContaining('--postgres') })
    const other = await connect()
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
