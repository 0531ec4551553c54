// Named entrypoints of one application: RPC for other Workers, and a Durable Object with an alarm.
import {
  createApplication,
  err,
  factory,
  NotFoundError,
  ok,
  provider,
  RequestContext,
  token,
  type Scope,
} from 'lexigram-edge'
import { workers } from 'lexigram-edge/workers'
import { durableObject, rpcService, type RpcStub } from 'lexigram-edge/workers/entrypoints'

interface Session {
  readonly id: number
}
const Session = token<Session>('Session')
const log: string[] = []
let sessions = 0

const session = provider('session', {
  register(container, { env }) {
    if ((env as Env).FAIL_BOOT === 'true') throw new Error('no database at db.internal')
    const dispose = ({ id }: Session): void => void log.push(`end ${id}`)
    container.scoped(
      Session,
      factory([], () => ({ id: ++sessions }), { dispose }),
    )
  },
})

const app = createApplication({
  name: 'entrypoints',
  providers: [session],
  onError: (error, phase) => log.push(`${phase}: ${(error as Error).message}`),
  async fetch(request, _env, { scope }) {
    const { id } = await scope.resolve(Session)
    if (new URL(request.url).pathname === '/alarm') {
      const { platform } = await scope.resolve(RequestContext)
      await (platform as { storage: { setAlarm(time: number): Promise<void> } }).storage.setAlarm(Date.now())
    }
    return new Response(`object in session ${id}`)
  },
})

const methods = {
  find(scope: Scope, id: string) {
    scope.get(Session)
    return id === 'tea' ? ok({ id, stock: 3 }) : err(new NotFoundError('no product with this id'))
  },
  count: (_scope: Scope, ...numbers: number[]) => numbers.length,
  reserve: () => err('sold out'),
  fail: (scope: Scope) => Promise.reject(new Error(`secret of ${scope.get(Session).id}`)),
  async interleave(scope: Scope) {
    const before = scope.get(Session).id
    await new Promise((resolve) => setTimeout(resolve, 1))
    return [before, scope.get(Session).id]
  },
  async context(scope: Scope) {
    const context = await scope.resolve(RequestContext)
    context.waitUntil(Promise.resolve().then(() => log.push('work')))
    return context.event
  },
}

export const Catalog = rpcService(app, methods)

let alarms = 0
export const Cart = durableObject(app, {
  methods: { total: (scope: Scope) => scope.get(Session).id },
  alarm({ isRetry }, scope) {
    log.push(`alarm ${++alarms}${isRetry ? ', again,' : ''} in session ${scope.get(Session).id}`)
    return alarms === 1 ? err(new Error('not yet')) : ok()
  },
})

interface Env {
  readonly FAIL_BOOT?: string
  readonly CATALOG: RpcStub<typeof methods>
  readonly CART: { getByName(name: string): { total(): Promise<unknown>; fetch(url: string): Promise<Response> } }
}

/** Calls what the path names, as another Worker would. */
const caller = createApplication({
  name: 'caller',
  onError: () => {},
  async fetch(request, env: Env) {
    const [, target, method = '', ...args] = new URL(request.url).pathname.split('/')
    if (target === 'log') return Response.json(log.splice(0))
    if (target === 'cart-fetch') return env.CART.getByName('a').fetch(`https://cart/${method}`)
    if (target === 'cart') return Response.json(await env.CART.getByName('a').total())
    // Called where it is found: `call` and `apply` of a stub's method would be calls of RPC, too.
    const catalog = env.CATALOG as unknown as Record<string, (...args: readonly string[]) => Promise<unknown>>
    const times = args[0] === 'all' ? 20 : 1
    const outcomes = Array.from({ length: times }, () => catalog[method]!(...(times === 1 ? args : [])))
    return Response.json(times === 1 ? await outcomes[0] : await Promise.all(outcomes))
  },
})

export default {
  ...workers<Env>(caller),
  tail: (events: readonly unknown[]) => void log.push(`tail of ${events.length}`),
}
