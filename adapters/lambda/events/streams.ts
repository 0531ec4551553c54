import type { DynamoDBRecord, KinesisStreamRecord } from 'aws-lambda'
import { required, type BatchItem } from './batch.ts'
import { readBody } from './body.ts'
import type { BodyOptions, KinesisMessage, RecordOptions } from './handlers.ts'

/**
 * Records of Kinesis, in groups of a shard: `eventID` begins with the shard's name.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html
 */
export function kinesisItems(
  records: readonly KinesisStreamRecord[],
  options: BodyOptions<KinesisMessage>,
): BatchItem[] {
  return records.map((record) => {
    const { kinesis } = record
    const id = required(kinesis?.sequenceNumber, 'sequence number')
    return {
      id,
      group: `${record.eventSourceARN} ${/^[^:]*/.exec(record.eventID)?.[0]}`,
      itemIdentifier: id,
      record,
      run: (scope) => {
        const message: KinesisMessage = {
          id,
          timestamp: new Date(kinesis.approximateArrivalTimestamp * 1000),
          partitionKey: kinesis.partitionKey,
          body: readBody(kinesis.data, 'base64', options.body),
          record,
        }
        return options.handler(message, scope)
      },
    }
  })
}

/** Changes of a DynamoDB table. A batch is of one shard, which the event does not name. */
export function dynamodbItems(records: readonly DynamoDBRecord[], options: RecordOptions<DynamoDBRecord>): BatchItem[] {
  return records.map((record) => {
    const id = required(record.dynamodb?.SequenceNumber, 'sequence number')
    return {
      id,
      group: String(record.eventSourceARN),
      itemIdentifier: id,
      record,
      run: (scope) => options.handler(record, scope),
    }
  })
}
