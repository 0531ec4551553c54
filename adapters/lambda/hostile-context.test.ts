import { describe, expect, it } from 'vitest'
import { createApplication } from '../../src/runtime/application.ts'
import { RequestContext } from '../../src/runtime/index.ts'
import { sqsRecord } from '../../test/lambda/fixtures/records.ts'
import { lambda } from './handler.ts'

const fail = (): never => {
  throw new Error('no clock')
}
const event = { Records: [sqsRecord('1', '1')] }
const noNumber = 'what getRemainingTimeInMillis returns must be a number (milliseconds)'

/** Handles a batch of one message in a context, with what its handler saw and what was reported. */
async function handleIn(context: object) {
  const reports: string[] = []
  const seen: unknown[] = []
  const app = createApplication({
    name: 'test',
    onError: ({ error, subject }) => reports.push(`${subject}: ${(error as Error).message}`),
  })
  const handler = lambda.on(
    app,
    { sqs: async (_message, scope) => void seen.push((await scope.resolve(RequestContext)).deadline) },
    { env: {} },
  )
  const answer = await handler(event, context as never)
  return { answer, seen, reports }
}

describe('a Lambda context', () => {
  it.each([
    ['whose clock throws', { getRemainingTimeInMillis: fail }, 'no clock'],
    ['whose clock cannot be read', Object.defineProperty({}, 'getRemainingTimeInMillis', { get: fail }), 'no clock'],
    ['whose time is not a number', { getRemainingTimeInMillis: () => '3000' }, noNumber],
    ['whose time is NaN', { getRemainingTimeInMillis: () => Number.NaN }, noNumber],
  ])('%s lets the event be handled without a deadline, which is reported', async (_name, context, message) => {
    const { answer, seen, reports } = await handleIn(context)
    expect(answer).toEqual({ batchItemFailures: [] })
    expect(seen).toEqual([undefined])
    expect(reports).toEqual([`undefined: ${message}`])
  })

  it('a Lambda context whose id cannot be read does not keep an event from its handler', async () => {
    const { answer, reports } = await handleIn(Object.defineProperty({}, 'awsRequestId', { get: fail }))
    expect([answer, reports]).toEqual([{ batchItemFailures: [] }, []])
  })

  it('a Lambda context whose time is below 0 returns what was not begun', async () => {
    const { answer, seen } = await handleIn({ getRemainingTimeInMillis: () => -1 })
    expect([answer, seen]).toEqual([{ batchItemFailures: [{ itemIdentifier: '1' }] }, []])
  })
})

it('lambda.on refuses the option on, which its argument is', () => {
  const options = { on: {} } as object
  expect(() => lambda.on(createApplication({ name: 'test' }), {}, options)).toThrow(
    expect.objectContaining({ code: 'LEX_ERR_USE_001', message: expect.stringContaining("cannot hold 'on'") }),
  )
})
