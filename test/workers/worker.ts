// The Worker under test: every route makes one thing about the lifecycle visible, `/log` tells what happened.
import { createApplication, factory, ok, err, provider, RequestContext, token } from 'lexigram-edge'
import { workers } from 'lexigram-edge/workers'

const log: string[] = []
let sessions = 0
let boots = 0

interface Session {
  readonly id: number
}
const Session = token<Session>('Session')

const session = provider('session', {
  register(container) {
    const dispose = ({ id }: Session): void => void log.push(`end ${id}`)
    container.scoped(
      Session,
      factory([], () => ({ id: ++sessions }), { dispose }),
    )
  },
  async boot() {
    boots++
    // Real I/O time, so that concurrent first requests meet while booting.
    await new Promise((resolve) => setTimeout(resolve, 30))
  },
})

const app = createApplication({
  name: 'test',
  providers: [session],
  onError: (error, phase) => void log.push(`${phase}: ${(error as Error).message}`),
  async fetch(request, _env, context) {
    const { pathname, searchParams } = new URL(request.url)
    if (pathname === '/log') return Response.json({ log: log.splice(0), boots })
    const { id } = await context.scope.resolve(Session)
    switch (pathname) {
      case '/stream':
        return new Response(chunks(Number(searchParams.get('fail') ?? Infinity)))
      case '/empty':
        return new Response(null, { status: 204 })
      case '/throw':
        throw new Error('swordfish')
      case '/later':
        context.waitUntil(later(id))
        return new Response('early')
      case '/socket': {
        const [client, server] = Object.values(new WebSocketPair()) as [WebSocket, WebSocket & { accept(): void }]
        server.accept()
        server.addEventListener('message', ({ data }) => server.send(`echo ${String(data)}`))
        return new Response(null, { status: 101, webSocket: client } as ResponseInit)
      }
      case '/interleaved': {
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 20))
        const { request: own } = await context.scope.resolve(RequestContext)
        const same = (await context.scope.resolve(Session)).id === id && own === request
        return new Response(same ? String(id) : 'mixed up')
      }
      default:
        return new Response(`session ${id}`)
    }
  },
})

declare const WebSocketPair: new () => Record<0 | 1, WebSocket>

async function later(id: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 50))
  log.push(`work ${id}`)
}

function chunks(failAt: number): ReadableStream<Uint8Array> {
  let sent = 0
  return new ReadableStream({
    async pull(controller) {
      await new Promise((resolve) => setTimeout(resolve, 10))
      if (sent === failAt) throw new Error('half-way')
      if (sent++ === 20) controller.close()
      else controller.enqueue(new TextEncoder().encode(`${sent}\n`))
    },
    cancel: () => void log.push('source cancelled'),
  })
}

export default workers(app, {
  scheduled: (controller, scope) => void log.push(`cron ${controller.cron} in session ${scope.get(Session).id}`),
  queue: {
    retryDelay: 1,
    handler(message, scope) {
      const { id } = scope.get(Session)
      log.push(`message ${String(message.body)} in session ${id}`)
      if (message.body === 'throw') throw new Error('poison')
      return message.body === 'err' ? err(new Error('refused')) : ok()
    },
    onBatch: ({ acknowledged, retried }) => void log.push(`batch: ${acknowledged.length} ok, ${retried.length} again`),
  },
})
