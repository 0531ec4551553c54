import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { noSqlProvider } from '../nosql/provider.ts'
import { NoSqlConfig } from '../nosql/config.ts'
import { defineConfig } from '../config/define-config.ts'
import { memory } from '../nosql/drivers/memory/index.ts'
import { DocumentStore } from '../nosql/store/document-store.ts'
import { traced } from '../core/tracing/traced.ts'
import { createApplication } from '../runtime/application.ts'
import type { Fetch } from '../runtime/application-options.ts'
import { startTestApplication } from '../testing/test-application.ts'
import { openTelemetry } from './open-telemetry.ts'

const exporter = new InMemorySpanExporter()
const sdk = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
sdk.register()

beforeEach(() => exporter.reset())
afterAll(async () => {
  await sdk.shutdown()
  trace.disable()
  context.disable()
})

const start = (fetch: Fetch) =>
  startTestApplication(
    createApplication({
      name: 'shop',
      tracer: openTelemetry(),
      onError: () => {},
      config: defineConfig({ nosql: NoSqlConfig }),
      providers: [noSqlProvider({ drivers: [memory()] })],
      fetch,
    }),
    { env: { NOSQL_DRIVER: 'memory' } },
  )

/** Name and parent's name of each span that was exported. */
const exported = () => {
  const spans = exporter.getFinishedSpans()
  const names = new Map(spans.map((span) => [span.spanContext().spanId, span.name]))
  return spans.map(({ name, parentSpanContext }) => [name, names.get(parentSpanContext?.spanId ?? '')])
}
const spanNamed = (name: string) => exporter.getFinishedSpans().find((span) => span.name === name)

describe('OpenTelemetry’s SDK', () => {
  it('gets a request and what it did, in the trace of the caller', async () => {
    await using app = await start(async (_request, _env, { scope, span }) => {
      const store = await scope.resolve(DocumentStore)
      await store.collection('users').insertOne({ _id: 'a' })
      // What others trace with the SDK belongs to the span that runs.
      trace.getTracer('library').startSpan('library call').end()
      await traced(span, { name: 'sign up' }, () => store.collection('users').insertOne({ _id: 'b' }))
      return new Response('done')
    })
    exporter.reset()
    const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`
    await (await app.fetch('/orders', { headers: { traceparent } })).text()
    await app.settled()
    expect(exported()).toEqual([
      ['insertOne users', 'GET'],
      ['library call', 'GET'],
      ['insertOne users', 'sign up'],
      ['sign up', 'GET'],
      ['GET', undefined],
      ['end of scope', 'GET'],
    ])
    const request = spanNamed('GET')
    expect(request).toMatchObject({
      kind: SpanKind.SERVER,
      parentSpanContext: { spanId: 'b'.repeat(16), isRemote: true },
      attributes: { 'http.request.method': 'GET', 'http.response.status_code': 200, 'url.path': '/orders' },
    })
    expect(request?.spanContext().traceId).toBe('a'.repeat(32))
    expect(spanNamed('insertOne users')).toMatchObject({
      kind: SpanKind.CLIENT,
      attributes: { 'db.system.name': 'memory', 'db.collection.name': 'users' },
    })
  })

  it('gets a failure by its type, without its message', async () => {
    await using app = await start(() => Promise.reject(new TypeError('hunter2')))
    await app.fetch('/')
    await app.settled()
    expect(spanNamed('GET')).toMatchObject({
      status: { code: SpanStatusCode.ERROR },
      attributes: { 'error.type': 'TypeError', 'http.response.status_code': 500 },
    })
    expect(spanNamed('GET')?.status.message).toBeUndefined()
  })

  it('OpenTelemetry’s SDK that traces the request already has the spans beneath its own', async () => {
    await using app = await start(() => new Response('done'))
    exporter.reset()
    await trace.getTracer('server').startActiveSpan('incoming', async (span) => {
      await app.fetch('/', { headers: { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` } })
      span.end()
    })
    expect(exported()).toEqual([
      ['GET', 'incoming'],
      ['incoming', undefined],
    ])
  })

  it('gets a boot with its providers', async () => {
    await using _app = await start(() => new Response())
    expect(exported()).toEqual([
      ['register nosql', 'boot'],
      ['boot nosql', 'boot'],
      ['boot', undefined],
    ])
  })
})
