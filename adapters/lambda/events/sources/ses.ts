import type { SESEvent, SESEventRecord } from 'aws-lambda'
import { recordsOf } from '../batch-source.ts'
import type { EventSource } from '../event-source.ts'
import { handleOne } from '../handle-one.ts'
import type { RecordHandler } from '../handlers.ts'

/** Received mail. The last mail's answer is that of a synchronous rule, which sends one mail at a time. */
export const ses: EventSource<SESEvent, RecordHandler<SESEventRecord>> = {
  name: 'ses',
  options: 'none',
  matches: recordsOf('aws:ses'),
  async handle({ Records }, handler, lambda) {
    let answer: unknown
    for (const record of Records) answer = await handleOne({ trigger: 'ses', event: record }, handler, lambda)
    return answer
  },
}
