import middy from '@middy/core'
import partialBatchFailure from '@middy/sqs-partial-batch-failure'
import { place } from './work.ts'

interface Event {
  readonly Records: readonly { readonly body: string }[]
}

export const handler = middy()
  .use(partialBatchFailure())
  .handler((event: unknown) =>
    Promise.allSettled((event as Event).Records.map(async ({ body }) => place(JSON.parse(body) as { order: number }))),
  )
