import { afterEach, describe, expect, it } from 'vitest'
import { createApplication } from '../../src/runtime/application.ts'
import { RequestContext } from '../../src/runtime/index.ts'
import { adapterConformance } from '../../src/testing/adapter-conformance/adapter-conformance.ts'
import { createConformanceApplication } from '../../src/testing/adapter-conformance/conformance-application.ts'
import { vercel } from './handler.ts'

const globals = globalThis as Record<symbol, unknown>
const key = Symbol.for('@vercel/request-context')
afterEach(() => delete globals[key])

describe('the Vercel adapter', () => {
  const handler = vercel(createConformanceApplication().app, { env: {} })
  for (const { name, run } of adapterConformance()) {
    it(name, () =>
      run({
        send: (path, init) => handler.fetch(new Request(`https://x.test${path}`, init)),
        hangUp: async (path) => {
          const reader = (await handler.fetch(new Request(`https://x.test${path}`))).body!.getReader()
          await reader.read()
          await reader.cancel()
        },
      }),
    )
  }

  it('answers every method by name', async () => {
    const { fetch, ...methods } = vercel(createApplication({ name: 'test', fetch: (r) => new Response(r.method) }))
    for (const [method, handle] of Object.entries(methods)) {
      expect(await (await handle(new Request('https://x.test', { method }))).text()).toBe(method)
    }
    expect(fetch).toBeTypeOf('function')
  })

  it('gives work to the waitUntil of the very request that started it', async () => {
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
})
