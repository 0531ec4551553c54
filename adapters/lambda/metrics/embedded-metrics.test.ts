import { describe, expect, it } from 'vitest'
import { createTracer } from '../../../src/tracing/index.ts'
import { embeddedMetrics } from './embedded-metrics.ts'

interface Line extends Readonly<Record<string, unknown>> {
  readonly _aws: {
    readonly Timestamp: number
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string
      readonly Dimensions: readonly (readonly string[])[]
      readonly Metrics: readonly { readonly Name: string; readonly Unit: string }[]
    }[]
  }
}

const recorded = (dimensions?: readonly string[]) => {
  const lines: Line[] = []
  const write = (line: string): void => void lines.push(JSON.parse(line) as Line)
  const metrics = embeddedMetrics({ namespace: 'shop', write, ...(dimensions !== undefined && { dimensions }) })
  return { lines, tracer: createTracer(metrics) }
}
const find = { is: 'document', driver: 'dynamodb', operation: 'find', collection: 'users' } as const

describe('metrics in the Embedded Metric Format', () => {
  it('are a line for each set of dimensions, written by the flush', async () => {
    const { lines, tracer } = recorded()
    for (let i = 0; i < 2; i++) tracer.start({ ...find, collection: `of customer ${i}` }).end()
    const failed = tracer.start(find)
    failed.fail({ code: 'LEX_ERR_INFRA_002' })
    failed.end()
    tracer.measure({ is: 'batch', source: 'sqs', done: 3, handedBack: 0 })
    tracer.measure({ is: 'batch', source: 'sqs', done: 2, handedBack: 1 })
    expect(lines).toEqual([])
    await tracer.flush?.()
    const duration = { Name: 'db.client.operation.duration', Unit: 'Seconds' }
    const messages = { Name: 'lexigram.batch.messages', Unit: 'Count' }
    expect(lines).toEqual([
      {
        _aws: {
          Timestamp: expect.any(Number),
          CloudWatchMetrics: [
            { Namespace: 'shop', Dimensions: [['db.system.name', 'db.operation.name']], Metrics: [duration] },
          ],
        },
        'db.system.name': 'aws.dynamodb',
        'db.operation.name': 'find',
        'db.client.operation.duration': [expect.any(Number), expect.any(Number)],
      },
      expect.objectContaining({ 'error.type': 'LEX_ERR_INFRA_002' }),
      expect.objectContaining({ 'lexigram.batch.outcome': 'done', 'lexigram.batch.messages': 5 }),
      expect.objectContaining({ 'lexigram.batch.outcome': 'handed_back', 'lexigram.batch.messages': 1 }),
    ])
    expect(lines[2]?._aws.CloudWatchMetrics[0]?.Metrics).toEqual([messages])
    await tracer.flush?.()
    expect(lines).toHaveLength(4)
  })

  it('have no more values in a line than the format takes, nor more metrics', async () => {
    const { lines, tracer } = recorded()
    for (let i = 0; i < 250; i++) tracer.start(find).end()
    const lengths = () => lines.map((line) => (line['db.client.operation.duration'] as number[]).length)
    expect(lengths()).toEqual([100, 100])
    await tracer.flush?.()
    expect(lengths()).toEqual([100, 100, 50])
    for (let i = 0; i < 150; i++) tracer.measure({ name: `app.m${i}`, value: i, kind: 'histogram', unit: 'By' })
    await tracer.flush?.()
    expect(lines.slice(3).map(({ _aws }) => _aws.CloudWatchMetrics[0]?.Metrics.length)).toEqual([100, 50])
    expect(lines.at(-1)).toMatchObject({ 'app.m149': 149 })
  })

  it('have of a level the highest and the last value, which outlasts a line', async () => {
    const { lines, tracer } = recorded()
    const change = (by: 1 | -1) =>
      tracer.measure({ is: 'connections', system: 'postgresql', state: 'used', change: by })
    for (const by of [1, 1, 1, -1] as const) change(by)
    await tracer.flush?.()
    change(-1)
    change(-1)
    await tracer.flush?.()
    change(1)
    await tracer.flush?.()
    expect(lines.map((line) => line['db.client.connection.count'])).toEqual([[3, 2], [1, 0], 1])
    expect(lines[0]).toMatchObject({ 'db.client.connection.state': 'used' })
    expect(lines[0]?._aws.CloudWatchMetrics[0]?.Metrics).toEqual([
      { Name: 'db.client.connection.count', Unit: 'Count' },
    ])
  })

  it('have dimensions that were asked for, as CloudWatch takes them', async () => {
    const { lines, tracer } = recorded(['app.country'])
    tracer.measure({ name: 'app.orders', value: 1, attributes: { 'app.country': 'Österreich\n', 'app.id': 'o-17' } })
    tracer.measure({ name: 'app.orders', value: 1, attributes: { 'app.country': '' } })
    await tracer.flush?.()
    expect(lines.map((line) => line['app.country'])).toEqual(['?sterreich?', '-'])
    expect(JSON.stringify(lines)).not.toContain('o-17')
  })

  it('are refused where CloudWatch would drop them', () => {
    const refused = expect.objectContaining({ code: 'LEX_ERR_USE_001' })
    for (const namespace of [undefined, '', 'AWS/Lambda', 'a b', 'x'.repeat(256)]) {
      expect(() => embeddedMetrics({ namespace } as never)).toThrow(refused)
    }
    for (const dimensions of ['a', [''], ['_aws'], [':a'], Array.from({ length: 24 }, (_, i) => `d${i}`)]) {
      expect(() => embeddedMetrics({ namespace: 'shop', dimensions } as never)).toThrow(refused)
    }
    expect(() => embeddedMetrics(undefined as never)).toThrow(refused)
  })
})
