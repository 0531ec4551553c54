import type { SNSEvent, SNSEventRecord } from 'aws-lambda'
import { batchSource, recordsOf, textOr } from '../batch-source.ts'
import type { RecordOptions } from '../handlers.ts'
import { traceOf } from '../trace-header.ts'

/** Notifications: they have no order, and Lambda knows only the whole invocation. */
export const sns = batchSource<SNSEvent, RecordOptions<SNSEventRecord>>({
  name: 'sns',
  matches: recordsOf('aws:sns'),
  checkpoints: false,
  partialFailures: 'never',
  items: ({ Records }, options) =>
    Records.map((record, index) => ({
      id: textOr(record.Sns?.MessageId, String(index)),
      itemIdentifier: undefined,
      record,
      traceParent: traceOf({ traceparent: record.Sns?.MessageAttributes?.['traceparent']?.Value }),
      run: (scope) => options.handler(record, scope),
    })),
})
