import type { SQSRecord } from 'aws-lambda'
import { required, type BatchItem } from './batch.ts'
import { readBody } from './body.ts'
import type { BodyOptions, SqsMessage } from './handlers.ts'

/**
 * Messages of SQS. Only a FIFO queue's groups are an order: a standard queue has groups too, for fairness.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues.html
 */
export function sqsItems(records: readonly SQSRecord[], options: BodyOptions<SqsMessage>): BatchItem[] {
  return records.map((record) => {
    const id = required(record.messageId, 'messageId')
    const isFifo = required(record.eventSourceARN, 'eventSourceARN').endsWith('.fifo')
    let decision: 'ack' | 'retry' | undefined
    return {
      id,
      group: (isFifo ? record.attributes?.MessageGroupId : undefined) ?? id,
      itemIdentifier: id,
      record,
      decision: () => decision,
      run: (scope) => {
        const { attributes } = record
        const message: SqsMessage = {
          id,
          timestamp: new Date(Number(attributes?.SentTimestamp ?? 0)),
          attempts: Number(attributes?.ApproximateReceiveCount ?? 1),
          body: readBody(Buffer.from(record.body ?? ''), options.body),
          record,
          ack: () => void (decision ??= 'ack'),
          retry: () => void (decision ??= 'retry'),
        }
        return options.handler(message, scope)
      },
    }
  })
}
