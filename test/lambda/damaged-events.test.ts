import fc from 'fast-check'
import type { EventHandlers } from 'lexigram-edge/lambda'
import { describe, expect, it } from 'vitest'
import { lambdaFunction, Session } from '../support/lambda-function.ts'
import { damaged, damages, eachReplaced } from './damage.ts'
import {
  dynamodbRecord,
  kafkaEvent,
  kinesisRecord,
  s3Record,
  snsRecord,
  sqsRecord,
  windowOf,
} from './fixtures/records.ts'
import { samples } from './fixtures/samples.ts'

const kinds = Object.keys(samples).filter((kind) => kind !== 'other') as (keyof typeof samples)[]
const isHandedBack = (error: Error): boolean => /^\d+ of \d+ records were not handled$/.test(error.message)

describe('a function', () => {
  const { send } = lambdaFunction(Object.fromEntries(kinds.map((kind) => [kind, () => {}])))

  /** An answer, or an error that says what is wrong with the event. */
  async function settles(event: unknown): Promise<void> {
    const outcome: unknown = await send(event).catch((error: unknown) => error)
    if (!(outcome instanceof Error) || isHandedBack(outcome)) return
    expect(outcome).toMatchObject({ code: 'LEX_ERR_USE_001' })
  }

  it('answers events of any shape, or refuses them by a typed error', async () => {
    await fc.assert(fc.asyncProperty(fc.anything(), settles))
  })

  // No text or number can be made of it.
  it.each(kinds)('answers an event of %s with a member that cannot be converted, or refuses it', async (kind) => {
    for (const replaced of eachReplaced(samples[kind], { toString: 0, valueOf: 0 })) await settles(replaced)
  })

  it('answers documented events with members missing or replaced, or refuses them by a typed error', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...kinds), damages, (kind, changes) => settles(damaged(samples[kind], changes))),
      { numRuns: 1000 },
    )
  })
})

describe('damaged records', () => {
  const use: NonNullable<EventHandlers['other']> = async (_record, scope) => void (await scope.resolve(Session))
  const events = [
    { Records: [sqsRecord('1', '1'), sqsRecord('2', '2', 'group')] },
    { Records: [kinesisRecord('1', '1'), kinesisRecord('2', '2')] },
    { Records: [dynamodbRecord('1'), dynamodbRecord('2')] },
    { Records: [snsRecord('1', 'text')] },
    { Records: [s3Record('a'), s3Record('b')] },
    kafkaEvent({ 0: ['1', '2'], 1: ['3'] }),
    windowOf('kinesis', [kinesisRecord('1', '1'), kinesisRecord('2', '2')], { isFinalInvokeForWindow: true }),
  ]

  const handlers = { sqs: use, kinesis: use, dynamodb: use, kafka: use, sns: use, s3: use }

  // No text or number can be made of it.
  it.each(events)(
    'damaged records with a member that cannot be converted end in no untyped error: %#',
    async (event) => {
      const { errors, send } = lambdaFunction(handlers)
      for (const replaced of eachReplaced(event, { toString: 0, valueOf: 0 })) {
        const outcome = await send(replaced).catch((error: unknown) => error)
        if (outcome instanceof Error && !isHandedBack(outcome))
          expect(outcome).toMatchObject({ code: 'LEX_ERR_USE_001' })
      }
      for (const error of errors) expect(error).toMatchObject({ code: expect.stringMatching(/^LEX_ERR_/) })
    },
  )

  it('end each scope once, however they end', async () => {
    const { errors, log, send } = lambdaFunction(handlers)
    let opened = 0
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...events), damages, async (event, changes) => {
        const outcome = await send(damaged(event, changes)).catch((error: unknown) => error)
        if (outcome instanceof Error && !isHandedBack(outcome)) {
          expect(outcome).toMatchObject({ code: 'LEX_ERR_USE_001' })
        }
        for (const line of log.splice(0)) if (line.startsWith('end ')) expect(line).toBe(`end ${++opened}`)
        for (const error of errors.splice(0)) expect(error).toMatchObject({ code: expect.stringMatching(/^LEX_ERR_/) })
      }),
      { numRuns: 2000 },
    )
    expect(opened).toBeGreaterThan(1000)
  })
})
