import type { S3Event, S3EventRecord } from 'aws-lambda'
import { batchSource, recordsOf, textOr } from '../batch-source.ts'
import type { RecordOptions } from '../handlers.ts'

/** Events of objects: they have no order, and Lambda knows only the whole invocation. */
export const s3 = batchSource<S3Event, RecordOptions<S3EventRecord>>({
  name: 's3',
  matches: recordsOf('aws:s3'),
  checkpoints: false,
  partialFailures: 'never',
  items: ({ Records }, options) =>
    Records.map((record, index) => ({
      id: textOr(record.responseElements?.['x-amz-request-id'], String(index)),
      itemIdentifier: undefined,
      record,
      run: (scope) => options.handler(record, scope),
    })),
})
