// Every kind of body, from a Worker by hand (`/plain`), from an application whose scope holds something (`/held`), and
// from that application within a route of Hono (`/nested`).
import { Hono } from 'hono'
import { cache } from 'hono/cache'
import { etag } from 'hono/etag'
import { createApplication, factory, provider, token } from 'lexigram-edge'
import { workers } from 'lexigram-edge/workers'
import { kinds, type Given } from './body-kinds.ts'

const Held = token<object>('Held')
const log: string[] = []

const held = provider('held', {
  register(container) {
    container.scoped(
      Held,
      factory([], () => ({}), { dispose: () => void log.push('end') }),
    )
  },
})

const kindOf = (url: string): (typeof kinds)[string] => kinds[new URL(url).searchParams.get('kind') ?? '']!

const inner = new Hono<{ Bindings: Given['env'] }>()
inner.get('*', (c) => kindOf(c.req.url)({ env: c.env, waitUntil: (work) => c.executionCtx.waitUntil(work) }))

const routes = new Hono<{ Bindings: Given['env'] }>()
routes.use('/etag/*', etag())
routes.use('/cache/*', cache({ cacheName: 'bodies', cacheControl: 'max-age=60' }))
routes.use('/logged/*', async (c, next) => {
  await next()
  c.executionCtx.waitUntil(c.res.clone().text())
})
for (const path of ['/etag', '/cache', '/logged']) routes.route(path, inner)
routes.all('/nested/*', async (c) => inner.fetch(c.req.raw, c.env, c.executionCtx))

const app = createApplication({
  name: 'bodies',
  providers: [held],
  onError: ({ error, phase }) => log.push(`${phase}: ${(error as Error).message}`),
  async fetch(request: Request, env: never, context) {
    await context.scope.resolve(Held)
    if (new URL(request.url).pathname !== '/held') return routes.fetch(request, env, context)
    return kindOf(request.url)({ env, waitUntil: (work) => context.waitUntil(work) })
  },
})
const worker = workers(app)

export default {
  async fetch(
    request: Request,
    env: Given['env'],
    ctx: { waitUntil(work: Promise<unknown>): void },
  ): Promise<Response> {
    const { pathname } = new URL(request.url)
    if (pathname === '/log') return Response.json(log.splice(0))
    if (pathname === '/kinds') return Response.json(Object.keys(kinds))
    if (pathname !== '/plain') return worker.fetch(request, env, ctx)
    return kindOf(request.url)({ env, waitUntil: (work) => ctx.waitUntil(work) })
  },
}
