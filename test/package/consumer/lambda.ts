// One function for HTTP and every event that is typed by Amazon's declarations; prints what it answers.
import { createApplication, err } from 'lexigram-edge'
import { lambda } from 'lexigram-edge/lambda'
import type { Context, Handler, SQSEvent, SQSRecord } from 'aws-lambda'

const app = createApplication({
  name: 'orders',
  fetch: async (request) => Response.json({ path: new URL(request.url).pathname, body: await request.text() }),
  onError: () => {},
})

export const handler = lambda(app, {
  on: {
    sqs: ({ record, body }) => (isRecord(record) && body === 'good' ? undefined : err(new Error('poison'))),
    kinesis: ({ record }) => record.kinesis.sequenceNumber,
    dynamodb: (record) => record.dynamodb?.Keys,
    kafka: ({ record }) => record.topic,
    sns: (record) => record.Sns.Message,
    s3: (record) => record.s3.object.key,
    ses: (record) => record.ses.mail.messageId,
    schedule: (event) => event.time,
    eventBridge: (event) => event['detail-type'],
    cognito: (event) => event.triggerSource,
    webSocket: (event) => event.requestContext.routeKey,
  },
})
// As a deployed module is typed by others.
export const typed: Handler<SQSEvent, unknown> = handler

function isRecord(record: SQSRecord): boolean {
  return record.eventSource === 'aws:sqs'
}

// The runtime passes more members than the function reads.
const context = { awsRequestId: 'r-1', getRemainingTimeInMillis: () => 3000 } as Context
const request = {
  version: '2.0',
  rawPath: '/orders',
  rawQueryString: '',
  headers: { host: 'x.test' },
  body: 'hello',
  isBase64Encoded: false,
  requestContext: { stage: '$default', domainName: 'x.test', http: { method: 'POST' } },
}
const message = (messageId: string, body: unknown) => ({
  messageId,
  body: JSON.stringify(body),
  eventSource: 'aws:sqs',
  eventSourceARN: 'arn:aws:sqs:eu-central-1:1:orders',
  attributes: { ApproximateReceiveCount: '1', SentTimestamp: '0' },
})
const batch = { Records: [message('1', 'good'), message('2', 'bad')] }
process.stdout.write(JSON.stringify([await handler(request, context), await handler(batch, context)]))
