import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { neonBackends, neonLane } from '../../../test/support/neon-backends.ts'
import type { NeonEndpoint } from './serve.ts'

let endpoint: NeonEndpoint

async function ask(body: string | object): Promise<{ readonly status: number; readonly answer: unknown }> {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const headers = { 'neon-connection-string': endpoint.url }
  const response = await fetch(endpoint.endpoint, { method: 'POST', body: text, headers })
  return { status: response.status, answer: await response.json() }
}

const rowsOf = async (query: string) => ((await ask({ query })).answer as { rows: unknown }).rows

describe.each(neonBackends)('answers of the local endpoint over %s', (backend) => {
  const lane = neonLane(backend)
  beforeAll(async () => {
    if (lane.missing === undefined) endpoint = await lane.start({ maxResponseBytes: 100_000 })
  }, 60_000)
  afterAll(() => lane.stop(), 60_000)
  beforeEach((context) => context.skip(lane.missing !== undefined, lane.missing))

  it('is refused when it is too large, without being read to its end', async () => {
    const { status, answer } = await ask({
      query: `select repeat('x', 100) as text, generate_series(1, 1000000000) as i`,
    })
    expect([status, answer]).toEqual([
      507,
      expect.objectContaining({ message: 'response is too large (max is 100000 bytes)' }),
    ])
    expect(await rowsOf('select 1 as one')).toEqual([{ one: 1 }])
  })

  it('is refused when the statements of a batch are too large together, of which nothing is kept', async () => {
    await ask({ query: 'drop table if exists sized' })
    await ask({ query: 'create table sized (id int)' })
    const large = { query: `select repeat('x', 60000) as text` }
    expect((await ask({ queries: [{ query: 'insert into sized values (1)' }, large, large] })).status).toBe(507)
    expect(await rowsOf('select * from sized')).toEqual([])
  })

  it('counts the rows of many portions', async () => {
    const { answer } = await ask({ query: 'select i from generate_series(1, 2345) i' })
    expect(answer).toMatchObject({ command: 'SELECT', rowCount: 2345 })
    const { length, [2344]: last } = (answer as { rows: unknown[] }).rows
    expect([length, last]).toEqual([2345, { i: 2345 }])
    await ask({ query: 'drop table if exists portions' })
    await ask({ query: 'create table portions (id int)' })
    const inserted = await ask({ query: 'insert into portions select generate_series(1, 250) returning id' })
    expect(inserted.answer).toMatchObject({ command: 'INSERT', rowCount: 250 })
    expect((await ask({ query: 'update portions set id = id' })).answer).toMatchObject({ rowCount: 250, rows: [] })
  })

  it('goes on after a constraint that fails at the end of a statement', async () => {
    await ask({ query: 'drop table if exists late, early' })
    await ask({ query: 'create table early (id int primary key)' })
    await ask({ query: 'create table late (id int references early deferrable initially deferred)' })
    expect((await ask({ query: 'insert into late values (1)' })).answer).toMatchObject({ code: '23503' })
    expect(await rowsOf('select 2 as two')).toEqual([{ two: 2 }])
    expect(await rowsOf('select * from late')).toEqual([])
  })

  it('types arrays of every kind as Neon does', async () => {
    await ask({ query: 'drop type if exists mood cascade' })
    await ask({ query: `create type mood as enum ('sad', 'very ok')` })
    expect(
      await rowsOf(`select array['sad', null]::mood[] as moods, array[1.5]::numeric[] as numbers, array['<a/>'::xml] as xml,
        '[0:1]={1,2}'::int[] as shifted, array[[1,2],[3,4]] as grid, array['1.0.0.0/8'::cidr] as nets,
        array['{"a": 1}'::jsonb] as documents, '{}'::mood[] as none, array[point(1,2)] as points, 'sad'::mood as mood`),
    ).toEqual([
      {
        moods: ['sad', null],
        numbers: ['1.5'],
        xml: ['<a/>'],
        shifted: [1, 2],
        grid: [
          [1, 2],
          [3, 4],
        ],
        nets: ['1.0.0.0/8'],
        documents: [{ a: 1 }],
        none: [],
        points: ['(1,2)'],
        mood: 'sad',
      },
    ])
  })

  it('keeps the digits of numbers beyond 2^53, wherever they are in the parameters', async () => {
    const query = 'select $1::int8 as number, $2::jsonb::text as document, $3::int8[]::text as list'
    const body = `{"query": ${JSON.stringify(query)}, "params": [9007199254740993, {"n": -9007199254740993, "s": "9007199254740993"}, [9007199254740993]]}`
    expect(((await ask(body)).answer as { rows: unknown }).rows).toEqual([
      {
        number: '9007199254740993',
        document: '{"n": -9007199254740993, "s": "9007199254740993"}',
        list: '{9007199254740993}',
      },
    ])
    const infinite = await ask('{"query": "select $1::text as t", "params": [1e400]}')
    expect([infinite.status, infinite.answer]).toEqual([
      400,
      expect.objectContaining({ message: expect.stringContaining('number out of range') }),
    ])
  })
})
