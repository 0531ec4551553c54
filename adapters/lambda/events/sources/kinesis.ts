import type { KinesisStreamEvent, KinesisStreamRecord } from 'aws-lambda'
import { numberOr, readBody, type RecordItem, recordsOf, required, textOr } from '../batch-source.ts'
import type { BodyOptions, KinesisMessage, KinesisWindowOptions } from '../handlers.ts'
import { streamSource } from '../stream-source.ts'

export const kinesis = streamSource<KinesisStreamEvent, BodyOptions<KinesisMessage>, KinesisWindowOptions>({
  name: 'kinesis',
  more: ['partialFailures', 'body'],
  service: 'kinesis',
  matches: recordsOf('aws:kinesis'),
  checkpoints: true,
  partialFailures: true,
  items: ({ Records }, options) => Records.map((record) => itemOf(record, options)),
})

/**
 * A shard is a group: `eventID` begins with its name.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html
 */
function itemOf(record: KinesisStreamRecord, options: BodyOptions<KinesisMessage>): RecordItem {
  const { kinesis: data } = record
  const id = required(data?.sequenceNumber, 'sequence number')
  return {
    id,
    group: `${textOr(record.eventSourceARN, '')} ${/^[^:]*/.exec(textOr(record.eventID, ''))?.[0]}`,
    itemIdentifier: id,
    record,
    run: (scope) => {
      const message = {
        id,
        timestamp: new Date(numberOr(data.approximateArrivalTimestamp, Number.NaN) * 1000),
        partitionKey: data.partitionKey,
        body: readBody(data.data, 'base64', options.body),
        record,
      }
      return options.handler(message, scope)
    },
  }
}
