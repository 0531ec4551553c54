import { expect, it, vi } from 'vitest'
import { serveDynamo } from '../../../../tools/dynamodb-server/serve.ts'
import { expectMetric } from '../../../testing/tracing/expect-metric.ts'
import { createTestTracer } from '../../../testing/tracing/test-tracer.ts'
import { createDocumentStore } from '../../store/document-store.ts'
import { dynamodb } from './dynamodb-driver.ts'

// The server is a process of several layers, and may share its machine.
vi.setConfig({ testTimeout: 30_000 })

it('a traced operation has a span for each request, repetitions included', async () => {
  let left = 0
  await using server = await closing(serveDynamo({ fault: () => (left-- > 0 ? 'throttle' : undefined) }))
  const keys = { accessKeyId: 'test', secretAccessKey: 'test' }
  const config = { endpointUrl: server.endpoint, table: 'app', createTables: true }
  const untraced = createDocumentStore(dynamodb({ credentials: () => Promise.resolve(keys) }), { config })
  await untraced.createCollection('items')
  await untraced.collection('items').insertOne({ _id: 'hunter2' })
  const tracer = createTestTracer()
  const root = tracer.start({ name: 'root' })
  const items = untraced.traced(root).collection('items')
  left = 2
  expect(await items.findOne({ _id: 'hunter2' })).toEqual({ _id: 'hunter2' })
  root.end()
  expect(tracer.print('http.request.resend_count').replaceAll(/LEX\w+|\w+Exception/g, 'code')).toBe(
    [
      'root',
      '  find items',
      '    GetItem  failed: code',
      '    GetItem  http.request.resend_count=1  failed: code',
      '    GetItem  http.request.resend_count=2',
    ].join('\n'),
  )
  const attributes = { 'db.system.name': 'aws.dynamodb', 'lexigram.retry.of': 'request' }
  expectMetric(tracer, { name: 'lexigram.retries', attributes, count: 2, sum: 2 })
  expectMetric(tracer, { name: 'db.client.operation.duration', count: 1 })
  expect(JSON.stringify([tracer.roots, tracer.metrics])).not.toContain('hunter2')
})

async function closing<T extends { close(): Promise<void> }>(given: Promise<T>): Promise<T & AsyncDisposable> {
  const server = await given
  return Object.assign(server, { [Symbol.asyncDispose]: () => server.close() })
}
