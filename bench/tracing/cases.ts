import { createApplication, defineConfig } from '../../src/index.ts'
import { DocumentStore, NoSqlConfig, noSqlProvider } from '../../src/nosql/index.ts'
import { memory } from '../../src/nosql/drivers/memory/index.ts'
import { sharedRuntime } from '../../src/runtime/index.ts'
import type { Span, Tracer } from '../../src/core/tracing/tracer.ts'

const id = '0123456789abcdef'

/** Sinks are loaded by the case that has one: what is loaded slows down all code a little. */
const tracers: Readonly<Record<string, () => Promise<Tracer | undefined>>> = {
  'no tracer': async () => undefined,
  'a sink that drops all': async () => {
    const { createTracer } = await import('../../src/tracing/index.ts')
    const span = { traceId: id + id, spanId: id, set: () => {}, fail: () => {}, end: () => {} }
    return createTracer({ start: () => span })
  },
  OpenTelemetry: async () => {
    const { openTelemetry } = await import('../../src/opentelemetry/index.ts')
    const { NodeTracerProvider } = await import('@opentelemetry/sdk-trace-node')
    // Spans are made and ended; where they go is another library's matter.
    const drop = { onStart: () => {}, onEnd: () => {}, forceFlush: async () => {}, shutdown: async () => {} }
    new NodeTracerProvider({ spanProcessors: [drop] }).register()
    return openTelemetry()
  },
}

export const cases = Object.keys(tracers)

/** A request that reads a document by its id and writes another: four spans, where there is a tracer. */
export async function requestOf(name: string): Promise<() => Promise<Response>> {
  const tracer = await tracers[name]!()
  const app = createApplication({
    name: 'bench',
    ...(tracer !== undefined && { tracer }),
    config: defineConfig({ nosql: NoSqlConfig }),
    providers: [noSqlProvider({ drivers: [memory()] })],
    async fetch(_request: Request, _env: never, { scope, span }: { scope: { resolve: Function }; span?: Span }) {
      const store = (await scope.resolve(DocumentStore)) as DocumentStore
      const users = store.collection('users')
      await users.findOne({ _id: 'a' })
      await users.updateOne({ _id: 'a' }, { $inc: { visits: 1 } }, { upsert: true })
      return new Response(null, { status: span === undefined ? 204 : 205 })
    },
  } as never)
  const env = { NOSQL_DRIVER: 'memory', CURSOR_SECRET: 'a secret of the benchmark' }
  await app.start(env, sharedRuntime)
  const request = new Request('http://localhost/users/a')
  let background: Promise<unknown> = Promise.resolve()
  const invocation = { env, waitUntil: (work: Promise<unknown>) => void (background = work) }
  return async () => {
    const response = await app.handle(request, invocation, sharedRuntime)
    await background
    return response
  }
}
