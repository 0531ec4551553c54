// Counts boots, and answers a WebSocket from a scope that holds something.
import { createApplication, factory, provider, token } from 'lexigram-edge'
import { workers } from 'lexigram-edge/workers'

declare const WebSocketPair: new () => Record<0 | 1, WebSocket & { accept(): void }>

const Held = token<object>('Held')
let boots = 0
let ended = 0

const held = provider('held', {
  register(container) {
    container.scoped(
      Held,
      factory([], () => ({}), { dispose: () => void ended++ }),
    )
  },
  async boot() {
    boots++
    // Real I/O time, so that concurrent first requests meet while booting.
    await new Promise((resolve) => setTimeout(resolve, 30))
  },
})

const app = createApplication({
  name: 'boots',
  providers: [held],
  async fetch(request, _env, { scope }) {
    if (!request.url.endsWith('/socket')) return Response.json({ boots, ended })
    await scope.resolve(Held)
    const { 0: client, 1: server } = new WebSocketPair()
    server.accept()
    server.addEventListener('message', ({ data }) => server.send(`echo ${String(data)}`))
    return new Response(null, { status: 101, webSocket: client } as ResponseInit)
  },
})

export default workers(app)
