import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import { DomainError } from '../core/errors.ts'
import type { ProblemOptions } from '../core/problem-options.ts'
import { err } from '../core/result/result.ts'
import { createApplication } from '../runtime/application.ts'
import type { ApplicationOptions } from '../runtime/application-options.ts'
import { sharedRuntime } from '../runtime/runtime-traits.ts'
import { notFound, onError } from './problems.ts'
import { respond } from './respond.ts'

class OutOfStock extends DomainError {
  readonly code = 'OUT_OF_STOCK'
}

function harness(problems: ProblemOptions = {}, options: Partial<ApplicationOptions> = {}) {
  const reported: string[] = []
  const routes = new Hono()
  routes.onError(onError(problems)).notFound(notFound)
  routes.get('/thrown', () => {
    throw new OutOfStock('none left')
  })
  routes.get('/returned', (c) => respond(c, err(new OutOfStock('none left')), problems))
  const app = createApplication({
    name: 'test',
    fetch: routes.fetch,
    onError: ({ error, phase }) => void reported.push(`${phase}: ${(error as Error).message}`),
    ...options,
  })
  const send = (path: string) =>
    app.handle(
      new Request(`https://x.test${path}`, { headers: { 'x-request-id': 'r-1' } }),
      { env: {}, waitUntil: () => {} },
      sharedRuntime,
    )
  return { routes, reported, send }
}

describe.each(['/thrown', '/returned'])('an error that was %s', (path) => {
  it('has the status that the application assigns to its code', async () => {
    const { send, reported } = harness({}, { statuses: { OUT_OF_STOCK: 409 } })
    const response = await send(path)
    expect(await response.json()).toMatchObject({ status: 409, detail: 'none left', instance: 'r-1' })
    expect(reported).toEqual([])
  })

  it('prefers the status that the route assigns to its code', async () => {
    const { send } = harness({ statuses: { OUT_OF_STOCK: 404 } }, { statuses: { OUT_OF_STOCK: 409 } })
    expect((await send(path)).status).toBe(404)
  })

  it('is reported instead of explained when its status says that it is not the caller’s fault', async () => {
    for (const { send, reported } of [
      harness({ statuses: { OUT_OF_STOCK: 503 } }),
      harness({}, { statuses: { OUT_OF_STOCK: 503 } }),
    ]) {
      const response = await send(path)
      expect(response.status).toBe(503)
      expect(await response.text()).not.toContain('none left')
      expect(reported).toEqual(['handler: none left'])
    }
  })
})

describe('routes without an adapter', () => {
  it('answer with problem details too', async () => {
    const { routes } = harness()
    expect((await routes.request('/thrown')).status).toBe(400)
    expect((await routes.request('/missing')).status).toBe(404)
  })

  it('let through what is not the caller’s fault', async () => {
    const broken = harness({ statuses: { OUT_OF_STOCK: 500 } })
    await expect(async () => broken.routes.request('/thrown')).rejects.toThrow('none left')
  })
})
