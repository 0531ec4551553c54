import type {
  DynamoDBStreamEvent,
  KinesisStreamEvent,
  MSKEvent,
  S3Event,
  SESEvent,
  SNSEvent,
  SQSEvent,
} from 'aws-lambda'
import { isResult, type Application, type Scope } from '../../../src/runtime/index.ts'
import { invocationOf, lambdaRuntime, type InvocationOptions, type LambdaInvocation } from '../invocation.ts'
import type { LambdaContext } from '../platform.ts'
import { handleBatch, type BatchItem, type BatchRules } from './batch.ts'
import { eventSourceOf, isEmptyBatch, type EventSource } from './detect.ts'
import { optionsOf, type BatchOptions, type EventHandlers, type RecordHandler, type RecordOptions } from './handlers.ts'
import { kafkaItems } from './kafka.ts'
import { notificationItems } from './notifications.ts'
import { sqsItems } from './sqs.ts'
import { dynamodbItems, kinesisItems } from './streams.ts'
import { runInvocation } from './run-invocation.ts'
import { unknownEvent } from './unknown-event.ts'

export interface EventOptions extends InvocationOptions {
  readonly on: EventHandlers
}

/**
 * Handles an event that is no HTTP request. Rejects when Lambda has to deliver all of it again; a failed boot does that
 * too, before any record is touched.
 */
export async function handleEvent(
  app: Application,
  event: unknown,
  context: LambdaContext,
  options: EventOptions,
): Promise<unknown> {
  const lambda = invocationOf(context, options)
  try {
    await boot(app, lambda, options.env)
    return await dispatch(app, lambda, event, options.on)
  } finally {
    await lambda.settle(app)
  }
}

async function boot(app: Application, lambda: LambdaInvocation, env: object): Promise<void> {
  try {
    await lambda.inTime(app.start(env, lambdaRuntime))
  } catch (error) {
    app.options.onError?.(error, 'boot')
    throw error
  }
}

// Each cast is what `eventSourceOf` has told.
async function dispatch(
  app: Application,
  lambda: LambdaInvocation,
  event: unknown,
  on: EventHandlers,
): Promise<unknown> {
  if (isEmptyBatch(event) && on.other === undefined && Object.keys(on).length > 0) return { batchItemFailures: [] }
  const source = handledSource(event, on)
  const batch = (items: readonly BatchItem[], rules: BatchRules) => handleBatch(app, lambda, items, rules)
  const single = <E>(input: E, handler: RecordHandler<E>) => handleSingle(app, lambda, input, handler)
  switch (source) {
    case 'sqs': {
      const options = optionsOf(on.sqs!)
      return batch(sqsItems((event as SQSEvent).Records, options), rulesOf(source, options))
    }
    case 'kinesis': {
      const options = optionsOf(on.kinesis!)
      return batch(kinesisItems((event as KinesisStreamEvent).Records, options), rulesOf(source, options))
    }
    case 'dynamodb': {
      const options = optionsOf(on.dynamodb!)
      return batch(dynamodbItems((event as DynamoDBStreamEvent).Records, options), rulesOf(source, options))
    }
    case 'kafka': {
      const options = optionsOf(on.kafka!)
      return batch(kafkaItems(event as MSKEvent, options), rulesOf(source, options))
    }
    case 'sns': {
      const options = optionsOf(on.sns!)
      return void (await batch(notificationItems((event as SNSEvent).Records, options), rulesOf(source, options)))
    }
    case 's3': {
      const options = optionsOf(on.s3!)
      return void (await batch(notificationItems((event as S3Event).Records, options), rulesOf(source, options)))
    }
    case 'ses': {
      const answers: unknown[] = []
      for (const record of (event as SESEvent).Records) answers.push(await single(record, on.ses!))
      return answers.at(-1)
    }
    case 'cognito':
      return (await single(event as never, on.cognito!)) ?? event
    case 'webSocket':
      return (await single(event as never, on.webSocket!)) ?? { statusCode: 200 }
    case 'schedule':
    case 'eventBridge':
      return void (await single(event as never, on[source]!))
    case 'other':
      return reported(app, () => runInvocation(app, lambda, event, (scope) => on.other!(event, scope)))
  }
}

/** The handler to which the event goes. @throws UsageError `LEX_ERR_USE_001` when there is none */
function handledSource(event: unknown, on: EventHandlers): keyof EventHandlers {
  const source = eventSourceOf(event)
  if (source !== undefined && on[source] !== undefined) return source
  if (source === 'schedule' && on.eventBridge !== undefined) return 'eventBridge'
  if (on.other !== undefined) return 'other'
  throw unknownEvent(event, source)
}

const checkpointing: readonly EventSource[] = ['kinesis', 'dynamodb', 'kafka']
const wholeOnly: readonly EventSource[] = ['kafka', 'sns', 's3']

function rulesOf<Record>(source: EventSource, options: RecordOptions<Record> | BatchOptions<Record>): BatchRules {
  const given = 'partialFailures' in options ? options.partialFailures : undefined
  return {
    source,
    concurrency: options.concurrency ?? 1,
    checkpoints: checkpointing.includes(source),
    partialFailures: given ?? !wholeOnly.includes(source),
    onBatch: options.onBatch,
  }
}

/** One event, one scope. An `Err` fails the invocation, so that its source tries again. */
function handleSingle<E>(
  app: Application,
  lambda: LambdaInvocation,
  event: E,
  handler: (event: E, scope: Scope) => unknown,
): Promise<unknown> {
  return reported(app, async () => {
    const outcome = await runInvocation(app, lambda, event, (scope) => handler(event, scope))
    if (!isResult(outcome)) return outcome
    if (outcome.ok) return outcome.value
    throw outcome.error instanceof Error ? outcome.error : new Error('the handler failed', { cause: outcome.error })
  })
}

async function reported(app: Application, work: () => Promise<unknown>): Promise<unknown> {
  try {
    return await work()
  } catch (error) {
    app.options.onError?.(error, 'handler')
    throw error
  }
}
