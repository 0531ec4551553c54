import type { SQSRecord } from 'aws-lambda'
import { required, type BatchItem } from './batch.ts'
import { readBody } from './body.ts'
import type { SqsMessage, SqsOptions } from './handlers.ts'

/**
 * Messages of SQS. Only a FIFO queue's groups are an order: a standard queue has groups too, for fairness.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues.html
 */
export function sqsItems(records: readonly SQSRecord[], options: SqsOptions): BatchItem[] {
  return records.map((record) => {
    const id = required(record.messageId, 'messageId')
    const isFifo = required(record.eventSourceARN, 'eventSourceARN').endsWith('.fifo')
    let decision: 'ack' | 'retry' | undefined
    let delay: number | undefined
    return {
      id,
      group: isFifo ? required(record.attributes?.MessageGroupId, 'MessageGroupId') : id,
      itemIdentifier: id,
      record,
      decision: () => decision,
      async run(scope) {
        const { attributes } = record
        const message: SqsMessage = {
          id,
          timestamp: new Date(Number(attributes?.SentTimestamp ?? 0)),
          attempts: Number(attributes?.ApproximateReceiveCount ?? 1),
          body: readBody(record.body, 'utf8', options.body),
          record,
          ack: () => void (decision ??= 'ack'),
          retry: ({ delaySeconds } = {}) => {
            if (decision === undefined) delay = delaySeconds
            decision ??= 'retry'
          },
        }
        try {
          return await options.handler(message, scope)
        } finally {
          if (delay !== undefined) await options.onRetryDelay?.(record, delay)
        }
      },
    }
  })
}
