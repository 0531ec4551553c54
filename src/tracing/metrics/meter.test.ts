import { describe, expect, it, vi } from 'vitest'
import { createTestTracer } from '../../testing/tracing/test-tracer.ts'
import { createTracer } from '../create-tracer.ts'
import type { MetricPoint } from '../sink.ts'

const select = { is: 'sql', statements: [{ text: 'select * from orders where id = $1' }] } as const

describe('a call of a database', () => {
  it('is measured in seconds, by the conventions', () => {
    const tracer = createTestTracer()
    tracer.start(select).end()
    const [metric] = tracer.metrics
    expect(metric).toMatchObject({
      name: 'db.client.operation.duration',
      kind: 'histogram',
      unit: 's',
      attributes: {
        'db.system.name': 'postgresql',
        'db.operation.name': 'SELECT',
        'db.query.summary': 'SELECT orders',
      },
    })
    expect(metric?.values).toHaveLength(1)
    expect(metric?.values[0]).toBeGreaterThanOrEqual(0)
  })

  it('a call of a database that fails is measured once with the type of its error', () => {
    const tracer = createTestTracer()
    const span = tracer.start(select)
    span.fail(Object.assign(new Error('secret'), { code: '23505' }))
    span.end()
    span.end()
    expect(tracer.metrics.map(({ attributes, values }) => [attributes['error.type'], values.length])).toEqual([
      ['23505', 1],
    ])
  })

  it('is measured once, whatever transactions and requests it is made of', () => {
    const tracer = createTestTracer()
    const driver = 'dynamodb'
    tracer.start({ is: 'document', driver, operation: 'transaction' }).end()
    const operation = tracer.start({ is: 'document', driver, operation: 'find', collection: 'users' })
    operation.start({ is: 'backend', driver, request: 'Query', attempt: 1 }).end()
    operation.end()
    tracer.start({ name: 'work' }).end()
    expect(tracer.metrics.map(({ name, attributes }) => [name, attributes])).toEqual([
      [
        'db.client.operation.duration',
        { 'db.system.name': 'aws.dynamodb', 'db.operation.name': 'find', 'db.collection.name': 'users' },
      ],
    ])
  })

  it('has no number of its text for the name of a table', () => {
    const tracer = createTestTracer()
    tracer.start({ is: 'sql', statements: [{ text: 'select extract(day from 19870512)' }] }).end()
    expect(tracer.metrics[0]?.attributes['db.query.summary']).toBe('SELECT')
  })
})

describe('metrics', () => {
  it('count what a trace has no room for', () => {
    const tracer = createTestTracer({ maxSpans: 10 })
    const root = tracer.start({ name: 'root' })
    for (let i = 0; i < 1_000; i++) root.start(select).end()
    root.end()
    expect(tracer.named('SELECT orders')).toHaveLength(9)
    expect(tracer.metrics[0]?.values).toHaveLength(1_000)
  })

  it('need no spans', () => {
    const points: MetricPoint[] = []
    const tracer = createTracer({ record: (point) => void points.push(point) }, { maxSpans: 1 })
    const root = tracer.start({ name: 'root' })
    const part = root.start(select)
    expect([part.traceId, part.traceParent, part.run(() => 7)]).toEqual(['', undefined, 7])
    part.end()
    root.end()
    expect(points.map(({ metric }) => metric.name)).toEqual(['db.client.operation.duration'])
  })

  it('go to two places, of which one may fail', () => {
    const told: unknown[] = []
    const points: MetricPoint[] = []
    const down = () => {
      throw new Error('full')
    }
    const tracer = createTracer({ record: down }, { metrics: { record: (point) => void points.push(point) } })
    tracer.reportTo((error) => told.push(error))
    for (let i = 0; i < 3; i++) tracer.measure({ name: 'app.orders', value: 2 })
    expect(points.map(({ value }) => value)).toEqual([2, 2, 2])
    expect(told).toEqual([expect.objectContaining({ message: 'full' })])
  })

  it('go on when spans cannot begin', () => {
    const points: MetricPoint[] = []
    const down = () => {
      throw new Error('full')
    }
    const tracer = createTracer({ start: down, record: (point) => void points.push(point) })
    tracer.start({ name: 'root' }).start(select).end()
    expect(points).toHaveLength(1)
  })

  it('metrics of one name share a series above the limit', () => {
    const tracer = createTestTracer({ maxSeries: 3 })
    const collection = (i: number) =>
      ({ is: 'document', driver: 'memory', operation: 'find', collection: `c${i}` }) as const
    for (let i = 0; i < 100; i++) tracer.start(collection(i)).end()
    tracer.start(collection(0)).end()
    expect(tracer.metrics.map(({ attributes, values }) => [attributes['db.collection.name'], values.length])).toEqual([
      ['c0', 2],
      ['c1', 1],
      ['c2', 1],
      [undefined, 97],
    ])
    expect(tracer.metrics.at(-1)?.attributes).toEqual({ 'otel.metric.overflow': true })
  })

  it('are bounded in their attributes as in their names', () => {
    const tracer = createTestTracer({ maxSeries: 2 })
    tracer.measure({ name: 'a', value: 1, attributes: { text: 'x'.repeat(256) } })
    tracer.measure({ name: 'b', value: 1, attributes: { secret: { value: 'hunter2' } as never, kind: 'x' } })
    for (let i = 0; i < 5; i++) tracer.measure({ name: `order ${i}`, value: 1 })
    expect(tracer.metrics.map(({ name, attributes, values }) => [name, attributes, values.length])).toEqual([
      ['a', { 'otel.metric.overflow': true }, 1],
      ['b', { kind: 'x' }, 1],
      ['lexigram.metrics.overflow', {}, 5],
    ])
  })

  it('count connections by their state', () => {
    const tracer = createTestTracer()
    const connections = { is: 'connections', system: 'postgresql' } as const
    tracer.measure({ ...connections, state: 'idle', change: 1 })
    tracer.measure({ ...connections, state: 'idle', change: -1 })
    tracer.measure({ ...connections, state: 'used', change: 1 })
    const pool = { 'db.system.name': 'postgresql', 'db.client.connection.pool.name': 'postgresql' }
    expect(tracer.metrics).toEqual(
      [
        ['idle', [1, -1]],
        ['used', [1]],
      ].map(([state, values]) => ({
        ...{ name: 'db.client.connection.count', kind: 'upDownCounter', unit: '{connection}' },
        attributes: { ...pool, 'db.client.connection.state': state },
        values,
      })),
    )
  })

  it('take neither what is not a value nor a counter that goes down', () => {
    const tracer = createTestTracer()
    for (const value of [NaN, Infinity, -1]) tracer.measure({ name: 'a', value })
    tracer.measure({ name: 'b', value: -1, kind: 'histogram', unit: 's' })
    tracer.measure({ name: 'c', value: -1, kind: 'upDownCounter' })
    tracer.measure({ name: 'd', value: NaN, kind: 'upDownCounter' })
    expect(tracer.metrics.map(({ name }) => name)).toEqual(['b', 'c'])
  })
})

describe('the flush of a tracer', () => {
  it('is there where a sink holds something back', async () => {
    expect(createTestTracer().flush).toBeUndefined()
    const flush = vi.fn<() => Promise<void>>(() => Promise.resolve())
    const other = { record: () => {}, flush: vi.fn<() => void>() }
    await createTracer({ record: () => {}, flush }, { metrics: other }).flush?.()
    expect([flush.mock.calls.length, other.flush.mock.calls.length]).toEqual([1, 1])
  })

  it('reports once instead of rejecting', async () => {
    const told: unknown[] = []
    for (const flush of [
      () => Promise.reject(new Error('down')),
      () => {
        throw new Error('down')
      },
    ]) {
      const tracer = createTracer({ record: () => {}, flush })
      tracer.reportTo((error) => told.push(error))
      await tracer.flush?.()
      await tracer.flush?.()
    }
    expect(told).toHaveLength(2)
  })

  it('the flush of a tracer that hangs is waited for once in a while', async () => {
    vi.useFakeTimers()
    try {
      const told: unknown[] = []
      const flush = vi.fn<() => Promise<void>>(() => new Promise(() => {}))
      const tracer = createTracer({ record: () => {}, flush })
      tracer.reportTo((error) => told.push(error))
      const first = tracer.flush?.()
      await vi.advanceTimersByTimeAsync(2_000)
      await first
      await tracer.flush?.()
      expect([flush.mock.calls.length, told]).toEqual([1, [expect.objectContaining({ code: 'LEX_ERR_INFRA_002' })]])
      await vi.advanceTimersByTimeAsync(30_000)
      void tracer.flush?.()
      expect(flush).toHaveBeenCalledTimes(2)
      await vi.advanceTimersByTimeAsync(2_000)
    } finally {
      vi.useRealTimers()
    }
  })
})
