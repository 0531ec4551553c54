import { createApplication, err, factory, ok, provider, RequestContext, token, type Scope } from 'lexigram-edge'
import { lambda, type BatchSummary, type EventHandlers } from 'lexigram-edge/lambda'
import type { Message } from 'lexigram-edge/runtime'
import { workers } from 'lexigram-edge/workers'
import { describe, expect, it } from 'vitest'
import { untilDeadline } from './deadline.ts'
import { contextWith, dynamodbRecord, kafkaEvent, kinesisRecord, sqsRecord } from './fixtures/records.ts'

const Session = token<{ readonly id: number }>('Session')

/** A function with a scoped session, and the log of what happened. */
function functionWith(on: EventHandlers) {
  const log: string[] = []
  let sessions = 0
  const session = provider('session', {
    register(container) {
      const dispose = ({ id }: { id: number }): void => void log.push(`end ${id}`)
      container.scoped(
        Session,
        factory([], () => ({ id: ++sessions }), { dispose }),
      )
    },
  })
  const app = createApplication({
    name: 'test',
    providers: [session],
    onError: (error, phase) => void log.push(`${phase}: ${(error as Error).message}`),
  })
  const handler = lambda.on(app, on, { env: {} })
  const send = (event: unknown, remaining = 60_000): Promise<unknown> => handler(event, contextWith(remaining))
  return { app, log, send }
}

const failuresOf = (...ids: readonly string[]) => ({
  batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })),
})
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

describe('messages of SQS', () => {
  it('that fail are told of with their ids', async () => {
    const told: unknown[] = []
    const app = createApplication({ name: 'test', onError: (_error, phase, subject) => told.push([phase, subject]) })
    const handler = lambda.on(app, { sqs: ({ body }) => (body === 1 ? err('no') : ok()) }, { env: {} })
    await handler({ Records: [sqsRecord('a', '1'), sqsRecord('b', '2'), sqsRecord('c', '{')] }, contextWith(60_000))
    expect(told).toEqual([
      ['handler', 'a'],
      ['handler', 'c'],
    ])
  })

  it('each have a scope, and those that failed or are poison are handed back and reported', async () => {
    const { log, send } = functionWith({
      async sqs(message, scope) {
        log.push(`${message.id} in ${(await scope.resolve(Session)).id}`)
        if (message.body === 'throw') throw new Error('thrown')
        return message.body === 'err' ? err(new Error('refused')) : ok()
      },
    })
    const records = [
      sqsRecord('good', '"fine"'),
      sqsRecord('err', '"err"'),
      sqsRecord('throw', '"throw"'),
      sqsRecord('poison', '{"secret": swordfish'),
      sqsRecord('last', '1'),
    ]
    expect(await send({ Records: records })).toEqual(failuresOf('err', 'throw', 'poison'))
    expect(log).toEqual([
      'good in 1',
      'end 1',
      'err in 2',
      'end 2',
      'handler: refused',
      'throw in 3',
      'end 3',
      'handler: thrown',
      'handler: the body of a record is not JSON',
      'last in 4',
      'end 4',
    ])
  })

  it('are read as they are meant, and carry what a queue knows of them', async () => {
    const seen: unknown[] = []
    for (const body of ['json', 'text', 'bytes'] as const) {
      const { send } = functionWith({ sqs: { body, handler: (message) => void seen.push(message.body) } })
      await send({ Records: [sqsRecord('1', '{"a":1}')] })
    }
    expect(seen).toEqual([{ a: 1 }, '{"a":1}', new TextEncoder().encode('{"a":1}')])
    const { send } = functionWith({
      sqs: ({ attempts, timestamp, record }) => void seen.push(attempts, timestamp, record.receiptHandle),
    })
    await send({ Records: [sqsRecord('1', '1')] })
    expect(seen.slice(3)).toEqual([2, new Date(1545082649183), 'handle-1'])
  })

  it('of one FIFO group keep their order and stop at a failure, while other groups go on', async () => {
    const seen: string[] = []
    const { send } = functionWith({
      sqs: {
        concurrency: 5,
        async handler(message) {
          await pause(message.id === 'a1' ? 5 : 0)
          seen.push(message.id)
          if (message.body === 'fail') throw new Error('no')
        },
      },
    })
    const records = [
      sqsRecord('a1', '1', 'a'),
      sqsRecord('b1', '1', 'b'),
      sqsRecord('a2', '"fail"', 'a'),
      sqsRecord('b2', '1', 'b'),
      sqsRecord('a3', '1', 'a'),
    ]
    expect(await send({ Records: records })).toEqual(failuresOf('a2', 'a3'))
    expect(seen).toEqual(['b1', 'b2', 'a1', 'a2'])
  })

  it('of a standard queue are no order, groups or not', async () => {
    const { send } = functionWith({ sqs: ({ body }) => (body === 'fail' ? err(new Error('no')) : undefined) })
    const fair = (id: string, body: string) => {
      const record = sqsRecord(id, body)
      return { ...record, attributes: { ...record.attributes, MessageGroupId: 'tenant' } }
    }
    expect(await send({ Records: [fair('1', '"fail"'), fair('2', '1')] })).toEqual(failuresOf('1'))
  })

  it('are handled as many at a time as is allowed, and not one more', async () => {
    let running = 0
    let most = 0
    const { send } = functionWith({
      sqs: {
        concurrency: 3,
        async handler() {
          most = Math.max(most, ++running)
          await pause(2)
          running--
        },
      },
    })
    await send({ Records: Array.from({ length: 9 }, (_, i) => sqsRecord(`${i}`, '1')) })
    expect(most).toBe(3)
  })

  it('are all handled at the same time where nothing is to bound them', async () => {
    let running = 0
    const all = Promise.withResolvers<void>()
    const { send } = functionWith({
      sqs: {
        concurrency: Infinity,
        handler: () => {
          if (++running === 9) all.resolve()
          return all.promise
        },
      },
    })
    expect(await send({ Records: Array.from({ length: 9 }, (_, i) => sqsRecord(`${i}`, '1')) })).toEqual(failuresOf())
  })

  it('are handed back before the deadline: those not begun, and the one that never settles', async () => {
    const summaries: BatchSummary[] = []
    const signals: boolean[] = []
    const { log, send } = functionWith({
      sqs: {
        onBatch: (summary) => summaries.push(summary),
        async handler(message, scope) {
          const { signal } = await scope.resolve(RequestContext)
          signal.addEventListener('abort', () => signals.push(true), { once: true })
          if (message.id === '2') await new Promise(() => {})
        },
      },
    })
    const records = ['1', '2', '3'].map((id) => sqsRecord(id, '1'))
    expect(await untilDeadline(() => send({ Records: records }))).toEqual(failuresOf('2', '3'))
    expect(summaries).toEqual([{ source: 'sqs', done: ['1'], handedBack: ['2', '3'] }])
    expect(log).toEqual([expect.stringMatching(/^handler: the work did not end before/)])
    expect(signals.length).toBeGreaterThan(0)
  })

  it('whose handler is done are done, though their background work is not by the deadline', async () => {
    const { log, send } = functionWith({
      async sqs(_message, scope) {
        ;(await scope.resolve(RequestContext)).waitUntil(new Promise(() => {}))
      },
    })
    expect(await untilDeadline(() => send({ Records: [sqsRecord('1', '1')] }))).toEqual(failuresOf())
    expect(log).toContainEqual(expect.stringMatching(/^waitUntil: /))
  })

  it('are ended by their own background work, before the answer', async () => {
    const { log, send } = functionWith({
      async sqs(message, scope) {
        const context = await scope.resolve(RequestContext)
        await scope.resolve(Session)
        context.waitUntil(pause(3).then(() => void log.push(`work ${message.id}`)))
      },
    })
    await send({ Records: [sqsRecord('a', '1'), sqsRecord('b', '1')] })
    expect(log).toEqual(['work a', 'end 1', 'work b', 'end 2'])
  })

  it('may decide for themselves: the first of ack and retry counts', async () => {
    const { log, send } = functionWith({
      sqs(message) {
        if (message.id === 'again') message.retry({ delaySeconds: 5 })
        message.ack()
        message.retry()
        if (message.id === 'thrown') throw new Error('after ack')
      },
    })
    const records = ['done', 'again', 'thrown'].map((id) => sqsRecord(id, '1'))
    expect(await send({ Records: records })).toEqual(failuresOf('again'))
    expect(log).toEqual(['handler: after ack'])
  })

  it('fail as a whole where the trigger does not report single failures', async () => {
    const { send } = functionWith({
      sqs: { partialFailures: false, handler: ({ id }) => (id === '2' ? err(new Error('no')) : undefined) },
    })
    await expect(send({ Records: [sqsRecord('1', '1'), sqsRecord('2', '1')] })).rejects.toThrow('1 of 2 records')
    expect(await send({ Records: [sqsRecord('1', '1')] })).toEqual(failuresOf())
  })

  it('are for the same handler that Cloudflare’s queues have', async () => {
    const seen: unknown[] = []
    const portable = (message: Message, scope: Scope) => {
      seen.push([message.body, message.attempts, scope.get(Session).id])
      if (message.body === 2) message.retry()
    }
    const { app, send } = functionWith({ sqs: portable })
    const retried: number[] = []
    const queued = (body: number) => {
      const retry = (): void => void retried.push(body)
      return { id: `${body}`, timestamp: new Date(0), body, attempts: 2, ack: () => {}, retry }
    }
    await workers(app, { queue: portable }).queue(
      { queue: 'jobs', messages: [queued(1), queued(2)] },
      {},
      { waitUntil: () => {}, passThroughOnException: () => {} },
    )
    expect(await send({ Records: [sqsRecord('1', '1'), sqsRecord('2', '2')] })).toEqual(failuresOf('2'))
    expect(seen).toEqual([
      [1, 2, 1],
      [2, 2, 2],
      [1, 2, 3],
      [2, 2, 4],
    ])
    expect(retried).toEqual([2])
  })
})

describe('records of streams', () => {
  it('of a Kinesis shard stop at the first failure, which is the checkpoint', async () => {
    const seen: unknown[] = []
    const { send } = functionWith({
      kinesis(message) {
        seen.push([message.id, message.body, message.partitionKey, message.timestamp.getTime()])
        return message.body === 'fail' ? err(new Error('no')) : ok()
      },
    })
    const records = [kinesisRecord('1', '{"n":1}'), kinesisRecord('2', '"fail"'), kinesisRecord('3', '1')]
    expect(await send({ Records: records })).toEqual(failuresOf('2'))
    expect(seen).toEqual([
      ['1', { n: 1 }, 'key', 1545084650987],
      ['2', 'fail', 'key', 1545084650987],
    ])
  })

  it('of two shards each have a checkpoint of their own', async () => {
    const { send } = functionWith({ kinesis: ({ body }) => (body === 0 ? err(new Error('no')) : ok()) })
    const other = 'shardId-000000000007'
    const records = [kinesisRecord('1', '0'), kinesisRecord('7', '1', other), kinesisRecord('8', '0', other)]
    expect(await send({ Records: records })).toEqual(failuresOf('1', '8'))
  })

  it('that the deadline leaves over begin at the checkpoint', async () => {
    const { send } = functionWith({ kinesis: (message) => (message.id === '2' ? new Promise(() => {}) : ok()) })
    const records = ['1', '2', '3'].map((id) => kinesisRecord(id, '1'))
    expect(await untilDeadline(() => send({ Records: records }))).toEqual(failuresOf('2'))
  })

  it('of a DynamoDB table are changes, in their order', async () => {
    const seen: unknown[] = []
    const { send } = functionWith({
      dynamodb: {
        concurrency: 10,
        async handler(record) {
          await pause(record.dynamodb?.SequenceNumber === '1' ? 5 : 0)
          seen.push(record.dynamodb?.SequenceNumber, record.dynamodb?.NewImage?.['Message'])
          if (record.dynamodb?.SequenceNumber === '2') throw new Error('no')
        },
      },
    })
    expect(await send({ Records: ['1', '2', '3'].map(dynamodbRecord) })).toEqual(failuresOf('2'))
    expect(seen).toEqual(['1', { S: 'New item!' }, '2', { S: 'New item!' }])
  })

  it('of Kafka fail as a whole, or name the offset where the trigger reports failures', async () => {
    const seen: unknown[] = []
    const handler: NonNullable<EventHandlers['kafka']> = ({ id, key, body }) => {
      seen.push([id, key, body])
      return body === 'fail' ? err(new Error('no')) : ok()
    }
    const event = kafkaEvent({ 0: ['1', '"fail"', '3'], 1: ['4'] })
    await expect(functionWith({ kafka: handler }).send(event)).rejects.toThrow('2 of 4 records')
    expect(seen).toEqual([
      ['orders-0:15', 'key', 1],
      ['orders-0:16', 'key', 'fail'],
      ['orders-1:15', 'key', 4],
    ])
    const { send } = functionWith({ kafka: { handler, partialFailures: true } })
    expect(await send(event)).toEqual({
      batchItemFailures: [{ itemIdentifier: { partition: 'orders-0', offset: 16 } }],
    })
    expect(await send({ ...event, eventSource: 'SelfManagedKafka' })).toMatchObject({ batchItemFailures: [{}] })
  })
})

describe('a batch', () => {
  it('is handled in a function with a short timeout, and whatever is told of it fails', async () => {
    const { log, send } = functionWith({
      sqs: {
        handler: () => {},
        onBatch: () => {
          throw new Error('the log is full')
        },
      },
    })
    expect(await send({ Records: [sqsRecord('1', '1')] }, 400)).toEqual(failuresOf())
    expect(log).toEqual(['handler: the log is full'])
  })

  it('of records without what Lambda must be told of them is refused before any is handled', async () => {
    const seen: unknown[] = []
    const { send } = functionWith({ sqs: (message) => void seen.push(message), kinesis: () => {}, dynamodb: () => {} })
    const nameless: Record<string, unknown> = { ...sqsRecord('2', '1') }
    delete nameless['messageId']
    await expect(send({ Records: [sqsRecord('1', '1'), nameless] })).rejects.toThrow(/no messageId/)
    await expect(send({ Records: [{ eventSource: 'aws:kinesis' }] })).rejects.toThrow(/no sequence number/)
    await expect(send({ Records: [{ eventSource: 'aws:dynamodb' }] })).rejects.toThrow(/no sequence number/)
    expect(seen).toEqual([])
  })

  it('fails before any record when the application does not boot, and is handled when it does', async () => {
    let boots = 0
    const errors: unknown[] = []
    const app = createApplication({
      name: 'test',
      providers: [{ name: 'flaky', boot: () => (++boots < 3 ? Promise.reject(new Error('down')) : undefined) }],
      onError: (error, phase) => errors.push([phase, (error as Error).message]),
    })
    const handler = lambda.on(app, { sqs: () => {} }, { env: {}, bootAtInit: false })
    const event = { Records: [sqsRecord('1', '1')] }
    await expect(handler(event, contextWith(60_000))).rejects.toThrow('down')
    await expect(handler(event, contextWith(60_000))).rejects.toThrow('down')
    expect(await handler(event, contextWith(60_000))).toEqual(failuresOf())
    expect(errors).toEqual([
      ['boot', 'down'],
      ['boot', 'down'],
    ])
  })
})
