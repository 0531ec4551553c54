import type { Context, DynamoDBRecord, Handler, S3EventRecord, ScheduledEvent, SQSEvent, SQSRecord } from 'aws-lambda'
import { describe, expectTypeOf, it } from 'vitest'
import type { Application, Message, Scope } from '../../src/runtime/index.ts'
import { lambda, type LambdaHandler } from './handler.ts'
import type { LambdaContext } from './platform.ts'

declare const app: Application

describe('lambda', () => {
  it('makes what Amazon’s types call a handler', () => {
    expectTypeOf(lambda(app)).toEqualTypeOf<LambdaHandler>()
    expectTypeOf(lambda.on(app, {})).toEqualTypeOf<LambdaHandler>()
    expectTypeOf<LambdaHandler>().toExtend<(event: SQSEvent, context: Context) => ReturnType<Handler>>()
    expectTypeOf<Context>().toExtend<LambdaContext>()
  })

  it('types each event as its source has it', () => {
    lambda.on(app, {
      sqs: ({ record, body, attempts }) => {
        expectTypeOf(record).toEqualTypeOf<SQSRecord>()
        expectTypeOf(body).toBeUnknown()
        expectTypeOf(attempts).toBeNumber()
      },
      dynamodb: { handler: (record) => expectTypeOf(record).toEqualTypeOf<DynamoDBRecord>() },
      s3: (record) => expectTypeOf(record).toEqualTypeOf<S3EventRecord>(),
      schedule: (event) => expectTypeOf(event).toEqualTypeOf<ScheduledEvent>(),
      other: (event) => expectTypeOf(event).toBeUnknown(),
    })
  })

  it('takes a portable handler, and none that believes a body unread', () => {
    const portable = (message: Message, scope: Scope): void => void [message, scope]
    lambda.on(app, { sqs: portable })
    const trusting = (message: Message<{ order: number }>): void => void message
    // @ts-expect-error a body is whatever somebody has sent
    lambda.on(app, { sqs: trusting })
  })

  it('has options only where they mean something', () => {
    // @ts-expect-error an event alone has nothing to be concurrent with
    lambda.on(app, { schedule: { handler: () => {}, concurrency: 2 } })
    // @ts-expect-error notifications fail as a whole
    lambda.on(app, { sns: { handler: () => {}, partialFailures: true } })
  })
})
