import { describe, expect, it } from 'vitest'
import type { Batch, SpanRecord } from '../wire.ts'
import { createInspectorState, type Change } from './inspector-state.ts'
import { parseBatch } from './parse-batch.ts'
import { columnBounds, columnsOf, percentile } from './percentile.ts'
import { repeatsIn } from './repeats.ts'
import { shapeOf } from './shape.ts'
import { createTraceStore } from './trace-store.ts'

const span = (id: string, given: Partial<SpanRecord> = {}): SpanRecord => ({
  traceId: 'a'.repeat(32),
  spanId: id,
  rootId: 'root',
  ...(id !== (given.rootId ?? 'root') && { parentId: 'root' }),
  name: id,
  kind: 'internal',
  start: 0,
  end: 10,
  attributes: {},
  ...given,
})

const sql = (id: string, text: string, given: Partial<SpanRecord> = {}): SpanRecord => {
  const summary = text.split(' ', 1)[0]?.toUpperCase() ?? ''
  const attributes = { 'db.system.name': 'postgresql', 'db.query.text': text, 'db.query.summary': summary }
  return span(id, { kind: 'client', ...given, attributes: { ...attributes, ...given.attributes } })
}

describe('percentiles', () => {
  it.each([
    [[], 0, 0],
    [[7], 7, 7],
    [[1, 2, 3, 4], 2, 4],
    [Array.from({ length: 100 }, (_, index) => index + 1), 50, 95],
  ])('percentiles of %j are by the nearest rank', (values, p50, p95) => {
    expect([percentile(values, 0.5), percentile(values, 0.95)]).toEqual([p50, p95])
  })

  it('have a column for each range', () => {
    const columns = columnsOf([0.1, 0.25, 0.26, 1000, 1001])
    expect(columns).toHaveLength(columnBounds.length + 1)
    expect([columns[0], columns[1], columns.at(-2), columns.at(-1)]).toEqual([2, 1, 1, 1])
  })
})

describe('the store of traces', () => {
  const put = (store: ReturnType<typeof createTraceStore>, root: string, parts: number): void => {
    store.put('app', span(root, { rootId: root }))
    for (let part = 0; part < parts; part++) store.put('app', span(`${root}-${part}`, { rootId: root }))
  }

  it('counts what gave way to the newest', () => {
    const store = createTraceStore({ maxTraces: 3 })
    for (const root of ['a', 'b', 'c', 'd', 'e']) put(store, root, 1)
    expect([...store.traces.keys()]).toEqual(['c', 'd', 'e'])
    expect(store.dropped).toBe(2)
  })

  it('bounds the spans of all together: the oldest trace is dropped, whole', () => {
    const store = createTraceStore({ maxSpans: 10 })
    for (const root of ['a', 'b', 'c']) put(store, root, 4)
    expect([...store.traces.keys()]).toEqual(['b', 'c'])
  })

  it('bounds the bytes of all together: the oldest trace is dropped, whole', () => {
    const store = createTraceStore({ maxBytes: 100_000 })
    const large = { 'db.query.text': 'x'.repeat(15_000) }
    for (const root of ['a', 'b', 'c', 'd']) store.put('app', span(root, { rootId: root, attributes: large }))
    expect([...store.traces.keys()]).toEqual(['b', 'c', 'd'])
    expect(store.dropped).toBe(1)
  })

  it('counts a span that grows by what it has grown', () => {
    const store = createTraceStore({ maxBytes: 100_000 })
    for (let size = 0; size < 45_000; size += 100) {
      store.put('app', span('a', { rootId: 'a', attributes: { text: 'x'.repeat(size) } }))
    }
    expect([...store.traces.keys()]).toEqual(['a'])
    store.put('app', span('b', { rootId: 'b', attributes: { text: 'x'.repeat(10_000) } }))
    expect([...store.traces.keys()]).toEqual(['b'])
  })

  it('has all of its bytes again after it was cleared', () => {
    const store = createTraceStore({ maxBytes: 100_000 })
    const large = { text: 'x'.repeat(30_000) }
    store.put('app', span('a', { rootId: 'a', attributes: large }))
    store.clear()
    store.put('app', span('b', { rootId: 'b', attributes: large }))
    expect([...store.traces.keys()]).toEqual(['b'])
  })

  it('stays within bounds when one trace alone is too large', () => {
    const store = createTraceStore({ maxSpans: 10 })
    put(store, 'a', 1000)
    put(store, 'b', 2)
    expect(store.dropped).toBe(1)
    expect([...store.traces.keys()]).toEqual(['b'])
  })

  it('does not begin a trace again by a late part of one that gave way', () => {
    const store = createTraceStore({ maxTraces: 1 })
    put(store, 'a', 0)
    put(store, 'b', 0)
    expect(store.put('app', span('late', { rootId: 'a' }))).toBeUndefined()
    expect([...store.traces.keys()]).toEqual(['b'])
  })

  it('does not open again what has ended, when batches overtake each other', () => {
    const store = createTraceStore()
    store.put('app', span('root'))
    const { end: _end, ...open } = span('root')
    store.put('app', open)
    expect(store.traces.get('root')?.root?.end).toBe(10)
  })
})

describe('the shape of a call', () => {
  it('is the same for lists of any length and for any space', () => {
    const one = shapeOf(sql('a', 'select * from a where id in ($1, $2)'))
    const other = shapeOf(sql('b', 'select  *\nfrom a where id in ($1, $2, $3,$4)'))
    expect(one?.key).toBe(other?.key)
    expect(one?.text).toBe('select * from a where id in (…)')
    expect(shapeOf(sql('c', 'insert into a values ($1, $2), ($3, $4)'))?.text).toBe('insert into a values (…), …')
    expect(shapeOf(sql('d', 'select * from b where id in ($1, $2)'))?.key).not.toBe(one?.key)
  })

  it('the shape of a call of documents says how they are found', () => {
    const found = span('a', {
      name: 'find users',
      kind: 'client',
      attributes: {
        'db.system.name': 'mongodb',
        'db.query.summary': 'find users',
        'lexigram.plan.access': 'index',
        'lexigram.plan.index': 'by_mail',
        'lexigram.plan.residual': 'age',
      },
    })
    expect(shapeOf(found)?.text).toBe('find users by index of by_mail then age')
  })

  it('has none unless it is a whole call of a database', () => {
    expect(shapeOf(span('a'))).toBeUndefined()
    const attributes = { 'db.system.name': 'aws.dynamodb', 'db.operation.name': 'GetItem' }
    expect(shapeOf(span('a', { kind: 'client', attributes }))).toBeUndefined()
    expect(shapeOf(span('a', { attributes }))).toBeUndefined()
  })
})

describe('N + 1', () => {
  const times = (n: number, make: (index: number) => SpanRecord) => Array.from({ length: n }, (_, index) => make(index))
  const read = 'select * from customers where id = $1'

  it('is found from five calls of one shape in one piece of work on', () => {
    expect(repeatsIn(times(4, (index) => sql(`s${index}`, read)))).toEqual([])
    const [repeat, ...others] = repeatsIn(times(5, (index) => sql(`s${index}`, read)))
    expect(others).toEqual([])
    expect(repeat).toMatchObject({ summary: 'SELECT', total: 50, spanIds: ['s0', 's1', 's2', 's3', 's4'] })
    expect(repeat?.advice).toContain('any($1)')
  })

  it('is distinguished from batches and from calls of several pieces of work or several shapes', () => {
    const spread = times(8, (index) => sql(`s${index}`, read, { parentId: `p${index % 2}` }))
    const different = times(8, (index) => sql(`s${index}`, `select ${'x'.repeat(index + 1)}`))
    const batches = times(8, (index) => sql(`s${index}`, read, { attributes: { 'db.operation.batch.size': 3 } }))
    const commits = times(8, (index) => sql(`s${index}`, 'commit', { attributes: { 'db.query.summary': 'COMMIT' } }))
    for (const spans of [spread, different, batches, commits]) expect(repeatsIn(spans)).toEqual([])
  })

  it('N + 1 of writes is shown as a batch', () => {
    const [repeat] = repeatsIn(times(5, (index) => sql(`s${index}`, 'insert into a values ($1)')))
    expect(repeat?.advice).toContain('batch')
  })
})

describe('the state of the inspector', () => {
  const application = { id: 'one', name: 'shop' }

  it('tells those who follow of each change, until they leave', () => {
    const state = createInspectorState()
    const changes: Change[] = []
    const leave = state.follow((change) => changes.push(change))
    state.take({ application, spans: [span('root')], dropped: 2 })
    leave()
    state.take({ application, spans: [span('other', { rootId: 'other' })], dropped: 0 })
    expect(changes).toMatchObject([{ type: 'requests', requests: [{ id: 'root' }], dropped: { spans: 2, traces: 0 } }])
  })

  it('marks what is slow, what fails and what is repeated', () => {
    const state = createInspectorState()
    const root = span('root', { end: 600, failure: 'TypeError', attributes: { 'http.response.status_code': 500 } })
    const calls = Array.from({ length: 5 }, (_, index) => sql(`s${index}`, 'select 1', { failure: '42P01' }))
    state.take({ application, spans: [...calls, root], dropped: 0 })
    expect(state.overview().requests).toMatchObject([
      { isSlow: true, failure: 'TypeError', failedParts: 5, repeats: 1, calls: 5, spans: 6, duration: 600 },
    ])
    expect(state.statements()).toMatchObject([
      { count: 5, failures: 5, p50: 10, max: 10, repeatedIn: 1, examples: ['root'] },
    ])
  })

  it('counts a request once, however many pieces of its work repeat a statement', () => {
    const state = createInspectorState()
    const calls = ['p', 'q'].flatMap((parentId) =>
      Array.from({ length: 5 }, (_, index) => sql(`${parentId}${index}`, 'select 1', { parentId })),
    )
    state.take({ application, spans: [span('root'), span('p'), span('q'), ...calls], dropped: 0 })
    expect(state.statements()).toMatchObject([{ count: 10, repeatedIn: 1 }])
  })

  it('tells statements of one text on two systems apart', () => {
    const state = createInspectorState()
    const elsewhere = { attributes: { 'db.system.name': 'mongodb' } }
    const calls = Array.from({ length: 5 }, (_, index) => sql(`s${index}`, 'select 1'))
    const once = { attributes: { 'db.system.name': 'a b', 'db.query.text': 'c', 'db.query.summary': 'c' } }
    const other = { attributes: { 'db.system.name': 'a', 'db.query.text': 'b c', 'db.query.summary': 'c' } }
    state.take({
      application,
      spans: [span('root'), ...calls, sql('m', 'select 1', elsewhere), sql('x', '', once), sql('y', '', other)],
      dropped: 0,
    })
    const found = state.statements().map(({ system, count, repeatedIn }) => [system, count, repeatedIn])
    expect(found).toEqual(
      expect.arrayContaining([
        ['postgresql', 5, 1],
        ['mongodb', 1, 0],
        ['a b', 1, 0],
        ['a', 1, 0],
      ]),
    )
  })

  it('does not report requests that gave way while a batch was taken', () => {
    const state = createInspectorState({ maxTraces: 2 })
    const changes: Change[] = []
    state.follow((change) => changes.push(change))
    state.take({ application, spans: ['a', 'b', 'c', 'd'].map((id) => span(id, { rootId: id })), dropped: 0 })
    expect(changes).toMatchObject([{ requests: [{ id: 'c' }, { id: 'd' }], dropped: { traces: 2 } }])
  })

  it('names a request without a route by its path', () => {
    const state = createInspectorState()
    const attributes = { 'http.request.method': 'GET', 'url.path': '/a' }
    state.take({ application, spans: [span('root', { name: 'GET', attributes })], dropped: 0 })
    expect(state.overview().requests).toMatchObject([{ name: 'GET /a', kind: 'request' }])
  })

  it('waits for the root of parts that came before it', () => {
    const state = createInspectorState()
    state.take({ application, spans: [span('part')], dropped: 0 })
    expect(state.overview().requests).toEqual([])
    expect(state.trace('root')).toBeUndefined()
    state.take({ application, spans: [span('root')], dropped: 0 })
    expect(state.trace('root')?.spans).toHaveLength(2)
  })

  it('keeps the newest applications', () => {
    const state = createInspectorState()
    const whole = { name: 'shop', runtime: 'node', bootedAt: 0, graph: [], settings: [], used: [], held: [] }
    for (let id = 0; id < 25; id++) state.take({ application: { id: `${id}`, ...whole }, spans: [], dropped: 0 })
    expect(state.overview().applications.map(({ id }) => id)).toEqual(
      Array.from({ length: 20 }, (_, id) => `${id + 5}`),
    )
  })
})

describe('descriptions of applications', () => {
  const described = (id: string, characters: number): Batch['application'] => ({
    ...{ id, name: 'shop', runtime: 'node', bootedAt: 0, graph: [], settings: [], held: [] },
    used: Array.from({ length: characters / 1000 }, () => 'x'.repeat(1000)),
  })

  it('are bounded in bytes: the oldest give way', () => {
    const state = createInspectorState()
    for (const id of ['a', 'b', 'c']) state.take({ application: described(id, 7_000_000), spans: [], dropped: 0 })
    expect(state.overview().applications.map(({ id }) => id)).toEqual(['b', 'c'])
  })

  it('keep the newest, however large', () => {
    const state = createInspectorState()
    for (const id of ['a', 'b']) state.take({ application: described(id, 20_000_000), spans: [], dropped: 0 })
    expect(state.overview().applications.map(({ id }) => id)).toEqual(['b'])
  })
})

describe('a batch', () => {
  const application = { id: 'one', name: 'shop' }

  it.each([undefined, null, 'text', [], {}, { application, spans: 1 }, { application: { id: 1 }, spans: [] }])(
    'is not %j',
    (body) => {
      expect(parseBatch(body)).toBeUndefined()
    },
  )

  it('describes an application, without what is none of it', () => {
    const given = {
      ...application,
      runtime: 'node',
      bootedAt: 1,
      graph: [
        { name: 'A', lifetime: 'scoped', io: 'socket', async: true, by: 'p', needs: ['B', 7] },
        7,
        { lifetime: 1 },
      ],
      settings: [{ section: 's', path: 'p', value: 'v', description: '' }, { section: 's' }, null],
      used: ['A', {}],
      held: 'A',
      health: { status: 'healthy', at: 2, checks: [{ name: 'sql', status: 'healthy', durationMs: 3 }, 'x'] },
      extra: true,
    }
    expect(parseBatch({ application: given, spans: [], dropped: 0 })?.application).toEqual({
      ...application,
      runtime: 'node',
      bootedAt: 1,
      graph: [{ name: 'A', lifetime: 'scoped', io: 'socket', async: true, by: 'p', needs: ['B'] }],
      settings: [{ section: 's', path: 'p', value: 'v', description: '' }],
      used: ['A'],
      held: [],
      health: { status: 'healthy', at: 2, checks: [{ name: 'sql', status: 'healthy', durationMs: 3 }] },
    })
    expect(parseBatch({ application: { ...given, runtime: 1 }, spans: [], dropped: 0 })).toBeUndefined()
  })

  it('counts what it drops because it is not a span', () => {
    const spans = [span('root'), { ...span('b'), spanId: '<b>' }, { ...span('c'), start: 'now' }, 7]
    expect(parseBatch({ application, spans, dropped: 1 })).toMatchObject({ spans: [{ spanId: 'root' }], dropped: 4 })
  })

  it('has no time that a calendar cannot show', () => {
    const batch = parseBatch({
      application: {
        id: 'a',
        name: 'shop',
        runtime: 'node',
        bootedAt: 0,
        graph: [],
        health: { status: 'x', at: 1e308 },
      },
      spans: [
        { ...span('one'), start: 1e308 },
        { ...span('two'), end: 8.7e15 },
      ],
    })
    expect(batch?.spans.map(({ spanId, end }) => [spanId, end])).toEqual([['two', undefined]])
    expect(batch?.application).not.toHaveProperty('health')
    expect(
      parseBatch({ application: { id: 'a', name: 'b', runtime: 'c', bootedAt: 1e20, graph: [] }, spans: [] }),
    ).toBe(undefined)
  })

  it('has text that can be part of an address, wherever it is cut', () => {
    const batch = parseBatch({
      application: { id: 'a', name: 'b' },
      spans: [{ ...span('one'), name: `${'x'.repeat(1999)}😀` }],
    })
    expect(encodeURIComponent(batch?.spans[0]?.name ?? '')).toMatch(/^x+%E2%80%A6/)
  })

  it('is cut to what is kept', () => {
    const attributes = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`a${index}`, 'x'.repeat(9000)]))
    const batch = parseBatch({ application, spans: [span('root', { attributes, end: -5 })], dropped: 0 })
    expect(Object.keys(batch?.spans[0]?.attributes ?? {})).toHaveLength(64)
    expect(batch?.spans[0]?.attributes['a0']).toHaveLength(2000)
    expect(batch?.spans[0]?.attributes['lexigram.attributes.dropped']).toBe(37)
    expect(batch?.spans[0]?.end).toBe(0)
  })
})
