import { expect, it } from 'vitest'
import { createTestTracer } from '../../../testing/tracing/test-tracer.ts'
import { createDocumentStore } from '../../store/document-store.ts'
import { firestore } from './firestore-driver.ts'

it('a traced operation has a span for each request, repetitions included', async () => {
  let left = 1
  const driver = firestore({
    async fetch(_url, init) {
      if (left-- > 0) return new Response('busy', { status: 503 })
      const { documents } = JSON.parse(String(init?.body)) as { documents: readonly string[] }
      const readTime = '2026-11-28T12:00:00.000000Z'
      return Response.json(documents.map((missing) => ({ missing, readTime })))
    },
  })
  const store = createDocumentStore(driver, { config: { projectId: 'shop', emulatorHost: '127.0.0.1:1' } })
  const tracer = createTestTracer()
  const root = tracer.start({ name: 'root' })
  expect(await store.traced(root).collection('items').findOne({ _id: 'hunter2' })).toBeNull()
  root.end()
  const attempts = tracer.named('batchGet')
  expect(attempts.map(({ failure, attributes }) => [failure !== undefined, attributes])).toEqual([
    [true, { 'db.system.name': 'gcp.firestore', 'db.operation.name': 'batchGet' }],
    ...attempts.slice(1).map((_, i) => [
      false,
      {
        'db.system.name': 'gcp.firestore',
        'db.operation.name': 'batchGet',
        ...(i === 0 && { 'http.request.resend_count': 1 }),
      },
    ]),
  ])
  expect(attempts.length).toBeGreaterThan(1)
  expect(tracer.metrics.find(({ name }) => name === 'lexigram.retries')?.values).toEqual([1])
  expect(JSON.stringify([tracer.roots, tracer.metrics])).not.toContain('hunter2')
})
