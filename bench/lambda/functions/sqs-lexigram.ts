import { createApplication } from 'lexigram-edge'
import { lambda } from 'lexigram-edge/lambda'
import { place } from './work.ts'

export const handler = lambda.on(createApplication({ name: 'bench' }), {
  sqs: ({ body }) => place(body as { order: number }),
})
