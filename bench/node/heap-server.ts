// A server whose scopes hold something. It says how large its heap is, after a collection.
import { setTimeout as delay } from 'node:timers/promises'
import { createApplication, factory, provider, token } from '../../src/index.ts'
import { serve } from '../../adapters/node/index.ts'

interface Session {
  readonly rows: number[]
}
const Session = token<Session>('Session')
const held = provider('held', {
  register: (container) =>
    container.scoped(
      Session,
      factory([], () => ({ rows: Array.from({ length: 100 }, (_, i) => i) }), { dispose: () => {} }),
    ),
})
const app = createApplication({
  name: 'heap',
  providers: [held],
  async fetch(request, _env, { scope }) {
    if (request.url.endsWith('/heap')) {
      // Connections that were closed, and what finalizers release, need turns in between.
      for (let i = 0; i < 4; i++) {
        await delay(100)
        globalThis.gc!()
      }
      return Response.json(process.memoryUsage())
    }
    return new Response(String(scope.get(Session).rows.length))
  },
})
const { url } = await serve(app, { port: 0 })
process.send!(url)
