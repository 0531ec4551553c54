// Traces with the platform's own spans, and keeps what the platform says of them.
import { createApplication, defineConfig } from 'lexigram-edge'
import { DocumentStore, NoSqlConfig, noSqlProvider } from 'lexigram-edge/nosql'
import { memory } from 'lexigram-edge/nosql/memory'
import { traced } from 'lexigram-edge/tracing'
import { workers } from 'lexigram-edge/workers'
import { cloudflareTracer } from 'lexigram-edge/workers/tracing'

interface TailEvent {
  readonly spanContext: { readonly spanId?: string }
  readonly event: { readonly type: string; readonly name?: string; readonly spanId?: string; readonly info?: unknown }
}

const events: unknown[] = []
const failures: string[] = []

const app = createApplication({
  name: 'traced',
  tracer: cloudflareTracer(),
  onError: ({ error, phase }) => void failures.push(`${phase}: ${String(error)}`),
  config: defineConfig({ nosql: NoSqlConfig }),
  providers: [noSqlProvider({ drivers: [memory()] })],
  async fetch(_request, _env, { scope, span }) {
    const store = await scope.resolve(DocumentStore)
    await traced(span, { name: 'sign up', attributes: { 'app.plan': 'free' } }, async (part) => {
      await store.collection('users').insertOne({ name: 'hunter2' })
      await traced(part, { name: 'welcome' }, async () => new Promise((resolve) => setTimeout(resolve, 1)))
    })
    return new Response('done')
  },
})
const handlers = workers(app)

export default {
  ...handlers,
  fetch(request: Request, env: object, context: never): Promise<Response> {
    const { pathname } = new URL(request.url)
    if (pathname === '/events') return Promise.resolve(Response.json({ events, failures }))
    return handlers.fetch(request, env, context)
  },
  tailStream(onset: TailEvent) {
    const keep = ({ event, spanContext }: TailEvent): void => void events.push({ ...event, parent: spanContext.spanId })
    keep(onset)
    return { spanOpen: keep, spanClose: keep, attributes: keep }
  },
}
