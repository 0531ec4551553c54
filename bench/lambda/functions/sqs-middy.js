import middy from '@middy/core'
import partialBatchFailure from '@middy/sqs-partial-batch-failure'
import { place } from './work.ts'

export const handler = middy()
  .use(partialBatchFailure())
  .handler((event) => Promise.allSettled(event.Records.map(async ({ body }) => place(JSON.parse(body)))))
