import type { MSKEvent, MSKRecord, SelfManagedKafkaEvent } from 'aws-lambda'
import { batchSource, numberOr, readBody, type RecordItem, required, requiredNumber } from '../batch-source.ts'
import { isObject } from '../event-source.ts'
import type { BodyOptions, KafkaMessage } from '../handlers.ts'
import { traceOf } from '../trace-header.ts'

/** Amazon's Kafka, and one's own. */
export const kafka = batchSource<MSKEvent | SelfManagedKafkaEvent, BodyOptions<KafkaMessage>>({
  name: 'kafka',
  more: ['partialFailures', 'body'],
  matches: ({ eventSource, records }) =>
    (eventSource === 'aws:kafka' || eventSource === 'SelfManagedKafka') && isRecordsByPartition(records),
  checkpoints: true,
  // Only provisioned pollers report single records.
  partialFailures: false,
  items: ({ records }, options) =>
    Object.values(records).flatMap((list) => list.map((record: MSKRecord) => itemOf(record, options))),
})

/**
 * A partition is a group.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/kafka-retry-configurations.html
 */
function itemOf(record: MSKRecord, options: BodyOptions<KafkaMessage>): RecordItem {
  const partition = `${required(record.topic, 'topic')}-${requiredNumber(record.partition, 'partition')}`
  const offset = requiredNumber(record.offset, 'offset')
  const id = `${partition}:${offset}`
  return {
    id,
    group: partition,
    itemIdentifier: { partition, offset },
    record,
    traceParent: traceOf({ traceparent: headerOf(record, 'traceparent') }),
    run: (scope) => {
      const message = {
        id,
        timestamp: new Date(numberOr(record.timestamp, Number.NaN)),
        key: typeof record.key === 'string' ? Buffer.from(record.key, 'base64').toString('utf8') : undefined,
        body: isTombstone(record) ? null : readBody(record.value, 'base64', options.body),
        record,
      }
      return options.handler(message, scope)
    },
  }
}

/** A header's text; its bytes come as numbers. */
function headerOf({ headers }: MSKRecord, name: string): string | undefined {
  if (!Array.isArray(headers)) return undefined
  const header = headers.find((one: unknown) => isObject(one) && isBytes(one[name]))
  return header === undefined ? undefined : Buffer.from(header[name] ?? []).toString('latin1')
}

function isBytes(value: unknown): boolean {
  return Array.isArray(value) && value.every((byte) => typeof byte === 'number')
}

/** A key without a value says that the key is gone. */
function isTombstone({ value }: { readonly value: unknown }): boolean {
  return value === null || value === undefined
}

function isRecordsByPartition(records: unknown): boolean {
  return isObject(records) && Object.values(records).every((list) => Array.isArray(list) && list.every(isObject))
}
