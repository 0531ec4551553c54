// A server whose scopes hold something. It says how large its heap is, after a collection.
import { createApplication, factory, provider, token } from 'lexigram-edge'
import { serve } from 'lexigram-edge/node'

interface Session {
  readonly rows: number[]
}
const Session = token<Session>('Session')
const held = provider('held', {
  register: (container) =>
    void container.scoped(
      Session,
      factory([], () => ({ rows: Array.from({ length: 100 }, (_, i) => i) }), { dispose: () => {} }),
    ),
})
const app = createApplication({
  name: 'heap',
  providers: [held],
  fetch(request, _env, { scope }) {
    if (request.url.endsWith('/heap')) {
      globalThis.gc!()
      globalThis.gc!()
      return Response.json(process.memoryUsage())
    }
    return new Response(String(scope.get(Session).rows.length))
  },
})
const { url } = await serve(app, { port: 0 })
process.send!(url)
