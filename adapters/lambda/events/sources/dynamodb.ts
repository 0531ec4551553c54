import type { DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda'
import { recordsOf, required, textOr } from '../batch-source.ts'
import type { BatchOptions, WindowOptions } from '../handlers.ts'
import { streamSource } from '../stream-source.ts'

/** Changes of a table. A batch is of one shard, which the event does not name. */
export const dynamodb = streamSource<DynamoDBStreamEvent, BatchOptions<DynamoDBRecord>, WindowOptions<DynamoDBRecord>>({
  name: 'dynamodb',
  more: ['partialFailures'],
  service: 'dynamodb',
  matches: recordsOf('aws:dynamodb'),
  checkpoints: true,
  partialFailures: true,
  items: ({ Records }, options) =>
    Records.map((record) => {
      const id = required(record.dynamodb?.SequenceNumber, 'sequence number')
      return {
        id,
        group: textOr(record.eventSourceARN, ''),
        itemIdentifier: id,
        record,
        run: (scope) => options.handler(record, scope),
      }
    }),
})
