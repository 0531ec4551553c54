import { neon, NeonDbError } from '@neondatabase/serverless'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { neonBackends, neonLane } from '../../../../test/support/neon-backends.ts'
import { useEndpoint } from '../../../../test/support/neon-vendor.ts'
import type { NeonEndpoint } from '../serve.ts'

let endpoint: NeonEndpoint

const sql = () => neon(endpoint.url, { fullResults: true })

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

describe.each(neonBackends)('the HTTP side of the local Neon endpoint over %s', (backend) => {
  const lane = neonLane(backend)

  beforeAll(async () => {
    if (lane.missing !== undefined) return
    endpoint = await lane.start({ maxRequestBytes: 10_000, maxResponseBytes: 20_000 })
    useEndpoint(endpoint)
  }, 60_000)
  afterAll(() => lane.stop(), 60_000)
  beforeEach(async (context) => {
    context.skip(lane.missing !== undefined, lane.missing)
    await sql()`drop table if exists notes`
    await sql()`create table notes (id int primary key, body text not null)`
  })

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

  it('returns no row count for statements without one', async () => {
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
    expect((await sql().transaction(show(), options))[0]?.rows).toEqual([{ level: 'serializable', ro: 'on', df: 'on' }])
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

  it('returns rows as arrays when a header or the query requests it', async () => {
    const rows = async (body: object, headers: Record<string, string>) =>
      ((await (await post(JSON.stringify(body), headers)).json()) as { rows: unknown }).rows
    expect(await rows({ query: 'select 1 as a' }, { 'Neon-Array-Mode': 'true' })).toEqual([[1]])
    expect(await rows({ query: 'select 1 as a', arrayMode: true }, {})).toEqual([[1]])
    expect(await rows({ query: 'select 1 as a', arrayMode: false }, { 'Neon-Array-Mode': 'true' })).toEqual([{ a: 1 }])
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
    expect(await response.json()).toMatchObject({ message: expect.stringMatching(message), code: '' })
  })

  it('refuses a request over the limit with 413 and a response over it with 507', async () => {
    const large = await post(JSON.stringify({ query: 'select $1', params: ['x'.repeat(11_000)] }))
    expect([large.status, await large.text()]).toEqual([413, expect.stringContaining('max is 10000 bytes')])
    const long = await post(JSON.stringify({ query: `select repeat('x', 30000)` }))
    expect([long.status, await long.text()]).toEqual([507, expect.stringContaining('max is 20000 bytes')])
    expect((await failure(sql()`select repeat('x', 30000)`)).message).toContain('507')
  })

  it('answers a preflight request but no other path or method', async () => {
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
