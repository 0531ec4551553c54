import { events } from './events.ts'

export interface Section {
  readonly title: string
  readonly event: object
  /** What the function must answer; the members of it that matter. */
  readonly expected: object
  /** Name in the table, file of the function; the first is what the others are compared with. */
  readonly functions: Readonly<Record<string, string>>
}

const http = {
  'hand-written': 'http-hand.ts',
  'hono/aws-lambda': 'http-hono.ts',
  Middy: 'http-middy.js',
  'lexigram-edge + Hono': 'http-lexigram.ts',
  'lexigram-edge + Hono, session in scope': 'http-lexigram-services.ts',
}

export const sections: Readonly<Record<string, Section>> = {
  get: {
    title: 'GET through an HTTP API',
    event: events.get,
    expected: { statusCode: 200, body: JSON.stringify({ id: '42', name: 'lamp', price: 1999 }) },
    functions: http,
  },
  post: {
    title: 'POST of 1 kB of JSON through an HTTP API',
    event: events.post,
    expected: { statusCode: 201, body: JSON.stringify({ id: '43', name: 'lamp', price: 1999 }) },
    functions: http,
  },
  sqs: {
    title: 'A batch of 10 messages from SQS',
    event: events.sqs,
    expected: { batchItemFailures: [] },
    functions: { 'hand-written': 'sqs-hand.ts', Middy: 'sqs-middy.js', 'lexigram-edge': 'sqs-lexigram.ts' },
  },
}
