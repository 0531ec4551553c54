import type {
  ALBHandler,
  APIGatewayProxyHandler,
  APIGatewayProxyHandlerV2,
  APIGatewayProxyWebsocketHandlerV2,
  Context,
  DynamoDBRecord,
  DynamoDBStreamHandler,
  EventBridgeHandler,
  Handler,
  KinesisStreamHandler,
  MSKHandler,
  PreSignUpTriggerHandler,
  S3EventRecord,
  S3Handler,
  ScheduledEvent,
  ScheduledHandler,
  SESHandler,
  SNSHandler,
  SQSBatchResponse,
  SQSEvent,
  SQSHandler,
  SQSRecord,
} from 'aws-lambda'
import { describe, expectTypeOf, it } from 'vitest'
import type { Application, Message, Scope } from '../../src/runtime/index.ts'
import type { KinesisMessage, TumblingWindow } from './events/handlers.ts'
import { lambda, type LambdaHandler } from './handler.ts'
import type { LambdaContext } from './platform.ts'

declare const app: Application
declare const event: SQSEvent
declare const context: Context

describe('lambda', () => {
  it('makes what Amazon’s types call a handler', () => {
    expectTypeOf(lambda(app)).toEqualTypeOf<LambdaHandler>()
    expectTypeOf(lambda.on(app, {})).toEqualTypeOf<LambdaHandler>()
    expectTypeOf<Context>().toExtend<LambdaContext>()
  })

  it('makes a handler of every kind that Amazon’s types have', () => {
    expectTypeOf<LambdaHandler>().toExtend<Handler>()
    expectTypeOf<LambdaHandler>().toExtend<Handler<SQSEvent, SQSBatchResponse>>()
    expectTypeOf<LambdaHandler>().toExtend<SQSHandler>()
    expectTypeOf<LambdaHandler>().toExtend<KinesisStreamHandler>()
    expectTypeOf<LambdaHandler>().toExtend<DynamoDBStreamHandler>()
    expectTypeOf<LambdaHandler>().toExtend<MSKHandler>()
    expectTypeOf<LambdaHandler>().toExtend<SNSHandler>()
    expectTypeOf<LambdaHandler>().toExtend<S3Handler>()
    expectTypeOf<LambdaHandler>().toExtend<SESHandler>()
    expectTypeOf<LambdaHandler>().toExtend<ScheduledHandler>()
    expectTypeOf<LambdaHandler>().toExtend<EventBridgeHandler<'OrderPlaced', { readonly id: string }, void>>()
    expectTypeOf<LambdaHandler>().toExtend<PreSignUpTriggerHandler>()
    expectTypeOf<LambdaHandler>().toExtend<APIGatewayProxyHandler>()
    expectTypeOf<LambdaHandler>().toExtend<APIGatewayProxyHandlerV2>()
    expectTypeOf<LambdaHandler>().toExtend<APIGatewayProxyWebsocketHandlerV2>()
    expectTypeOf<LambdaHandler>().toExtend<ALBHandler>()
    const handler: SQSHandler = lambda.on(app, { sqs: () => {} })
    expectTypeOf(handler).toEqualTypeOf<SQSHandler>()
  })

  it('answers with something unknown unless the caller says what', () => {
    expectTypeOf(lambda(app)(event, context)).resolves.toBeUnknown()
    expectTypeOf(lambda(app)<SQSBatchResponse>(event, context)).resolves.toEqualTypeOf<SQSBatchResponse>()
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
    // @ts-expect-error a window’s records come one after the other
    lambda.on(app, { kinesis: { window: { add: () => {} }, concurrency: 2 } })
    // @ts-expect-error a queue has no windows
    lambda.on(app, { sqs: { window: { add: () => {} } } })
  })

  it('types windows, whose state a handler may declare', () => {
    interface Counts {
      readonly [key: string]: number
    }
    lambda.on(app, {
      kinesis: {
        body: 'text',
        window: {
          add: (state, message) => {
            expectTypeOf(state).toEqualTypeOf<Readonly<Record<string, unknown>>>()
            expectTypeOf(message).toEqualTypeOf<KinesisMessage>()
          },
          end: (_state, window) => expectTypeOf(window).toEqualTypeOf<TumblingWindow>(),
        },
      },
      dynamodb: { window: { add: (counts: Counts, record) => ({ ...counts, [record.eventName ?? '']: 1 }) } },
    })
  })

  it('reads its environment from an object or from a function that makes one', () => {
    lambda(app, { env: { A: '1' } })
    lambda(app, { env: () => ({ A: '1' }) })
    lambda(app, { env: async () => ({ ...process.env, A: '1' }) })
  })
})
