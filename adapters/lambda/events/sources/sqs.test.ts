import { describe, expect, it } from 'vitest'
import { failuresOf, lambdaFunction } from '../../../../test/support/lambda-function.ts'
import { untilDeadline } from '../../../../test/lambda/deadline.ts'
import { sqsRecord } from '../../../../test/lambda/fixtures/records.ts'
import { err, RequestContext, type Message } from '../../../../src/runtime/index.ts'

const messages = (...ids: readonly string[]) => ({ Records: ids.map((id) => sqsRecord(id, '1')) })
const fails = (message: Message): unknown => (message.body === 'fail' ? err(new Error('no')) : undefined)

describe('messages of SQS', () => {
  it.each([
    ['json', { a: 1 }],
    ['text', '{"a":1}'],
    ['bytes', new TextEncoder().encode('{"a":1}')],
  ] as const)('have a body read as %s', async (body, expected) => {
    const seen: unknown[] = []
    await lambdaFunction({ sqs: { body, handler: (message) => void seen.push(message.body) } }).send({
      Records: [sqsRecord('1', '{"a":1}')],
    })
    expect(seen).toEqual([expected])
  })

  it('carry what the queue knows of them', async () => {
    const seen: unknown[] = []
    const { send } = lambdaFunction({
      sqs: ({ id, attempts, timestamp, record }) => void seen.push(id, attempts, timestamp, record.receiptHandle),
    })
    await send(messages('1'))
    expect(seen).toEqual(['1', 2, new Date(1545082649183), 'handle-1'])
  })

  it('messages of SQS whose body is not JSON come again', async () => {
    const { send, log } = lambdaFunction({ sqs: () => {} })
    expect(await send({ Records: [sqsRecord('poison', '{"secret": swordfish')] })).toEqual(failuresOf('poison'))
    expect(log).toEqual(['handler poison: the body of a record must be JSON'])
  })

  it('keep the order of their FIFO group up to its failure', async () => {
    const seen: string[] = []
    const { send } = lambdaFunction({
      sqs: { concurrency: 5, handler: (message) => (seen.push(message.id), fails(message)) },
    })
    const records = [
      sqsRecord('a1', '1', 'a'),
      sqsRecord('b1', '1', 'b'),
      sqsRecord('a2', '"fail"', 'a'),
      sqsRecord('b2', '1', 'b'),
      sqsRecord('a3', '1', 'a'),
    ]
    expect(await send({ Records: records })).toEqual(failuresOf('a2', 'a3'))
    expect(seen.toSorted()).toEqual(['a1', 'a2', 'b1', 'b2'])
  })

  it('messages of SQS of a standard queue have no order, whatever group they say', async () => {
    const fair = (id: string, body: string) => {
      const record = sqsRecord(id, body)
      return { ...record, attributes: { ...record.attributes, MessageGroupId: 'tenant' } }
    }
    const event = { Records: [fair('1', '"fail"'), fair('2', '1')] }
    expect(await lambdaFunction({ sqs: fails }).send(event)).toEqual(failuresOf('1'))
  })

  it('messages of SQS of a FIFO queue without a group are refused', async () => {
    const record = { ...sqsRecord('1', '1', 'group'), attributes: {} }
    await expect(lambdaFunction({ sqs: () => {} }).send({ Records: [record] })).rejects.toThrow(/its MessageGroupId/)
  })

  it('messages of SQS that stand twice in a batch come again once', async () => {
    const { send } = lambdaFunction({ sqs: () => err(new Error('no')) })
    expect(await send(messages('1', '1'))).toEqual(failuresOf('1'))
  })

  it('messages of SQS that stand twice in a batch never run beside each other', async () => {
    let running = 0
    let most = 0
    const handler = async (): Promise<void> => {
      most = Math.max(most, ++running)
      await new Promise(setImmediate)
      running--
    }
    await lambdaFunction({ sqs: { concurrency: 10, handler } }).send(messages('1', '1'))
    expect(most).toBe(1)
  })

  it('fail as a whole where the trigger does not report single failures', async () => {
    const { send } = lambdaFunction({
      sqs: { partialFailures: false, handler: ({ id }) => (id === '2' ? err(new Error('no')) : undefined) },
    })
    await expect(send(messages('1', '2'))).rejects.toThrow('1 of 2 records')
    expect(await send(messages('1'))).toEqual(failuresOf())
  })

  it('left over at the deadline are each FIFO group from the message that was not done', async () => {
    const handler = (message: Message): unknown => (message.id === 'a2' ? new Promise(() => {}) : undefined)
    const { send } = lambdaFunction({ sqs: { concurrency: 2, handler } })
    const records = ['a1', 'b1', 'a2', 'c1', 'a3', 'b2'].map((id) => sqsRecord(id, '1', id[0]))
    expect(await untilDeadline(() => send({ Records: records }))).toEqual(failuresOf('a2', 'a3'))
  })
})

describe('a message of SQS that is to come again after a delay', () => {
  const later = { delaySeconds: 90 }

  it.each([
    ['is asked for', (message: Message) => message.retry(later)],
    ['is asked for before a throw', (message: Message) => (message.retry(later), Promise.reject(new Error('no')))],
  ])('reaches onRetryDelay when it %s', async (_name, handler) => {
    const told: unknown[] = []
    const onRetryDelay = async (record: { receiptHandle: string }, delaySeconds: number): Promise<void> => {
      await Promise.resolve()
      told.push([record.receiptHandle, delaySeconds])
    }
    expect(await lambdaFunction({ sqs: { handler, onRetryDelay } }).send(messages('1'))).toEqual(failuresOf('1'))
    expect(told).toEqual([['handle-1', 90]])
  })

  it.each([
    ['no delay', (message: Message) => message.retry()],
    ['a delay after ack', (message: Message) => (message.ack(), message.retry(later))],
  ])('does not reach onRetryDelay with %s', async (_name, handler) => {
    const told: unknown[] = []
    await lambdaFunction({ sqs: { handler, onRetryDelay: (...given) => told.push(given) } }).send(messages('1'))
    expect(told).toEqual([])
  })

  it('comes again, though sooner, when SQS cannot be reached', async () => {
    const onRetryDelay = () => Promise.reject(new Error('denied'))
    const { send, log } = lambdaFunction({ sqs: { handler: (message) => message.retry(later), onRetryDelay } })
    expect(await send(messages('1'))).toEqual(failuresOf('1'))
    expect(log).toEqual(['handler 1: denied'])
  })
})

describe('a message of SQS in a trace', () => {
  const traceId = '5759e988bd862e3fe1be46a994272793'
  const w3c = `00-${traceId}-53995c3f42cd8ad8-01`
  const xray = 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1'
  const trace = { traceId, parentId: '53995c3f42cd8ad8', sampled: true }
  const attribute = (stringValue: string) => ({
    messageAttributes: { traceparent: { stringValue, dataType: 'String' } },
  })
  const cases: Readonly<Record<string, readonly [more: object, expected: unknown]>> = {
    'by its attribute': [attribute(w3c), trace],
    'by X-Ray’s header': [{ attributes: { AWSTraceHeader: xray } }, trace],
    'by X-Ray’s header in another order': [
      {
        attributes: { AWSTraceHeader: 'Sampled=0; Parent=53995c3f42cd8ad8; Root=1-5759e988-bd862e3fe1be46a994272793' },
      },
      { ...trace, sampled: false },
    ],
    'by its attribute rather than by X-Ray’s header': [
      { ...attribute(`00-${'a'.repeat(32)}-${'b'.repeat(16)}-00`), attributes: { AWSTraceHeader: xray } },
      { traceId: 'a'.repeat(32), parentId: 'b'.repeat(16), sampled: false },
    ],
    'by X-Ray’s header when the attribute is malformed': [
      { ...attribute('00-x'), attributes: { AWSTraceHeader: xray } },
      trace,
    ],
    'not at all, with a header without a parent': [
      { attributes: { AWSTraceHeader: 'Root=1-5759e988-bd862e3fe1be46a994272793' } },
      undefined,
    ],
    'not at all, without a header': [{}, undefined],
  }
  it.each(Object.entries(cases))('knows it %s', async (_name, [more, expected]) => {
    const seen: unknown[] = []
    const { send } = lambdaFunction({
      sqs: async (message, scope) =>
        void seen.push(message.traceParent, (await scope.resolve(RequestContext)).traceParent),
    })
    await send({ Records: [{ ...sqsRecord('1', '1'), ...more }] })
    expect(seen).toEqual([expected, expected])
  })
})
