import { describe, expect, it } from 'vitest'
import { createApplication } from '../../src/runtime/application.ts'
import { expectTrace } from '../../src/testing/tracing/expect-trace.ts'
import { createTestTracer } from '../../src/testing/tracing/test-tracer.ts'
import { lambda } from './handler.ts'

const context = { awsRequestId: 'r-1', getRemainingTimeInMillis: () => 30_000 } as never
const traceId = 'a'.repeat(32)
const stringValue = `00-${traceId}-${'b'.repeat(16)}-01`
const record = (messageId: string, extra: object) => ({
  messageId,
  body: '{"secret":"hunter2"}',
  eventSource: 'aws:sqs',
  eventSourceARN: 'arn:aws:sqs:eu-west-1:1:orders',
  attributes: {},
  ...extra,
})

describe('the trace of a Lambda function', () => {
  it('goes on with that of each message’s sender, without anything of the message', async () => {
    const tracer = createTestTracer()
    const app = createApplication({ name: 'shop', tracer, onError: () => {} })
    const handler = lambda(app, {
      env: {},
      on: {
        sqs: ({ id }) => {
          if (id === 'm-2') throw new RangeError('hunter2')
        },
      },
    })
    const root = traceId.replace(/^(.{8})/, '1-$1-')
    await handler(
      {
        Records: [
          record('m-1', { messageAttributes: { traceparent: { stringValue, dataType: 'String' } } }),
          record('m-2', { attributes: { AWSTraceHeader: `Root=${root};Parent=${'c'.repeat(16)};Sampled=1` } }),
          record('m-3', { messageAttributes: { traceparent: { stringValue: 'hunter2', dataType: 'String' } } }),
        ],
      },
      context,
    )
    const [first, second, third] = tracer.named('process orders')
    expect(first).toMatchObject({ traceId, callerId: 'b'.repeat(16), kind: 'consumer', failure: undefined })
    expect(first?.attributes).toMatchObject({ 'messaging.system': 'aws_sqs', 'messaging.message.id': 'm-1' })
    expect(second).toMatchObject({ traceId, callerId: 'c'.repeat(16), failure: 'RangeError' })
    expect(third).toMatchObject({ callerId: undefined })
    expect(JSON.stringify(tracer.roots)).not.toContain('hunter2')
  })

  it('names other events by their source', async () => {
    const tracer = createTestTracer()
    const handler = lambda(createApplication({ name: 'shop', tracer }), { env: {}, on: { schedule: () => {} } })
    await handler({ 'detail-type': 'Scheduled Event', detail: {} }, context)
    expectTrace(tracer, { name: 'schedule', attributes: { 'faas.trigger': 'timer', 'faas.invocation_id': 'r-1' } })
  })
})
