import { httpInstrumentationMiddleware } from '@hono/otel'
import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import type { Hono } from 'hono'

/** Has `@hono/otel` trace the requests, and makes a span of each operation as one would write it. */
export async function handTraced(routes: Hono) {
  routes.use(httpInstrumentationMiddleware())
  const tracer = trace.getTracer('bench')
  return <T>(name: string, work: () => Promise<T>): Promise<T> =>
    tracer.startActiveSpan(
      `${name} users`,
      {
        kind: SpanKind.CLIENT,
        attributes: {
          'db.system.name': 'memory',
          'db.operation.name': name,
          'db.collection.name': 'users',
          'db.query.summary': `${name} users`,
        },
      },
      async (span) => {
        try {
          return await work()
        } catch (error) {
          span.setStatus({ code: SpanStatusCode.ERROR })
          throw error
        } finally {
          span.end()
        }
      },
    )
}
