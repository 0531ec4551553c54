import type { MSKEvent, MSKRecord, SelfManagedKafkaEvent } from 'aws-lambda'
import { required, requiredNumber, type BatchItem } from './batch.ts'
import { readBody } from './body.ts'
import type { BodyOptions, KafkaMessage } from './handlers.ts'

/**
 * Records of Kafka, in groups of a partition.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/kafka-retry-configurations.html
 */
export function kafkaItems(event: MSKEvent | SelfManagedKafkaEvent, options: BodyOptions<KafkaMessage>): BatchItem[] {
  return Object.values(event.records).flatMap((records) =>
    records.map((record: MSKRecord) => {
      const partition = `${required(record.topic, 'topic')}-${requiredNumber(record.partition, 'partition')}`
      const offset = requiredNumber(record.offset, 'offset')
      const id = `${partition}:${offset}`
      return {
        id,
        group: partition,
        itemIdentifier: { partition, offset },
        record,
        run: (scope) => {
          const message: KafkaMessage = {
            id,
            timestamp: new Date(record.timestamp),
            key: typeof record.key === 'string' ? Buffer.from(record.key, 'base64').toString('utf8') : undefined,
            body: isTombstone(record) ? null : readBody(record.value, 'base64', options.body),
            record,
          }
          return options.handler(message, scope)
        },
      } satisfies BatchItem
    }),
  )
}

/** A key without a value says that the key is gone. */
function isTombstone({ value }: { readonly value: unknown }): boolean {
  return value === null || value === undefined
}
