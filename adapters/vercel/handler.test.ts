import { afterEach, describe, expect, it } from 'vitest'
import { createApplication } from '../../src/runtime/application.ts'
import { token } from '../../src/core/token.ts'
import { connectionProvider, RequestContext, type Connectable, type Connection } from '../../src/runtime/index.ts'
import { createTracer } from '../../src/tracing/create-tracer.ts'
import { vercel } from './handler.ts'

const globals = globalThis as Record<symbol, unknown>
const key = Symbol.for('@vercel/request-context')
afterEach(() => delete globals[key])

describe('the Vercel adapter', () => {
  it('answers every method by name', async () => {
    const { fetch, ...methods } = vercel(createApplication({ name: 'test', fetch: (r) => new Response(r.method) }))
    for (const [method, handle] of Object.entries(methods)) {
      const answer = await handle(new Request('https://x.test', { method }))
      expect(await answer.text()).toBe(method === 'HEAD' ? '' : method)
    }
    expect(fetch).toBeTypeOf('function')
  })

  it('passes a response of fetch on as it was decoded', async () => {
    const fetched = new Response('hello', { headers: { 'content-encoding': 'gzip' } })
    Object.defineProperty(fetched, 'url', { value: 'https://upstream.test/' })
    const handler = vercel(createApplication({ name: 'test', fetch: () => fetched }), { env: {} })
    const response = await handler.GET(new Request('https://x.test'))
    expect([await response.text(), response.headers.has('content-encoding')]).toEqual(['hello', false])
  })

  it('passes work to the waitUntil of the request that started it', async () => {
    const app = createApplication({
      name: 'test',
      fetch(_request, _env, context) {
        context.waitUntil(Promise.resolve())
        return new Response('ok')
      },
    })
    const { fetch } = vercel(app, { env: {} })
    await fetch(new Request('https://x.test/warm'))
    const seen: string[] = []
    const requestOf = (name: string) => {
      const context = {
        waitUntil(this: unknown, work: Promise<unknown>) {
          if (this === context && work instanceof Promise) seen.push(name)
        },
      }
      globals[key] = { get: () => context }
      return fetch(new Request('https://x.test'))
    }
    await Promise.all([requestOf('a'), requestOf('b')])
    expect(new Set(seen)).toEqual(new Set(['a', 'b']))
  })

  it('keeps the platform awake until spans that are held back are sent', async () => {
    const events: string[] = []
    const tracer = createTracer({
      start: ({ name }) => ({ set: () => {}, fail: () => {}, end: () => void events.push(`${name} ended`) }),
      async flush() {
        await new Promise((resolve) => setTimeout(resolve, 1))
        events.push('sent')
      },
    })
    const app = createApplication({ name: 'test', tracer, fetch: () => new Response('ok') })
    const awaited: Promise<unknown>[] = []
    const { fetch } = vercel(app, { env: {}, waitUntil: (work) => void awaited.push(work) })
    await (await fetch(new Request('https://x.test'))).text()
    await Promise.all(awaited)
    expect(events.slice(-2)).toEqual(['GET ended', 'sent'])
  })

  it('aborts the request’s signal before maxDuration is over', async () => {
    const app = createApplication({
      name: 'test',
      async fetch(_request, _env, { scope }) {
        const { signal, deadline } = await scope.resolve(RequestContext)
        await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
        return Response.json((deadline ?? 0) - Date.now() < 50)
      },
    })
    const response = await vercel(app, { env: {}, maxDuration: 1, deadlineMargin: 990 }).fetch(
      new Request('https://x.test'),
    )
    expect(await response.json()).toBe(true)
  })

  it('takes the deadline from the platform where that is sooner', async () => {
    const app = createApplication({
      name: 'test',
      fetch: async (_request, _env, { scope }) => Response.json((await scope.resolve(RequestContext)).deadline ?? null),
    })
    const deadlineOf = async (given: unknown, maxDuration?: number): Promise<unknown> => {
      globals[key] = { get: () => ({ deadline: given }) }
      const options = maxDuration === undefined ? {} : { maxDuration }
      return (await vercel(app, { env: {}, deadlineMargin: 0, ...options }).fetch(new Request('https://x.test'))).json()
    }
    const soon = Date.now() + 30_000
    expect(await deadlineOf(soon)).toBe(soon)
    expect(await deadlineOf(new Date(soon).toISOString(), 60)).toBe(soon)
    expect(await deadlineOf(soon, 1)).toBeLessThan(soon)
    expect(await deadlineOf(undefined)).toBeNull()
    expect(await deadlineOf('nonsense')).toBeNull()
  })

  it('knows the client’s address from the header that Vercel sets', async () => {
    const app = createApplication({
      name: 'test',
      fetch: (_request, _env, { clientAddress }) => Response.json({ clientAddress }),
    })
    const headers = { 'x-real-ip': '192.0.2.1' }
    const response = await vercel(app, { env: {} }).fetch(new Request('https://x.test', { headers }))
    expect(await response.json()).toEqual({ clientAddress: '192.0.2.1' })
  })

  it('uses a pool that the platform cannot watch, after a report', async () => {
    const Ledger = token<Connection<string, string>>('Ledger')
    const errors: unknown[] = []
    const pool = {}
    const ledger: Connectable<string, string> = {
      name: 'ledger',
      connect: async () => ({
        pool,
        execute: async (command) => command,
        ping: () => Promise.resolve(),
        close: () => Promise.resolve(),
      }),
    }
    const app = createApplication({
      name: 'test',
      providers: [connectionProvider(Ledger, () => ledger)],
      onError: ({ error, phase }) => errors.push([phase, error]),
      fetch: async (_request, _env, { scope }) => new Response(await (await scope.resolve(Ledger)).execute('a')),
    })
    const refused = new Error('Unsupported database pool type')
    const attachDatabasePool = (given: unknown): void => {
      if (given === pool) throw refused
    }
    const response = await vercel(app, { env: {}, attachDatabasePool }).fetch(new Request('https://x.test'))
    expect(await response.text()).toBe('a')
    expect(errors).toEqual([['provider', refused]])
  })
})
