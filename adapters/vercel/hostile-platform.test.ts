import { afterEach, describe, expect, it } from 'vitest'
import { heldApplication, until } from '../../test/support/held-application.ts'
import { vercel } from './handler.ts'

const globals = globalThis as Record<symbol, unknown>
const key = Symbol.for('@vercel/request-context')
afterEach(() => delete globals[key])

const fail = (): never => {
  throw new Error('no context')
}

describe('a platform context that is damaged', () => {
  it.each([
    ['one that cannot be read', fail],
    ['a text', () => 'context'],
    ['null', () => null],
    ['a waitUntil that is not a function', () => ({ waitUntil: {} })],
    ['a waitUntil that throws', () => ({ waitUntil: fail })],
    ['a deadline that is a symbol', () => ({ deadline: Symbol('late') })],
    ['a deadline that is a bigint', () => ({ deadline: 1n })],
    ['a deadline that is an object', () => ({ deadline: { valueOf: fail } })],
  ])('does not keep a request from its answer: %s', async (_name, get) => {
    globals[key] = { get }
    const { app, log } = heldApplication(() => new Response('ok'))
    const response = await vercel(app, { env: {} }).fetch(new Request('https://x.test'))
    expect([response.status, await response.text()]).toEqual([200, 'ok'])
    await until(() => log.includes('end'))
    expect(log.filter((line) => line === 'end')).toHaveLength(1)
  })

  it('a platform context that cannot be read is reported once', async () => {
    globals[key] = { get: fail }
    const { app, log } = heldApplication(() => new Response(null))
    await vercel(app, { env: {} }).fetch(new Request('https://x.test'))
    await until(() => log.includes('end'))
    expect(log).toEqual(['handler: no context', 'end'])
  })

  it.each([0, -1, Date.now() - 60_000])('a platform context with a deadline of %s aborts at once', async (deadline) => {
    globals[key] = { get: () => ({ deadline }) }
    const { app } = heldApplication(async (request, _env, { scope }) => {
      const { RequestContext } = await import('../../src/runtime/index.ts')
      const { signal } = await scope.resolve(RequestContext)
      await until(() => signal.aborted)
      return new Response(request.method)
    })
    const response = await vercel(app, { env: {}, maxDuration: 60 }).fetch(new Request('https://x.test'))
    expect(await response.text()).toBe('GET')
  })
})
