import { describe, expect, it } from 'vitest'
import { checkHandlers } from './check-handlers.ts'
import type { EventHandlers } from './handlers.ts'

const handler = (): void => {}

describe('checkHandlers', () => {
  it.each([
    [null, 'on must be an object'],
    [handler, 'on must be an object'],
    [{ sqss: handler }, 'on cannot have sqss: no event source has this name'],
    [{ sqs: {} }, 'on.sqs must be a function, or an object whose handler is a function'],
    [{ sqs: 'handler' }, 'on.sqs must be a function, or an object whose handler is a function'],
    [{ sqs: { window: { add: handler } } }, 'on.sqs must be a function, or an object whose handler is a function'],
    [{ schedule: { handler } }, 'on.schedule must be a function'],
    [{ sqs: { handler, concurrency: 0 } }, "'concurrency' must be a number of at least 1"],
    [{ kafka: { handler, concurrency: Number.NaN } }, "'concurrency' must be a number of at least 1"],
    [{ kinesis: { handler, window: { add: handler } } }, /^on\.kinesis must be a function, or .* window\.add/],
    [{ kinesis: { window: { add: handler }, concurrency: 2 } }, 'on.kinesis.concurrency cannot be used with a window'],
    [{ kinesis: { window: {} } }, /^on\.kinesis must be a function, or .* window\.add/],
    [{ dynamodb: { window: { add: handler, end: 1 } } }, /^on\.dynamodb must be a function, or .* window\.add/],
    [{ sqs: { handler, body: 'xml' } }, "'body' must be 'json' or 'text' or 'bytes'"],
    [{ s3: { handler, partialFailures: true } }, "on.s3 cannot hold 'partialFailures'"],
    [{ kafka: { handler, onRetryDelay: handler } }, "on.kafka cannot hold 'onRetryDelay'"],
    [{ sqs: { handler, onBatch: 1 } }, "'onBatch' must be a function"],
  ])('refuses %j', (on, message) => {
    expect(() => checkHandlers(on as unknown as EventHandlers)).toThrow(message)
  })

  it('names the sources that there are', () => {
    expect(() => checkHandlers({ sqss: handler } as EventHandlers)).toThrow(
      expect.objectContaining({ hint: expect.stringMatching(/^Use one of the names sqs, kinesis, .*, other\.$/) }),
    )
  })

  it.each([
    {},
    { sqs: undefined },
    { sqs: handler },
    { sqs: { handler, concurrency: Infinity } },
    { kinesis: { window: { add: handler } } },
    { dynamodb: { window: { add: handler, end: handler }, partialFailures: false } },
  ])('takes %j', (on) => {
    expect(() => checkHandlers(on as EventHandlers)).not.toThrow()
  })
})
