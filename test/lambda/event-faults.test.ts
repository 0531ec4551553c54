import { createApplication, err, factory, ok, provider, token } from 'lexigram-edge'
import { lambda, type BatchSummary, type EventHandlers } from 'lexigram-edge/lambda'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { damaged, damages } from './damage.ts'
import { untilDeadline } from './deadline.ts'
import {
  contextWith,
  dynamodbRecord,
  kafkaEvent,
  kinesisRecord,
  s3Record,
  snsRecord,
  sqsRecord,
} from './fixtures/records.ts'

const Session = token<object>('Session')

function functionWith(on: EventHandlers) {
  const errors: unknown[] = []
  const counts = { opened: 0, ended: 0 }
  const session = provider('session', {
    register(container) {
      const dispose = (): void => void counts.ended++
      container.scoped(
        Session,
        factory([], () => (counts.opened++, {}), { dispose }),
      )
    },
  })
  const onError = (error: unknown): void => void errors.push(error)
  const app = createApplication({ name: 'test', providers: [session], onError, fetch: () => new Response('http') })
  const handler = lambda.on(app, on, { env: {} })
  return { errors, counts, send: (event: unknown) => handler(event, contextWith(60_000)) }
}

const failuresOf = (...ids: readonly unknown[]) => ({
  batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })),
})

describe('a batch', () => {
  it('of nothing is done, and goes to `other` where there is one', async () => {
    expect(await functionWith({ kinesis: () => {} }).send({ Records: [] })).toEqual(failuresOf())
    expect(await functionWith({ sqs: () => {}, other: () => 'seen' }).send({ Records: [] })).toBe('seen')
    await expect(functionWith({}).send({ Records: [] })).rejects.toMatchObject({ code: 'LEX_ERR_USE_001' })
  })

  it('of several sources is refused before any record, and they are named', async () => {
    const seen: unknown[] = []
    const see = (record: unknown): void => void seen.push(record)
    const { send } = functionWith({ sqs: see, kinesis: see })
    await expect(send({ Records: [sqsRecord('1', '1'), kinesisRecord('1', '1')] })).rejects.toMatchObject({
      code: 'LEX_ERR_USE_001',
      message: expect.stringMatching(/Records of several sources: aws:sqs, aws:kinesis/),
    })
    expect(seen).toEqual([])
  })

  it('in which a message stands twice hands it back once, and one delivery never runs beside the other', async () => {
    let running = 0
    let most = 0
    const { send } = functionWith({
      sqs: {
        concurrency: 10,
        async handler() {
          most = Math.max(most, ++running)
          await new Promise((resolve) => setTimeout(resolve, 1))
          running--
          return err(new Error('no'))
        },
      },
    })
    expect(await send({ Records: [sqsRecord('1', '1'), sqsRecord('1', '1')] })).toEqual(failuresOf('1'))
    expect(most).toBe(1)
  })

  it('of a FIFO queue that does not tell its groups is refused: their order would be lost', async () => {
    const { send } = functionWith({ sqs: () => {} })
    const record = { ...sqsRecord('1', '1', 'group'), attributes: {} }
    await expect(send({ Records: [record] })).rejects.toThrow(/no MessageGroupId/)
  })

  it('of Kafka without an offset is refused: what has failed could not be named', async () => {
    const event = kafkaEvent({ 0: ['1'] })
    const [record] = (event.records as Record<string, object[]>)['orders-0']!
    const { send } = functionWith({ kafka: () => {} })
    for (const member of ['offset', 'partition', 'topic']) {
      const records = { 'orders-0': [{ ...record, [member]: undefined }] }
      await expect(send({ ...event, records })).rejects.toThrow(`no ${member}`)
    }
  })

  it('waits for what is told of it; what that fails with is reported and changes nothing', async () => {
    const summaries: BatchSummary[] = []
    const { errors, send } = functionWith({
      sqs: {
        handler: () => {},
        async onBatch(summary) {
          await new Promise((resolve) => setTimeout(resolve, 2))
          summaries.push(summary)
          throw new Error('the log is full')
        },
      },
    })
    expect(await send({ Records: [sqsRecord('1', '1')] })).toEqual(failuresOf())
    expect(summaries).toEqual([{ source: 'sqs', done: ['1'], handedBack: [] }])
    expect(errors).toMatchObject([{ message: 'the log is full' }])
  })
})

describe('a record', () => {
  it('whose bytes are no base64 is poison, and not a shorter message', async () => {
    const seen: unknown[] = []
    const { errors, send } = functionWith({ kinesis: { body: 'bytes', handler: ({ body }) => void seen.push(body) } })
    const record = kinesisRecord('1', 'hello')
    const broken = { ...record, kinesis: { ...record.kinesis, data: 'aGVs*G8=' } }
    expect(await send({ Records: [broken] })).toEqual(failuresOf('1'))
    expect(await send({ Records: [{ ...record, kinesis: { ...record.kinesis, data: 5 } }] })).toEqual(failuresOf('1'))
    expect(errors).toMatchObject([{ code: 'LEX_ERR_DOM_001' }, { code: 'LEX_ERR_DOM_001' }])
    expect(seen).toEqual([])
  })

  it('of Kafka without a value is a tombstone, whatever bodies are read as', async () => {
    const event = kafkaEvent({ 0: ['1'] })
    const [record] = (event.records as Record<string, object[]>)['orders-0']!
    for (const body of ['json', 'text', 'bytes'] as const) {
      const seen: unknown[] = []
      const { send } = functionWith({
        kafka: { body, handler: (message) => void seen.push(message.body, message.key) },
      })
      await send({ ...event, records: { 'orders-0': [{ ...record, value: null }] } })
      expect(seen).toEqual([null, 'key'])
    }
  })
})

describe('what the deadline leaves over', () => {
  it('of FIFO groups is each group from the message that was not done, while others went on', async () => {
    const seen: string[] = []
    const { send } = functionWith({
      sqs: {
        concurrency: 2,
        handler: (message) => (seen.push(message.id), message.id === 'a2' ? new Promise(() => {}) : undefined),
      },
    })
    const records = ['a1', 'b1', 'a2', 'c1', 'a3', 'b2'].map((id) => sqsRecord(id, '1', id[0]))
    expect(await untilDeadline(() => send({ Records: records }))).toEqual(failuresOf('a2', 'a3'))
    expect(seen.toSorted()).toEqual(['a1', 'a2', 'b1', 'b2', 'c1'])
  })

  it('of partitions of Kafka is where each goes on', async () => {
    const handler = ({ body }: { body: unknown }) => (body === 'never' ? new Promise(() => {}) : undefined)
    const { send } = functionWith({ kafka: { handler, partialFailures: true } })
    const event = kafkaEvent({ 0: ['1', '"never"', '1'], 1: ['1'] })
    expect(await untilDeadline(() => send(event))).toEqual(
      failuresOf({ partition: 'orders-0', offset: 16 }, { partition: 'orders-1', offset: 15 }),
    )
  })

  it('and what is told of a batch for too long, end before Lambda ends the process', async () => {
    const { errors, send } = functionWith({ sqs: { handler: () => {}, onBatch: () => new Promise(() => {}) } })
    expect(await untilDeadline(() => send({ Records: [sqsRecord('1', '1')] }))).toEqual(failuresOf())
    expect(errors).toMatchObject([{ code: 'LEX_ERR_INFRA_002' }])
  })
})

describe('a message that is to come again after a delay', () => {
  it('is handed back after the function has told SQS so', async () => {
    const told: unknown[] = []
    const { send } = functionWith({
      sqs: {
        handler(message) {
          if (message.id === 'later') message.retry({ delaySeconds: 90 })
          if (message.id === 'thrown') {
            message.retry({ delaySeconds: 5 })
            throw new Error('no')
          }
          if (message.id === 'now') message.retry()
          if (message.id === 'done') {
            message.ack()
            message.retry({ delaySeconds: 1 })
          }
        },
        onRetryDelay: async (record, delaySeconds) => {
          await Promise.resolve()
          told.push([record.receiptHandle, delaySeconds])
        },
      },
    })
    const records = ['later', 'thrown', 'now', 'done'].map((id) => sqsRecord(id, '1'))
    expect(await send({ Records: records })).toEqual(failuresOf('later', 'thrown', 'now'))
    expect(told).toEqual([
      ['handle-later', 90],
      ['handle-thrown', 5],
    ])
  })

  it('comes again, though later than asked for, when SQS cannot be told', async () => {
    const { errors, send } = functionWith({
      sqs: {
        handler: (message) => message.retry({ delaySeconds: 90 }),
        onRetryDelay: () => Promise.reject(new Error('denied')),
      },
    })
    expect(await send({ Records: [sqsRecord('1', '1')] })).toEqual(failuresOf('1'))
    expect(errors).toMatchObject([{ message: 'denied' }])
    const silent = functionWith({ sqs: (message) => message.retry({ delaySeconds: 90 }) })
    expect(await silent.send({ Records: [sqsRecord('1', '1')] })).toEqual(failuresOf('1'))
  })
})

describe('what is handed back of streams', () => {
  it('is one checkpoint for each partition of Kafka, and the whole batch where failures are not reported', async () => {
    const fails = { body: 'text' as const, handler: ({ body }: { body: unknown }) => (body === 'x' ? err('no') : ok()) }
    const event = kafkaEvent({ 0: ['a', 'x', 'a'], 1: ['a'], 2: ['x', 'x'] })
    const { send } = functionWith({ kafka: { ...fails, partialFailures: true, concurrency: 3 } })
    expect(await send(event)).toEqual(
      failuresOf({ partition: 'orders-0', offset: 16 }, { partition: 'orders-2', offset: 15 }),
    )
    await expect(functionWith({ kafka: fails }).send(event)).rejects.toThrow('4 of 6 records')
  })

  it('is the whole batch of a stream whose trigger does not report single failures', async () => {
    const partialFailures = false
    const handler = (): unknown => err(new Error('no'))
    const kinesis = functionWith({ kinesis: { partialFailures, handler } })
    await expect(kinesis.send({ Records: [kinesisRecord('1', '1')] })).rejects.toThrow('1 of 1 records')
    const dynamodb = functionWith({ dynamodb: { partialFailures, handler } })
    await expect(dynamodb.send({ Records: [dynamodbRecord('1')] })).rejects.toThrow('1 of 1 records')
  })
})

describe('an event that nobody handles', () => {
  it.each([
    [null, 'null'],
    [[1, 2], 'an array of 2'],
    [{ Records: [{ secret: 'swordfish', eventSource: 'custom' }] }, 'Records with secret, eventSource'],
    [{ Records: [1] }, 'Records: 1'],
    [{}, 'no members'],
    [{ raw_path: '/', is_base64_encoded: false }, 'raw_path, is_base64_encoded'],
  ])('is named by its members: %j', async (event, seen) => {
    const error: unknown = await functionWith({ schedule: () => {} })
      .send(event)
      .catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'LEX_ERR_USE_001', message: expect.stringContaining(`(${seen})`) })
    expect((error as Error).message).not.toContain('swordfish')
  })

  it('is named in a line, however large it is', async () => {
    const large = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`${i}`.padStart(500, 'x'), 1]))
    const error: unknown = await functionWith({})
      .send(large)
      .catch((thrown: unknown) => thrown)
    expect((error as Error).message.length).toBeLessThan(1200)
  })
})

describe('a function', () => {
  it.each([
    [null, /on is no object/],
    [() => {}, /on is no object/],
    [{ sqss: () => {} }, /on\.sqss is no kind of event/],
    [{ sqs: {} }, /on\.sqs has no handler/],
    [{ sqs: 'handler' }, /on\.sqs has no handler/],
    [{ schedule: { handler: () => {} } }, /on\.schedule has no handler/],
    [{ sqs: { handler: () => {}, concurrency: 0 } }, /on\.sqs\.concurrency/],
    [{ kafka: { handler: () => {}, concurrency: Number.NaN } }, /on\.kafka\.concurrency/],
  ])('with handlers that are none is not made: %j', (on, message) => {
    const app = createApplication({ name: 'test' })
    expect(() => lambda(app, { env: {}, on: on as unknown as EventHandlers })).toThrow(message)
  })

  it.each([-1, Number.NaN])('with a margin of %d is not made', (deadlineMargin) => {
    expect(() => lambda(createApplication({ name: 'test' }), { env: {}, deadlineMargin })).toThrow(/deadlineMargin/)
  })

  it('made for events only still answers the request that reaches it', async () => {
    const { send } = functionWith({ schedule: () => {} })
    const request = { rawPath: '/', headers: {}, requestContext: { http: { method: 'GET' } } }
    expect(await send(request)).toMatchObject({ statusCode: 200, body: 'http' })
    const handler = lambda.on(createApplication({ name: 'test' }), {}, { env: {} })
    expect(await handler(request, contextWith(60_000))).toMatchObject({ statusCode: 404 })
  })
})

describe('records, however damaged', () => {
  it('are handled, handed back or refused by name, never a bare TypeError, and each scope ends once', async () => {
    const use: NonNullable<EventHandlers['other']> = async (_record, scope) => void (await scope.resolve(Session))
    const { errors, counts, send } = functionWith({
      sqs: use,
      kinesis: use,
      dynamodb: use,
      kafka: use,
      sns: use,
      s3: use,
    })
    const events = [
      { Records: [sqsRecord('1', '1'), sqsRecord('2', '2', 'group')] },
      { Records: [kinesisRecord('1', '1'), kinesisRecord('2', '2')] },
      { Records: [dynamodbRecord('1'), dynamodbRecord('2')] },
      { Records: [snsRecord('1', 'text')] },
      { Records: [s3Record('a'), s3Record('b')] },
      kafkaEvent({ 0: ['1', '2'], 1: ['3'] }),
    ]
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...events), damages, async (event, changes) => {
        const outcome = await send(damaged(event, changes)).catch((error: unknown) => error)
        if (outcome instanceof Error && !outcome.message.endsWith('records were not handled')) {
          expect(outcome).toMatchObject({ code: 'LEX_ERR_USE_001' })
        }
        expect(counts.ended).toBe(counts.opened)
        for (const error of errors.splice(0)) expect(error).toMatchObject({ code: expect.stringMatching(/^LEX_ERR_/) })
      }),
      { numRuns: 2000 },
    )
    expect(counts.opened).toBeGreaterThan(1000)
  })
})
