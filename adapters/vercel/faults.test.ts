import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import type { Fetch } from '../../src/runtime/application-options.ts'
import { RequestContext } from '../../src/runtime/index.ts'
import { vercel } from './handler.ts'
import { heldApplication, until } from '../../test/support/held-application.ts'

const globals = globalThis as Record<symbol, unknown>
const key = Symbol.for('@vercel/request-context')
afterEach(() => delete globals[key])

describe('a client that disconnects', () => {
  it('a client that disconnects before the response aborts the signal of a scope that ends once', async () => {
    const client = new AbortController()
    const { app, log } = heldApplication(async (_request, _env, { scope }) => {
      const { signal } = await scope.resolve(RequestContext)
      client.abort()
      await until(() => signal.aborted)
      return new Response('too late')
    })
    const response = await vercel(app, { env: {} }).fetch(new Request('https://x.test', { signal: client.signal }))
    await response.body?.cancel()
    await until(() => log.length > 0)
    await delay(5)
    expect(log).toEqual(['end'])
  })

  it('a client that disconnects in the middle of the body ends the scope once, after what must be finished', async () => {
    const client = new AbortController()
    const { app, log } = heldApplication(async (request, _env, context) => {
      context.waitUntil(delay(10).then(() => void log.push('finished')))
      const start = (controller: ReadableStreamDefaultController): void => {
        controller.enqueue(new Uint8Array(1))
        request.signal.addEventListener('abort', () => controller.error(new Error('nobody reads')), { once: true })
      }
      return new Response(new ReadableStream({ start }))
    })
    const response = await vercel(app, { env: {} }).fetch(new Request('https://x.test', { signal: client.signal }))
    const reader = response.body!.getReader()
    await reader.read()
    client.abort()
    await expect(reader.read()).rejects.toThrow('nobody reads')
    await until(() => log.includes('end'))
    expect(log).toEqual(['stream: nobody reads', 'finished', 'end'])
  })
})

describe('the deadline', () => {
  const seen = async (options: { maxDuration: number; deadlineMargin?: number }): Promise<number> => {
    const { app } = heldApplication(async (_request, _env, { scope }) =>
      Response.json((await scope.resolve(RequestContext)).deadline! - Date.now()),
    )
    const response = await vercel(app, { env: {}, ...options }).fetch(new Request('https://x.test'))
    return (await response.json()) as number
  }

  it('leaves at least half of a short duration for work', async () => {
    expect(await seen({ maxDuration: 0.4 })).toBeGreaterThan(100)
    expect(await seen({ maxDuration: 1, deadlineMargin: 90_000 })).toBeGreaterThan(400)
    expect(Math.round((await seen({ maxDuration: 60 })) / 100)).toBe(595)
  })

  it.each([
    { maxDuration: 0 },
    { maxDuration: Number.NaN },
    { maxDuration: 60, deadlineMargin: -1 },
    { maxDuration: 60, deadlineMargin: Number.NaN },
  ])('cannot be %j', (options) => {
    const { app } = heldApplication(() => new Response())
    expect(() => vercel(app, options)).toThrow(expect.objectContaining({ code: 'LEX_ERR_USE_001' }))
  })

  it('the deadline of one request is not that of another', async () => {
    const contexts: RequestContext[] = []
    const { app } = heldApplication(async (_request, _env, { scope }) => {
      contexts.push(await scope.resolve(RequestContext))
      return new Response()
    })
    const { fetch } = vercel(app, { env: {}, maxDuration: 60 })
    const first = new AbortController()
    await fetch(new Request('https://x.test', { signal: first.signal }))
    const began = Date.now()
    await until(() => Date.now() > began)
    await fetch(new Request('https://x.test'))
    first.abort()
    expect(contexts.map(({ signal }) => signal.aborted)).toEqual([true, false])
    expect(contexts[1]!.deadline).toBeGreaterThan(contexts[0]!.deadline!)
  })
})

describe('work after the response', () => {
  const working: Fetch = (_request, _env, context) => {
    context.waitUntil(Promise.resolve())
    return new Response()
  }

  it('goes to what was given where the platform has nothing', async () => {
    const seen: string[] = []
    const { fetch } = vercel(heldApplication(working).app, { env: {}, waitUntil: () => void seen.push('given') })
    await fetch(new Request('https://x.test'))
    for (const context of [undefined, {}]) {
      globals[key] = { get: () => context }
      await fetch(new Request('https://x.test'))
    }
    globals[key] = {}
    await fetch(new Request('https://x.test'))
    expect(new Set(seen)).toEqual(new Set(['given']))
  })

  it('goes to the platform where it has something', async () => {
    const seen: string[] = []
    const { fetch } = vercel(heldApplication(working).app, { env: {}, waitUntil: () => void seen.push('given') })
    globals[key] = { get: () => ({ waitUntil: () => void seen.push('platform') }) }
    await fetch(new Request('https://x.test'))
    expect(new Set(seen)).toEqual(new Set(['platform']))
  })

  it('work after the response that fails is reported to the application alone', async () => {
    const given: Promise<unknown>[] = []
    const { app, log } = heldApplication((_request, _env, context) => {
      context.waitUntil(Promise.reject(new Error('lost')))
      return new Response()
    })
    await vercel(app, { env: {}, waitUntil: (work) => void given.push(work) }).fetch(new Request('https://x.test'))
    expect((await Promise.allSettled(given)).every(({ status }) => status === 'fulfilled')).toBe(true)
    expect(log).toEqual(['waitUntil: lost', 'end'])
  })
})
