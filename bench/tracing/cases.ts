import { Hono } from 'hono'
import { createApplication, defineConfig } from '../../src/index.ts'
import { requestScope, resolve } from '../../src/hono/index.ts'
import { DocumentStore, NoSqlConfig, noSqlProvider } from '../../src/nosql/index.ts'
import { memory } from '../../src/nosql/drivers/memory/index.ts'
import { createDocumentStore } from '../../src/nosql/store/document-store.ts'
import { sharedRuntime, type Application } from '../../src/runtime/index.ts'
import type { Tracer } from '../../src/core/tracing/tracer.ts'
import { handTraced } from './by-hand.ts'
import { registerMetrics, registerTraces } from './sdk.ts'
import { serveNothing } from './serve-nothing.ts'

const id = '0123456789abcdef'
const env = { NOSQL_DRIVER: 'memory', CURSOR_SECRET: 'a secret of the benchmark' }

/** Sends one request, until all that it has begun is over. */
export type Run = () => Promise<Response>

/** What is measured, each in a separate process; the others are compared with the first one. */
const runs: Readonly<Record<string, () => Promise<Run>>> = {
  'no tracer': () => ofApplication(),
  'inspect(), without its variable': async () => {
    const { inspect } = await import('../../src/inspector/index.ts')
    return ofApplication({ wrap: inspect })
  },
  'a sink that drops all': async () => {
    const { createTracer } = await import('../../src/tracing/index.ts')
    const span = { traceId: id + id, spanId: id, set: () => {}, fail: () => {}, end: () => {} }
    return ofApplication({ tracer: createTracer({ start: () => span }) })
  },
  'in memory, spans and metrics': async () => {
    const { createTestTracer } = await import('../../src/testing/tracing/test-tracer.ts')
    const tracer = createTestTracer()
    return ofApplication({ tracer, after: () => tracer.clear() })
  },
  'metrics alone, as lines of a log': async () => {
    const { createTracer } = await import('../../src/tracing/index.ts')
    const { embeddedMetrics } = await import('../../adapters/lambda/metrics/index.ts')
    const tracer = createTracer(embeddedMetrics({ namespace: 'bench', write: () => {} }))
    return ofApplication({ tracer, after: () => tracer.flush?.() })
  },
  'OpenTelemetry, spans': async () => {
    const { openTelemetry } = await import('../../src/opentelemetry/index.ts')
    await registerTraces()
    return ofApplication({ tracer: openTelemetry() })
  },
  'OpenTelemetry, spans and metrics': async () => {
    const { openTelemetry } = await import('../../src/opentelemetry/index.ts')
    await registerTraces()
    await registerMetrics()
    return ofApplication({ tracer: openTelemetry() })
  },
  'the inspector, in another process': async () => {
    const { inspect } = await import('../../src/inspector/index.ts')
    return ofApplication({ wrap: inspect, variables: { LEXIGRAM_INSPECTOR: await serveNothing() } })
  },
  'by hand: Hono and the store': async () => byHand(false),
  'by hand: @hono/otel, spans of operations': async () => {
    await registerTraces()
    return byHand(true)
  },
}

export const cases = Object.keys(runs)

/** A request that reads a document by its id and writes another: four spans, where there is a tracer. */
export function requestOf(name: string): Promise<Run> {
  return runs[name]!()
}

interface Setup {
  readonly tracer?: Tracer
  readonly wrap?: (app: Application) => Application
  readonly variables?: Readonly<Record<string, string>>
  readonly after?: () => unknown
}

async function ofApplication({ tracer, wrap = (app) => app, variables = {}, after }: Setup = {}): Promise<Run> {
  const routes = new Hono()
  routes.use(requestScope())
  routes.get('/users/:id', async (c) => {
    const store = await resolve(c, DocumentStore)
    const users = store.collection('users')
    await users.findOne({ _id: 'a' })
    await users.updateOne({ _id: 'a' }, { $inc: { visits: 1 } }, { upsert: true })
    return c.body(null, 204)
  })
  const app = wrap(
    createApplication({
      name: 'bench',
      ...(tracer !== undefined && { tracer }),
      config: defineConfig({ nosql: NoSqlConfig }),
      providers: [noSqlProvider({ drivers: [memory()] })],
      fetch: routes.fetch,
    }),
  )
  const own = { ...env, ...variables }
  await app.start(own, sharedRuntime)
  const request = new Request('http://localhost/users/a')
  let background: Promise<unknown>[] = []
  const invocation = { env: own, waitUntil: (work: Promise<unknown>) => void background.push(work) }
  return async () => {
    const response = await app.handle(request, invocation, sharedRuntime)
    while (background.length > 0) await Promise.all(background.splice(0))
    background = []
    await after?.()
    return response
  }
}

/** The same without an application: one store, and what traces it written out. */
async function byHand(isTraced: boolean): Promise<Run> {
  const routes = new Hono()
  const operation = isTraced ? await handTraced(routes) : <T>(_name: string, work: () => Promise<T>) => work()
  const users = createDocumentStore(memory()).collection('users')
  routes.get('/users/:id', async (c) => {
    await operation('findOne', () => users.findOne({ _id: 'a' }))
    await operation('updateOne', () => users.updateOne({ _id: 'a' }, { $inc: { visits: 1 } }, { upsert: true }))
    return c.body(null, 204)
  })
  const request = new Request('http://localhost/users/a')
  return async () => routes.fetch(request)
}
