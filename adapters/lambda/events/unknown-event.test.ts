import { describe, expect, it } from 'vitest'
import { samples } from '../../../test/lambda/fixtures/samples.ts'
import { lambdaFunction } from '../../../test/support/lambda-function.ts'
import type { EventHandlers } from './handlers.ts'

const failureOf = async (event: unknown, on: EventHandlers = {}): Promise<Error & { hint?: string }> =>
  lambdaFunction(on)
    .send(event)
    .then(
      () => new Error('handled'),
      (error: Error) => error,
    )

describe('the error of an event without a handler', () => {
  const kinds = Object.keys(samples).filter((kind) => kind !== 'other') as (keyof EventHandlers)[]
  it.each(kinds)('names %s and its handler', async (kind) => {
    const error = await failureOf(samples[kind])
    expect(error).toMatchObject({ code: 'LEX_ERR_USE_001', hint: expect.stringContaining(`{ on: { ${kind}: … } }`) })
    expect(error.message).toContain(`the ${kind} event`)
  })

  it.each([
    [null, 'null'],
    ['text', 'string'],
    [[1, 2], 'an array of 2'],
    [{ Records: [{ secret: 'swordfish', eventSource: 'custom' }] }, 'Records with secret, eventSource'],
    [{ Records: [1] }, 'Records: 1'],
    [{}, 'no members'],
    [{ raw_path: '/', is_base64_encoded: false }, 'raw_path, is_base64_encoded'],
  ])('names the members of %j', async (event, seen) => {
    expect((await failureOf(event, { schedule: () => {} })).message).toContain(`(${seen})`)
  })

  // https://docs.aws.amazon.com/lambda/latest/dg/with-mq.html and with-documentdb.html, services-codecommit.html
  it.each([
    [{ eventSource: 'aws:mq', messages: [] }, 'aws:mq: eventSource, messages'],
    [{ eventSource: 'aws:rmq', rmqMessagesByQueue: {} }, 'aws:rmq: eventSource, rmqMessagesByQueue'],
    [{ eventSource: 'aws:docdb', events: [] }, 'aws:docdb: eventSource, events'],
    [{ Records: [{ eventSource: 'aws:codecommit', codecommit: {} }] }, 'Records of aws:codecommit with eventSource'],
  ])('names the source of %j', async (event, seen) => {
    expect((await failureOf(event)).message).toContain(`(${seen}`)
  })

  it.each(['swordfish', 'aws:swordfish!', 'AWS:swordfish', 5])(
    'keeps a source of %j to itself',
    async (eventSource) => {
      for (const event of [{ eventSource }, { Records: [{ eventSource }] }, { Records: [{ eventSource }, {}] }]) {
        expect((await failureOf(event)).message).not.toContain('swordfish')
      }
    },
  )

  it('is a line, however large the event', async () => {
    const large = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`${i}`.padStart(500, 'x'), 1]))
    expect((await failureOf(large)).message.length).toBeLessThan(1200)
  })
})
