import type { S3EventRecord, SNSEventRecord } from 'aws-lambda'
import type { BatchItem } from './batch.ts'
import type { RecordOptions } from './handlers.ts'

/** Notifications and object events: nothing orders them, and Lambda knows only the whole invocation. */
export function notificationItems<Record extends SNSEventRecord | S3EventRecord>(
  records: readonly Record[],
  options: RecordOptions<Record>,
): BatchItem[] {
  return records.map((record, index) => ({
    id: idOf(record) ?? String(index),
    group: String(index),
    itemIdentifier: undefined,
    record,
    run: (scope) => options.handler(record, scope),
  }))
}

function idOf(record: SNSEventRecord | S3EventRecord): string | undefined {
  return 'Sns' in record ? record.Sns?.MessageId : record.responseElements?.['x-amz-request-id']
}
