// Named entrypoints of one application: RPC for other Workers, and a Durable Object with an alarm.
import {
  createApplication,
  DomainError,
  DuplicateKeyError,
  err,
  factory,
  NotFoundError,
  ok,
  provider,
  RequestContext,
  token,
  ValidationError,
  type Result,
  type Scope,
} from 'lexigram-edge'
import { WorkflowEntrypoint, type WorkflowStep } from 'cloudflare:workers'
import { inScope, workers, type WorkersContext } from 'lexigram-edge/workers'
import { durableObject, rpcService, type RpcStub } from 'lexigram-edge/workers/entrypoints'

declare const WebSocketPair: new () => Record<0 | 1, WebSocket>

interface Session {
  readonly id: number
  spoilt?: boolean
}
const Session = token<Session>('Session')
const log: string[] = []
let sessions = 0
let boots = 0

const session = provider('session', {
  register(container, { env }) {
    if ((env as Env).FAIL_BOOT === 'true') throw new Error('no database at db.internal')
    boots++
    const dispose = ({ id, spoilt }: Session): void => {
      log.push(`end ${id}`)
      if (spoilt === true) throw new Error('spoilt')
    }
    container.scoped(
      Session,
      factory([], () => ({ id: ++sessions }), { dispose }),
    )
  },
})

class Teapot extends DomainError {
  readonly code = 'TEAPOT'
}

const app = createApplication({
  name: 'entrypoints',
  statuses: { TEAPOT: 418 },
  providers: [session],
  onError: ({ error, phase, subject }) =>
    log.push(
      `${[phase, subject ?? []].flat().join(' ')}: ${error instanceof Error ? error.message : JSON.stringify(error)}`,
    ),
  async fetch(request, _env, { scope }) {
    const { id } = await scope.resolve(Session)
    const path = new URL(request.url).pathname
    if (path === '/alarm') {
      const { platform } = await scope.resolve(RequestContext)
      await (platform as { storage: { setAlarm(time: number): Promise<void> } }).storage.setAlarm(Date.now())
    }
    if (path === '/own') return Response.json(boots)
    if (path === '/parts') return new Response(parts(scope, 'close'))
    if (path !== '/socket') return new Response(`object in session ${id}`)
    const { 0: client, 1: server } = new WebSocketPair()
    const { platform } = await scope.resolve(RequestContext)
    ;(platform as { acceptWebSocket(socket: WebSocket): void }).acceptWebSocket(server)
    return new Response(null, { status: 101, webSocket: client } as ResponseInit)
  },
})

class Product {
  readonly secret = 'hunter2'
}

/** Says when each of its three parts is read, while the session lives; the last one may be a failure. */
function parts(scope: Scope, end: string): ReadableStream<Uint8Array> {
  const { id } = scope.get(Session)
  let part = 0
  return new ReadableStream({
    async pull(controller) {
      await new Promise((resolve) => setTimeout(resolve, 1))
      if (++part === 3 && end === 'fail') throw new Error('torn')
      log.push(`part ${part} of ${id}`)
      controller.enqueue(new TextEncoder().encode(`${scope.get(Session).id},`))
      if (part === 3 && end !== 'never') controller.close()
    },
  })
}

const methods = {
  boots: () => boots,
  product: () => new Product(),
  products: (): Result<unknown> => ok([{ best: new Product() }]),
  grouped: () => [Object.assign(Object.create(null) as object, { tea: 1 })],
  address: () => ({ at: new URL('https://x.test') }),
  validate: () => err(new ValidationError('not valid', [{ path: ['name'], message: 'too short' }])),
  teapot: () => err(new Teapot('short and stout')),
  parts,
  page: (scope: Scope, end: string) => new Response(parts(scope, end), { status: 203, headers: { 'x-page': '1' } }),
  later(scope: Scope) {
    const { id } = scope.get(Session)
    return () => [id, scope.get(Session).id]
  },
  spoil(scope: Scope) {
    scope.get(Session).spoilt = true
    return 'answer'
  },
  find(scope: Scope, id: string) {
    scope.get(Session)
    return id === 'tea' ? ok({ id, stock: 3 }) : err(new NotFoundError('no product with this id'))
  },
  count: (_scope: Scope, ...numbers: number[]) => numbers.length,
  reserve: () => err('sold out'),
  throwText: () => Promise.reject('hunter2'),
  throwData: () => Promise.reject({ code: 'HUNTER2', message: 'hunter2', status: 400 }),
  throwForeign: () => Promise.reject(Object.assign(new Error('hunter2'), { code: 'HUNTER2', status: 400 })),
  conflict: () =>
    Promise.reject(
      new DuplicateKeyError('users_email', { details: { table: 'users' }, publicMessage: 'this address is taken' }),
    ),
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
const Base = durableObject(app, {
  methods: { parts, boots: () => boots, total: (scope: Scope) => scope.get(Session).id },
  alarm({ isRetry }, scope) {
    log.push(`alarm ${++alarms}${isRetry ? ', again,' : ''} in session ${scope.get(Session).id}`)
    return alarms === 1 ? err(new Error('not yet')) : ok()
  },
})

/** What the platform calls besides is added as to any class. */
export class Cart extends Base {
  async webSocketMessage(socket: WebSocket, message: string): Promise<void> {
    const id = await inScope(app, { env: this.env, ctx: this.ctx }, (scope) => scope.get(Session).id)
    socket.send(`object heard ${message} in session ${id}`)
  }
}

let attempts = 0
export class Checkout extends WorkflowEntrypoint<Env> {
  async run(event: { readonly payload: string }, step: WorkflowStep): Promise<string> {
    const place = { env: this.env, ctx: this.ctx, event }
    const charged = await step.do('charge', { retries: { limit: 1, delay: 1 } }, () =>
      inScope(app, place, (scope): Result<string> => {
        log.push(`attempt ${++attempts} in session ${scope.get(Session).id}`)
        return attempts === 1 ? err(new Error('declined')) : ok(`charged ${event.payload}`)
      }),
    )
    await step.sleep('a moment', 1)
    return step.do('receipt', () => inScope(app, place, (scope) => `${charged} in ${scope.get(Session).id}`))
  }
}

interface CartStub extends Record<'total' | 'boots' | 'parts', (...args: readonly string[]) => Promise<unknown>> {
  fetch(url: string, init?: RequestInit): Promise<Response>
}

interface Env {
  readonly FAIL_BOOT?: string
  readonly CATALOG: RpcStub<typeof methods>
  readonly CHECKOUT: { create(options: { params: unknown }): Promise<{ status(): Promise<{ output: unknown }> }> }
  readonly CART: { getByName(name: string): CartStub }
}

/** Calls what the path names, as another Worker would. */
const caller = createApplication({
  name: 'caller',
  onError: () => {},
  async fetch(request, env: Env) {
    const [, target, method = '', ...args] = new URL(request.url).pathname.split('/')
    if (target === 'log') return Response.json(log.splice(0))
    if (target === 'cart-fetch') return env.CART.getByName('a').fetch(`https://cart/${method}`)
    if (target === 'checkout') {
      const checkout = await env.CHECKOUT.create({ params: 'tea' })
      for (;;) {
        const { output } = await checkout.status()
        if (typeof output === 'string') return Response.json(output)
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
    }
    if (target === 'cart-socket') return env.CART.getByName('a').fetch(`https://cart/${method}`, request)
    if (target === 'cart') {
      const call = method as 'total' | 'boots' | 'parts'
      return Response.json(await readable(await env.CART.getByName(args[0] ?? 'a')[call](...args.slice(1))))
    }
    if (target === 'ignore') return Response.json(Object.keys(await env.CATALOG.parts('never')))
    // Called where it is found: `call` and `apply` of a stub's method would be calls of RPC, too.
    const catalog = env.CATALOG as unknown as Record<string, (...args: readonly string[]) => Promise<unknown>>
    const times = args[0] === 'all' ? 20 : 1
    const outcomes = Array.from({ length: times }, () => catalog[method]!(...(times === 1 ? args : [])))
    return Response.json(times === 1 ? await readable(await outcomes[0]) : await Promise.all(outcomes))
  },
})

/** Reads and calls what a caller gets to read and to call. */
async function readable(outcome: unknown): Promise<unknown> {
  const { value } = outcome as { value?: unknown }
  if (typeof value === 'function') return attempt(async () => (value as () => unknown)())
  if (value instanceof ReadableStream) return attempt(() => new Response(value).text())
  if (!(value instanceof Response)) return outcome
  return attempt(async () => [value.status, value.headers.get('x-page'), await value.text()])
}

const attempt = (work: () => Promise<unknown>): Promise<unknown> => work().catch((error: Error) => error.message)

const handler = workers<Env>(caller)
const own = workers<Env>(app)

export default {
  ...handler,
  fetch: (request: Request, env: Env, ctx: WorkersContext) =>
    (new URL(request.url).pathname === '/own' ? own : handler).fetch(request, env, ctx),
  tail: (events: readonly unknown[]) => void log.push(`tail of ${events.length}`),
}
