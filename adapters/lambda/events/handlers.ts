import type {
  APIGatewayProxyWebsocketEventV2,
  CognitoUserPoolTriggerEvent,
  DynamoDBRecord,
  EventBridgeEvent,
  KinesisStreamRecord,
  MSKRecord,
  S3EventRecord,
  ScheduledEvent,
  SESEventRecord,
  SelfManagedKafkaRecord,
  SNSEventRecord,
  SQSRecord,
} from 'aws-lambda'
import type { BatchSummary, Message, Scope } from '../../../src/runtime/index.ts'

/** How a body is read: as JSON, as text, or as it is. */
export type BodyFormat = 'json' | 'text' | 'bytes'

/** A message of SQS; handlers that are to be portable take `Message`. */
export interface SqsMessage extends Message {
  readonly record: SQSRecord
}

/** A record of a Kinesis stream. */
export interface KinesisMessage {
  /** Its sequence number. */
  readonly id: string
  readonly timestamp: Date
  readonly body: unknown
  readonly partitionKey: string
  readonly record: KinesisStreamRecord
}

/** A record of Kafka, Amazon's or one's own. */
export interface KafkaMessage {
  /** Topic, partition and offset. */
  readonly id: string
  readonly timestamp: Date
  /** `null` for a tombstone: a key whose value is gone. */
  readonly body: unknown
  readonly key: string | undefined
  readonly record: MSKRecord | SelfManagedKafkaRecord
}

/**
 * Handles one record in its own scope. Returning anything but an `Err` is success; an `Err` or a throw is reported,
 * and has the record delivered again as its source does that.
 */
export type RecordHandler<TRecord> = (record: TRecord, scope: Scope) => unknown

/** Options of a source whose events have several records. */
export interface RecordOptions<TRecord> {
  readonly handler: RecordHandler<TRecord>
  /** How many records are handled at the same time; those of one shard, partition or FIFO group never are. @default 1 */
  readonly concurrency?: number
  /** Called after the last record of each batch, and awaited before the answer. Its failure is reported. */
  readonly onBatch?: (summary: BatchSummary) => unknown
}

/** Options of a source whose failed records are reported one by one. */
export interface BatchOptions<TRecord> extends RecordOptions<TRecord> {
  /**
   * Whether the trigger has `ReportBatchItemFailures`. Without it Lambda ignores which records failed, so one failure
   * has to fail the whole batch: say false then. @default true, for Kafka false
   */
  readonly partialFailures?: boolean
}

/** Options of a source whose records have a body. */
export interface BodyOptions<TRecord> extends BatchOptions<TRecord> {
  /** How bodies are read. @default 'json' */
  readonly body?: BodyFormat
}

/** A tumbling window of a stream: a time span of one shard, in which Lambda keeps a state between batches. */
export interface TumblingWindow {
  readonly start: Date
  readonly end: Date
  readonly shardId: string
  /** Whether it ends before its time because its state was larger than 1 MB. */
  readonly isTerminatedEarly: boolean
}

/** What Lambda keeps between the batches of a window, as JSON; `{}` when a window begins. */
export type WindowState = Readonly<Record<string, unknown>>

/** The two functions of a tumbling window: one adds a record to its state, one ends it. */
export interface WindowHandlers<TRecord, State extends WindowState = WindowState> {
  /**
   * Adds one record to the window's state, in a scope per record, and returns the new state. It may change the state
   * that it is given, which is a copy, and return nothing. After an `Err` or a throw the state is as before, and the
   * record comes again.
   */
  add(state: State, record: TRecord, scope: Scope): unknown
  /**
   * Called with the state when the window has ended, in its own scope. An `Err` or a throw fails the invocation, and
   * Lambda tries again until it succeeds.
   */
  end?(state: State, window: TumblingWindow, scope: Scope): unknown
}

/** For triggers with a tumbling window. Records are handled one at a time, in their order. */
export interface WindowOptions<TRecord> extends Omit<BatchOptions<TRecord>, 'handler' | 'concurrency'> {
  readonly window: WindowHandlers<TRecord>
  readonly handler?: undefined
  readonly concurrency?: undefined
}

/** Handlers of a tumbling window of Kinesis, and how its bodies are read. */
export interface KinesisWindowOptions extends WindowOptions<KinesisMessage> {
  /** How bodies are read. @default 'json' */
  readonly body?: BodyFormat
}

/** Options of the source `sqs`. */
export interface SqsOptions extends BodyOptions<SqsMessage> {
  /**
   * Carries out `message.retry({ delaySeconds })`: SQS takes a delay for a message only by `ChangeMessageVisibility`, a
   * separate call. Awaited before the message is handed back. @default the queue's visibility timeout
   */
  readonly onRetryDelay?: (record: SQSRecord, delaySeconds: number) => unknown
}

/** What `on` takes: a handler for each kind of event that triggers the function. */
export interface EventHandlers {
  /** One scope per message. FIFO queues keep the order of each message group. */
  readonly sqs?: RecordHandler<SqsMessage> | SqsOptions
  /** One scope per record, in the order of the shard; the first failure is the checkpoint. */
  readonly kinesis?: RecordHandler<KinesisMessage> | BodyOptions<KinesisMessage> | KinesisWindowOptions
  /** One scope per change, in order; the first failure is the checkpoint. */
  readonly dynamodb?: RecordHandler<DynamoDBRecord> | BatchOptions<DynamoDBRecord> | WindowOptions<DynamoDBRecord>
  /** One scope per record, in the order of the partition. */
  readonly kafka?: RecordHandler<KafkaMessage> | BodyOptions<KafkaMessage>
  /** One scope per notification; a failure fails the invocation, which Lambda tries again. */
  readonly sns?: RecordHandler<SNSEventRecord> | RecordOptions<SNSEventRecord>
  /** One scope per object; a failure fails the invocation. Keys are URL-encoded, with `+` for spaces. */
  readonly s3?: RecordHandler<S3EventRecord> | RecordOptions<S3EventRecord>
  /** One scope per mail. What the handler returns is the answer of a synchronous rule. */
  readonly ses?: RecordHandler<SESEventRecord>
  /** Scheduled events; without it `eventBridge` gets them. */
  readonly schedule?: RecordHandler<ScheduledEvent>
  readonly eventBridge?: RecordHandler<EventBridgeEvent<string, unknown>>
  /** User pool triggers. Cognito gets what the handler returns, or else the event, which the handler may have changed. */
  readonly cognito?: RecordHandler<CognitoUserPoolTriggerEvent>
  /** API Gateway's WebSocket routes. Without a returned answer it is a 200. */
  readonly webSocket?: RecordHandler<APIGatewayProxyWebsocketEventV2>
  /** Everything else: direct invocations, Step Functions, authorizers. The caller gets what the handler returns. */
  readonly other?: RecordHandler<unknown>
}
