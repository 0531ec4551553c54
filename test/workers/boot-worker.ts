// Counts boots, and answers WebSockets from a scope that holds something.
import { createApplication, factory, provider, token, type Scope } from 'lexigram-edge'
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

/** A WebSocket that answers each message with something from the scope, and when it is closed. */
function socketResponse(scope: Scope): { response: Response; closed: Promise<void> } {
  const { 0: client, 1: server } = new WebSocketPair()
  server.accept()
  server.addEventListener('message', ({ data }) => {
    scope.resolve(Held).then(
      () => server.send(`echo ${String(data)}`),
      (error: { code?: string }) => server.send(`refused ${error.code}`),
    )
  })
  const closed = new Promise<void>((resolve) => {
    server.addEventListener('close', () => {
      server.close()
      resolve()
    })
  })
  return { response: new Response(null, { status: 101, webSocket: client } as ResponseInit), closed }
}

const app = createApplication({
  name: 'boots',
  providers: [held],
  async fetch(request, _env, context) {
    const { pathname } = new URL(request.url)
    if (!pathname.startsWith('/socket')) return Response.json({ boots, ended })
    await context.scope.resolve(Held)
    const { response, closed } = socketResponse(context.scope)
    if (pathname === '/socket/kept') context.waitUntil(closed)
    return response
  },
})

export default workers(app)
