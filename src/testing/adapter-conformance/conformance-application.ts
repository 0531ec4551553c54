import { provider } from '../../container/provider.ts'
import { factory } from '../../container/registration.ts'
import { token, type Token } from '../../container/token.ts'
import { ConflictError } from '../../errors.ts'
import { createApplication, type Application, type Fetch } from '../../runtime/application.ts'
import { RequestContext } from '../../runtime/request-context.ts'

/** Something that has to be released, numbered, so that a case can tell one scope's from another's. */
export interface ConformanceSession {
  readonly id: number
}
export const ConformanceSession: Token<ConformanceSession> = token<ConformanceSession>('ConformanceSession')

export interface ConformanceApplication {
  readonly app: Application
  /** What happened, oldest first; `/log` empties it. Other triggers' handlers may add to it. */
  readonly log: string[]
}

/**
 * The application that `adapterConformance` expects behind the adapter under test. Each route makes one thing about the
 * lifecycle visible; `/log` tells what happened, so that the application may run in another process.
 */
export function createConformanceApplication(): ConformanceApplication {
  const log: string[] = []
  let sessions = 0
  const session = provider('session', {
    register(container) {
      const dispose = ({ id }: ConformanceSession): void => void log.push(`end ${id}`)
      container.scoped(
        ConformanceSession,
        factory([], () => ({ id: ++sessions }), { dispose }),
      )
    },
  })
  const app = createApplication({
    name: 'conformance',
    providers: [session],
    onError: (error, phase) => void log.push(`${phase}: ${(error as Error).message}`),
    fetch: (request, env, context) => {
      const url = new URL(request.url)
      if (url.pathname === '/log') return Response.json(log.splice(0))
      return (routes[url.pathname] ?? routes['/'])!(request, env, context)
    },
  })

  const routes: Record<string, Fetch> = {
    '/': async (_request, _env, { scope }) => new Response(`session ${(await scope.resolve(ConformanceSession)).id}`),
    '/echo': async (request, _env, { scope }) => {
      const { requestId } = await scope.resolve(RequestContext)
      const body = await request.arrayBuffer()
      const { method, url, headers } = request
      return Response.json({ method, url, requestId, header: headers.get('x-test'), bytes: body.byteLength })
    },
    '/bytes': async (request) => new Response(await request.arrayBuffer()),
    '/untouched': () => new Response('nothing to release', { status: 203, headers: { 'x-test': 'kept' } }),
    '/cookies': () => {
      const headers = new Headers([
        ['set-cookie', 'a=1'],
        ['set-cookie', 'b=2; Path=/'],
      ])
      return new Response('two', { headers })
    },
    '/empty': async (_request, _env, { scope }) => {
      await scope.resolve(ConformanceSession)
      return new Response(null, { status: 204 })
    },
    '/stream': async (request, _env, { scope }) => {
      await scope.resolve(ConformanceSession)
      const failAt = new URL(request.url).searchParams.get('fail')
      return new Response(numbers(failAt === null ? Infinity : Number(failAt), () => void log.push('source cancelled')))
    },
    '/conflict': async (_request, _env, { scope }) => {
      await scope.resolve(ConformanceSession)
      throw new ConflictError('taken')
    },
    '/throw': async (_request, _env, { scope }) => {
      await scope.resolve(ConformanceSession)
      throw new Error('swordfish')
    },
    '/later': (_request, _env, context) => {
      context.waitUntil(later(context.scope.resolve(ConformanceSession), log))
      return new Response('early')
    },
    '/interleaved': async (request, _env, { scope }) => {
      const { id } = await scope.resolve(ConformanceSession)
      await pause(1 + (id % 7) * 3)
      const context = await scope.resolve(RequestContext)
      const same = (await scope.resolve(ConformanceSession)).id === id && context.request === request
      return new Response(same ? String(id) : 'mixed up')
    },
  }
  return { app, log }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

async function later(session: Promise<ConformanceSession>, log: string[]): Promise<void> {
  const { id } = await session
  await pause(20)
  log.push(`work ${id}`)
}

/** Twenty lines, slowly. */
function numbers(failAt: number, onCancel: () => void): ReadableStream<Uint8Array> {
  let sent = 0
  return new ReadableStream({
    async pull(controller) {
      await pause(5)
      if (sent === failAt) throw new Error('half-way')
      if (sent === 20) controller.close()
      else controller.enqueue(new TextEncoder().encode(`${++sent}\n`))
    },
    cancel: onCancel,
  })
}
