import { describe, expect, it } from 'vitest'
import { failuresOf, lambdaFunction } from '../../../../test/support/lambda-function.ts'
import { untilDeadline } from '../../../../test/lambda/deadline.ts'
import { kafkaEvent } from '../../../../test/lambda/fixtures/records.ts'
import { err, ok, RequestContext } from '../../../../src/runtime/index.ts'

const fails = ({ body }: { readonly body: unknown }): unknown => (body === 'fail' ? err(new Error('no')) : ok())

describe('records of Kafka', () => {
  const recordIn = (event: ReturnType<typeof kafkaEvent>) =>
    (event.records as Record<string, Record<string, unknown>[]>)['orders-0']![0]!

  it('carry what the partition knows of them', async () => {
    const seen: unknown[] = []
    const { send } = lambdaFunction({ kafka: ({ id, key, body }) => void seen.push([id, key, body]) })
    await send(kafkaEvent({ 0: ['1', '2'], 1: ['4'] }))
    expect(seen).toEqual([
      ['orders-0:15', 'key', 1],
      ['orders-0:16', 'key', 2],
      ['orders-1:15', 'key', 4],
    ])
  })

  it('fail as a whole, as only some pollers read which records failed', async () => {
    const event = kafkaEvent({ 0: ['1', '"fail"', '3'], 1: ['4'] })
    await expect(lambdaFunction({ kafka: fails }).send(event)).rejects.toThrow('2 of 4 records')
  })

  it.each(['aws:kafka', 'SelfManagedKafka'])(
    'records of Kafka of %s have a checkpoint for each partition',
    async (eventSource) => {
      const { send } = lambdaFunction({ kafka: { handler: fails, partialFailures: true, concurrency: 3 } })
      const event = { ...kafkaEvent({ 0: ['1', '"fail"', '1'], 1: ['1'], 2: ['"fail"', '"fail"'] }), eventSource }
      expect(await send(event)).toEqual(
        failuresOf({ partition: 'orders-0', offset: 16 }, { partition: 'orders-2', offset: 15 }),
      )
    },
  )

  it('left over at the deadline begin where each partition goes on', async () => {
    const handler = ({ body }: { body: unknown }) => (body === 'never' ? new Promise(() => {}) : undefined)
    const { send } = lambdaFunction({ kafka: { handler, partialFailures: true } })
    const event = kafkaEvent({ 0: ['1', '"never"', '1'], 1: ['1'] })
    expect(await untilDeadline(() => send(event))).toEqual(
      failuresOf({ partition: 'orders-0', offset: 16 }, { partition: 'orders-1', offset: 15 }),
    )
  })

  it.each(['json', 'text', 'bytes'] as const)(
    'records of Kafka without a value are tombstones, read as %s',
    async (body) => {
      const seen: unknown[] = []
      const event = kafkaEvent({ 0: ['1'] })
      const { send } = lambdaFunction({ kafka: { body, handler: (message) => void seen.push(message.body) } })
      await send({ ...event, records: { 'orders-0': [{ ...recordIn(event), value: null }] } })
      expect(seen).toEqual([null])
    },
  )

  it.each(['offset', 'partition', 'topic'])(
    'records of Kafka without %s are refused: what failed could not be named',
    async (member) => {
      const event = kafkaEvent({ 0: ['1'] })
      const records = { 'orders-0': [{ ...recordIn(event), [member]: undefined }] }
      await expect(lambdaFunction({ kafka: () => {} }).send({ ...event, records })).rejects.toThrow(`its ${member}`)
    },
  )

  it('know the trace of their headers', async () => {
    const seen: unknown[] = []
    const event = kafkaEvent({ 0: ['1'] })
    const traceparent = [...Buffer.from(`00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`)]
    const { send } = lambdaFunction({
      kafka: async (_message, scope) => void seen.push((await scope.resolve(RequestContext)).traceParent),
    })
    const headers = [{ other: [1] }, { traceparent }]
    await send({ ...event, records: { 'orders-0': [{ ...recordIn(event), headers }] } })
    expect(seen).toEqual([{ traceId: 'a'.repeat(32), parentId: 'b'.repeat(16), sampled: true }])
  })
})
