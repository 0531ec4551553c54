import { describe, expect, it } from 'vitest'
import { err, ok, RequestContext, type Scope } from '../../../src/runtime/index.ts'
import { untilDeadline } from '../../../test/lambda/deadline.ts'
import { dynamodbRecord, kinesisRecord, windowOf } from '../../../test/lambda/fixtures/records.ts'
import { failuresOf, lambdaFunction } from '../../../test/support/lambda-function.ts'
import type { KinesisMessage, TumblingWindow } from './handlers.ts'

type Counts = Readonly<Record<string, number>>

/** Counts records by their body. */
const count = (state: Counts, { body }: KinesisMessage): Counts => {
  if (body === 'fail') throw new Error('no')
  return { ...state, [String(body)]: (state[String(body)] ?? 0) + 1 }
}

const kinesisRecords = (...bodies: readonly unknown[]) =>
  bodies.map((body, index) => kinesisRecord(String(index + 1), JSON.stringify(body)))
const kinesisWindow = (records: readonly object[], more: object = {}) => windowOf('kinesis', records, more)

describe('a tumbling window', () => {
  it('begins with what the handler makes of an empty state', async () => {
    const { send } = lambdaFunction({ kinesis: { window: { add: count } } })
    expect(await send(kinesisWindow(kinesisRecords('a', 'b', 'a')))).toEqual({ ...failuresOf(), state: { a: 2, b: 1 } })
  })

  it('goes on with the state that Lambda has kept', async () => {
    const { send } = lambdaFunction({ kinesis: { window: { add: count } } })
    const answer = await send(kinesisWindow(kinesisRecords('a'), { state: { a: 282, b: 715 } }))
    expect(answer).toEqual({ ...failuresOf(), state: { a: 283, b: 715 } })
  })

  it('a tumbling window of a DynamoDB stream has a state, too', async () => {
    const add = ({ n = 0 }: { readonly n?: number }) => ({ n: n + 1 })
    const { send } = lambdaFunction({ dynamodb: { window: { add } } })
    const event = windowOf('dynamodb', ['1', '2'].map(dynamodbRecord), { state: { n: 5 } })
    expect(await send(event)).toEqual({ ...failuresOf(), state: { n: 7 } })
  })

  it.each([
    ['an Ok with the state', () => ok({ n: 1 }), { n: 1 }],
    ['a promise of the state', () => Promise.resolve({ n: 1 }), { n: 1 }],
    ['nothing, having changed the state', (state: object) => void Object.assign(state, { n: 1 }), { n: 1 }],
    ['nothing', () => {}, {}],
  ])('takes %s', async (_name, add, state) => {
    const { send } = lambdaFunction({ kinesis: { window: { add } } })
    expect(await send(kinesisWindow(kinesisRecords('a')))).toEqual({ ...failuresOf(), state })
  })

  it.each([5, 'text', [1]])('hands a record back whose state would be %j', async (state) => {
    const { send, log } = lambdaFunction({ kinesis: { window: { add: () => state } } })
    expect(await send(kinesisWindow(kinesisRecords('a')))).toEqual({ ...failuresOf('1'), state: {} })
    expect(log).toEqual(['handler 1: the state of a window must be an object'])
  })

  it('a tumbling window that fails half-way has the state of the records before', async () => {
    const { send } = lambdaFunction({ kinesis: { window: { add: count } } })
    const answer = await send(kinesisWindow(kinesisRecords('a', 'a', 'fail', 'a'), { state: { a: 1 } }))
    expect(answer).toEqual({ ...failuresOf('3'), state: { a: 3 } })
  })

  it.each([
    ['an Err', () => err(new Error('no'))],
    ['a throw', () => Promise.reject(new Error('no'))],
  ])('forgets what a record has changed before %s', async (_name, outcome) => {
    const add = (state: object): unknown => (Object.assign(state, { n: 1 }), outcome())
    const { send } = lambdaFunction({ kinesis: { window: { add } } })
    expect(await send(kinesisWindow(kinesisRecords('a')))).toEqual({ ...failuresOf('1'), state: {} })
  })

  it('does not count a record that is done after the deadline', async () => {
    const late = Promise.withResolvers<object>()
    const add = (state: Counts, message: KinesisMessage) =>
      message.body === 'late' ? late.promise : count(state, message)
    const onBatch = () => late.resolve({ late: 1 })
    const { send } = lambdaFunction({ kinesis: { window: { add }, onBatch } })
    const answer = await untilDeadline(() => send(kinesisWindow(kinesisRecords('a', 'late'))))
    expect(answer).toEqual({ ...failuresOf('2'), state: { a: 1 } })
  })

  it('fails as a whole where the trigger does not report single failures', async () => {
    const { send } = lambdaFunction({ kinesis: { window: { add: count }, partialFailures: false } })
    await expect(send(kinesisWindow(kinesisRecords('a', 'fail')))).rejects.toThrow('1 of 2 records')
  })

  it('has a scope for each record', async () => {
    const seen: unknown[] = []
    const add = async (_state: object, _message: KinesisMessage, scope: Scope): Promise<void> =>
      void seen.push((await scope.resolve(RequestContext)).requestId)
    const { send } = lambdaFunction({ kinesis: { window: { add } } })
    await send(kinesisWindow(kinesisRecords('a', 'b')))
    expect(seen).toEqual(['1', '2'])
  })
})

describe('the end of a tumbling window', () => {
  const final = { isFinalInvokeForWindow: true }

  function windowFunction() {
    const ends: unknown[] = []
    const end = (state: Counts, window: TumblingWindow): void => void ends.push([state, window])
    return { ends, ...lambdaFunction({ kinesis: { window: { add: count, end } } }) }
  }
  const window = {
    start: new Date('2020-12-09T07:04:00Z'),
    end: new Date('2020-12-09T07:06:00Z'),
    shardId: 'shardId-000000000006',
    isTerminatedEarly: false,
  }

  it('reaches the handler with the whole state', async () => {
    const { ends, send } = windowFunction()
    await send(kinesisWindow(kinesisRecords('a'), { ...final, state: { a: 1 } }))
    expect(ends).toEqual([[{ a: 2 }, window]])
  })

  it('reaches the handler without a record', async () => {
    const { ends, send } = windowFunction()
    expect(await send(kinesisWindow([], { ...final, state: { a: 1 } }))).toEqual({ ...failuresOf(), state: { a: 1 } })
    expect(ends).toEqual([[{ a: 1 }, window]])
  })

  it('does not come with batches before the last one', async () => {
    const { ends, send } = windowFunction()
    await send(kinesisWindow(kinesisRecords('a')))
    expect(ends).toEqual([])
  })

  it('comes early when the state has become too large', async () => {
    const { ends, send } = windowFunction()
    await send(kinesisWindow([], { isWindowTerminatedEarly: true, state: { a: 1 } }))
    expect(ends).toEqual([[{ a: 1 }, { ...window, isTerminatedEarly: true }]])
  })

  it('waits for records that failed', async () => {
    const { ends, send } = windowFunction()
    const answer = await send(kinesisWindow(kinesisRecords('a', 'fail'), final))
    expect([answer, ends]).toEqual([{ ...failuresOf('2'), state: { a: 1 } }, []])
  })

  it('fails the invocation when its handler does', async () => {
    const end = () => err(new Error('no'))
    const { send, log } = lambdaFunction({ kinesis: { window: { add: count, end } } })
    await expect(send(kinesisWindow([], final))).rejects.toThrow('no')
    expect(log).toEqual(['handler invocation-1: no'])
  })

  it('needs no handler', async () => {
    const { send } = lambdaFunction({ kinesis: { window: { add: count } } })
    expect(await send(kinesisWindow([], final))).toEqual({ ...failuresOf(), state: {} })
  })
})

describe('a stream whose trigger has a tumbling window', () => {
  it('keeps its state when the handler knows nothing of windows', async () => {
    const { send } = lambdaFunction({ kinesis: ({ body }) => (body === 'fail' ? err('no') : ok()) })
    const answer = await send(kinesisWindow(kinesisRecords('a', 'fail'), { state: { a: 1 } }))
    expect(answer).toEqual({ ...failuresOf('2'), state: { a: 1 } })
  })

  it('keeps its state in an empty batch when the handler knows nothing of windows', async () => {
    const { send } = lambdaFunction({ dynamodb: () => {} })
    expect(await send(windowOf('dynamodb', [], { state: { a: 1 } }))).toEqual({ ...failuresOf(), state: { a: 1 } })
  })

  it('is an error that names it when it ends and nothing handles it', async () => {
    await expect(lambdaFunction({ sqs: () => {} }).send(kinesisWindow([]))).rejects.toMatchObject({
      code: 'LEX_ERR_USE_001',
      message: expect.stringContaining('the kinesis event'),
    })
  })

  it('is needed for a handler of windows', async () => {
    const { send } = lambdaFunction({ kinesis: { window: { add: count } } })
    await expect(send({ Records: kinesisRecords('a') })).rejects.toMatchObject({
      code: 'LEX_ERR_USE_001',
      message: 'on.kinesis.window cannot be used: the event is not of a tumbling window',
    })
  })
})
