import { describe, expect, it } from 'vitest'
import { createApplication } from '../../../src/runtime/application.ts'
import { RequestContext, type BatchSummary, type Scope } from '../../../src/runtime/index.ts'
import { untilDeadline } from '../../../test/lambda/deadline.ts'
import { contextWith, kinesisRecord, snsRecord, sqsRecord } from '../../../test/lambda/fixtures/records.ts'
import { failuresOf, lambdaFunction, Session } from '../../../test/support/lambda-function.ts'
import { lambda } from '../handler.ts'

const messages = (...ids: readonly string[]) => ({ Records: ids.map((id) => sqsRecord(id, '1')) })

describe('a record of a batch', () => {
  it('has a scope that ends before the next record begins', async () => {
    const { log, send } = lambdaFunction({
      async sqs({ id }, scope) {
        log.push(`${id} in ${(await scope.resolve(Session)).id}`)
      },
    })
    await send(messages('a', 'b'))
    expect(log).toEqual(['a in 1', 'end 1', 'b in 2', 'end 2'])
  })

  it('has a scope that ends after its background work', async () => {
    const { log, send } = lambdaFunction({
      async sqs({ id }, scope) {
        const context = await scope.resolve(RequestContext)
        await scope.resolve(Session)
        context.waitUntil(new Promise(setImmediate).then(() => void log.push(`work ${id}`)))
      },
    })
    await send(messages('a', 'b'))
    expect(log).toEqual(['work a', 'end 1', 'work b', 'end 2'])
  })

  it('has its own id as the request’s', async () => {
    const seen: unknown[] = []
    const { send } = lambdaFunction({
      sqs: async (message, scope) => void seen.push(message.requestId, (await scope.resolve(RequestContext)).requestId),
    })
    await send(messages('a'))
    expect(seen).toEqual(['a', 'a'])
  })

  it('is named in the report of its failure', async () => {
    const { log, send } = lambdaFunction({ sqs: () => Promise.reject(new Error('no')) })
    await send(messages('a', 'b'))
    expect(log).toEqual(['handler a: no', 'handler b: no'])
  })

  it('is named in the report of its background work’s failure', async () => {
    const { log, send } = lambdaFunction({
      sqs: async (_message, scope) => (await scope.resolve(RequestContext)).waitUntil(Promise.reject(new Error('no'))),
    })
    await send(messages('a'))
    expect(log).toEqual(['waitUntil a: no'])
  })

  it('is named in the report of a disposer’s failure', async () => {
    const { log, send } = lambdaFunction({
      sns: async (_record, scope: Scope) =>
        void Object.defineProperty(await scope.resolve(Session), 'id', {
          get: () => {
            throw new Error('no')
          },
        }),
    })
    await send({ Records: [snsRecord('note-1', 'text')] })
    expect(log).toEqual([expect.stringMatching(/^dispose note-1: /)])
  })

  it('is done when its handler is, though its background work is not by the deadline', async () => {
    const { log, send } = lambdaFunction({
      sqs: async (_message, scope) => (await scope.resolve(RequestContext)).waitUntil(new Promise(() => {})),
    })
    expect(await untilDeadline(() => send(messages('a')))).toEqual(failuresOf())
    expect(log).toEqual(['waitUntil a: the work did not end before the function’s timeout'])
  })
})

describe('a batch', () => {
  it('hands back what was not begun or did not end before the deadline', async () => {
    const summaries: BatchSummary[] = []
    const { log, send } = lambdaFunction({
      sqs: {
        onBatch: (summary) => void summaries.push(summary),
        handler: ({ id }) => (id === '2' ? new Promise(() => {}) : undefined),
      },
    })
    expect(await untilDeadline(() => send(messages('1', '2', '3')))).toEqual(failuresOf('2', '3'))
    expect(summaries).toEqual([{ source: 'sqs', done: ['1'], handedBack: ['2', '3'] }])
    expect(log).toEqual(['handler 2: the work did not end before the function’s timeout'])
  })

  it('aborts the signals of its records at the deadline', async () => {
    const aborted = Promise.withResolvers<void>()
    const { send } = lambdaFunction({
      async sqs(_message, scope) {
        const { signal } = await scope.resolve(RequestContext)
        signal.addEventListener('abort', () => aborted.resolve(), { once: true })
        await aborted.promise
      },
    })
    expect(await untilDeadline(() => send(messages('1')))).toEqual(failuresOf())
  })

  it('is handled in a function with a short timeout', async () => {
    expect(await lambdaFunction({ sqs: () => {} }).send(messages('1'), 400)).toEqual(failuresOf())
  })

  it('waits for tasks passed to waitUntil', async () => {
    const seen: string[] = []
    const onBatch = async (): Promise<void> => {
      await new Promise(setImmediate)
      seen.push('told')
    }
    await lambdaFunction({ sqs: { handler: () => {}, onBatch } }).send(messages('1'))
    expect(seen).toEqual(['told'])
  })

  it.each([
    [
      'throws',
      () => {
        throw new Error('full')
      },
    ],
    ['rejects', () => Promise.reject(new Error('full'))],
  ])('is done though onBatch %s', async (_name, onBatch) => {
    const { log, send } = lambdaFunction({ sqs: { handler: () => {}, onBatch } })
    expect(await send(messages('1'))).toEqual(failuresOf())
    expect(log).toEqual(['handler invocation-1: full'])
  })

  it('is done though onBatch does not end before the deadline', async () => {
    const { errors, send } = lambdaFunction({ sqs: { handler: () => {}, onBatch: () => new Promise(() => {}) } })
    expect(await untilDeadline(() => send(messages('1')))).toEqual(failuresOf())
    expect(errors).toMatchObject([{ code: 'LEX_ERR_INFRA_002' }])
  })

  it.each([
    ['sqs', [sqsRecord('1', '1'), { ...sqsRecord('2', '1'), messageId: undefined }], /its messageId/],
    ['kinesis', [{ eventSource: 'aws:kinesis' }], /its sequence number/],
    ['dynamodb', [{ eventSource: 'aws:dynamodb' }], /its sequence number/],
  ] as const)(
    'a batch of %s is refused before any record when one could not be named',
    async (name, records, message) => {
      const seen: unknown[] = []
      await expect(lambdaFunction({ [name]: () => seen.push(1) }).send({ Records: records })).rejects.toThrow(message)
      expect(seen).toEqual([])
    },
  )

  it('a batch of several sources is refused before any record, by their names', async () => {
    const seen: unknown[] = []
    const see = (record: unknown): void => void seen.push(record)
    const { send } = lambdaFunction({ sqs: see, kinesis: see })
    await expect(send({ Records: [sqsRecord('1', '1'), kinesisRecord('1', '1')] })).rejects.toMatchObject({
      code: 'LEX_ERR_USE_001',
      message: expect.stringMatching(/Records of several sources: aws:sqs, aws:kinesis/),
    })
    expect(seen).toEqual([])
  })

  it('fails before any record when the application does not boot', async () => {
    let boots = 0
    const errors: unknown[] = []
    const app = createApplication({
      name: 'test',
      providers: [{ name: 'flaky', boot: () => (++boots === 1 ? Promise.reject(new Error('down')) : undefined) }],
      onError: ({ error, phase }) => errors.push([phase, (error as Error).message]),
    })
    const handler = lambda.on(app, { sqs: () => {} }, { env: {}, bootAtInit: false })
    await expect(handler(messages('1'), contextWith(60_000))).rejects.toThrow('down')
    expect(await handler(messages('1'), contextWith(60_000))).toEqual(failuresOf())
    expect(errors).toEqual([['boot', 'down']])
  })
})
