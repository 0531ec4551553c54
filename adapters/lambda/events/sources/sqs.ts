import type { SQSEvent, SQSRecord } from 'aws-lambda'
import { decideOnce, type TraceParent } from '../../../../src/runtime/index.ts'
import { batchSource, numberOr, readBody, type RecordItem, recordsOf, required } from '../batch-source.ts'
import type { SqsMessage, SqsOptions } from '../handlers.ts'
import { traceOf } from '../trace-header.ts'

export const sqs = batchSource<SQSEvent, SqsOptions>({
  name: 'sqs',
  more: ['partialFailures', 'body', 'onRetryDelay'],
  matches: recordsOf('aws:sqs'),
  checkpoints: false,
  partialFailures: true,
  items: ({ Records }, options) => Records.map((record) => itemOf(record, options)),
})

/**
 * Only the groups of a FIFO queue have an order: those of a standard queue are for fairness. There each message is a group,
 * so that two deliveries of one message in a batch do not run at the same time.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues.html
 */
function itemOf(record: SQSRecord, options: SqsOptions): RecordItem {
  const id = required(record.messageId, 'messageId')
  const isFifo = required(record.eventSourceARN, 'eventSourceARN').endsWith('.fifo')
  const traceParent = traceParentOf(record)
  let delay: number | undefined
  const { ack, retry, decision } = decideOnce({ retry: (given) => void (delay = given?.delaySeconds) })
  return {
    id,
    group: isFifo ? required(record.attributes?.MessageGroupId, 'MessageGroupId') : id,
    itemIdentifier: id,
    record,
    traceParent,
    decision,
    async run(scope) {
      const { attributes } = record
      const message: SqsMessage = {
        id,
        requestId: id,
        traceParent,
        timestamp: new Date(numberOr(attributes?.SentTimestamp, 0)),
        attempts: numberOr(attributes?.ApproximateReceiveCount, 1),
        body: readBody(record.body, 'utf8', options.body),
        record,
        ack,
        retry,
      }
      try {
        return await options.handler(message, scope)
      } finally {
        if (delay !== undefined) await options.onRetryDelay?.(record, delay)
      }
    },
  }
}

function traceParentOf({ attributes, messageAttributes }: SQSRecord): TraceParent | undefined {
  const traceparent = messageAttributes?.['traceparent']?.stringValue
  const header = attributes?.AWSTraceHeader
  if (traceparent === undefined && header === undefined) return undefined
  return traceOf({ traceparent, AWSTraceHeader: header })
}
