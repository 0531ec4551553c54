import { describe, expect, it, vi } from 'vitest'
import * as setting from '../../core/setting/schema.ts'
import { section } from '../../core/setting/section.ts'
import { defineConfig } from '../../config/define-config.ts'
import { heldApplication } from '../../../test/support/held-application.ts'
import { createApplication } from '../application.ts'
import type { Fetch } from '../application-options.ts'
import { sharedRuntime } from '../runtime-traits.ts'
import { RequestContext } from './request-context.ts'

const refusing = (): never => {
  throw new Error('the event has ended')
}

describe('a platform whose waitUntil throws', () => {
  const answers: readonly (readonly [name: string, status: number, fetch: Fetch])[] = [
    ['an answer without a body', 204, () => new Response(null, { status: 204 })],
    ['an answer with a body', 200, () => new Response('ok')],
    ['a handler that throws', 500, () => Promise.reject(new Error('no'))],
  ]
  it.each(answers)('gets its answer from a scope that ends once, for %s', async (_name, status, fetch) => {
    const { app, log } = heldApplication(fetch)
    const response = await app.handle(new Request('https://x.test'), { env: {}, waitUntil: refusing }, sharedRuntime)
    expect(response.status).toBe(status)
    await response.text()
    await vi.waitFor(() => expect(log).toContain('end'))
    expect(log.filter((line) => line === 'end')).toEqual(['end'])
    expect(log.filter((line) => line.startsWith('waitUntil'))).toEqual(['waitUntil: the event has ended'])
  })

  it('does not fail a job', async () => {
    const { app } = heldApplication(() => new Response())
    expect(await app.run(() => 7, { env: {}, waitUntil: refusing }, sharedRuntime)).toBe(7)
  })
})

describe('an error that cannot be read', () => {
  const hostile = new Proxy(new Error('hidden'), {
    get() {
      throw new Error('no access')
    },
    getPrototypeOf() {
      throw new Error('no access')
    },
    has() {
      throw new Error('no access')
    },
  })

  it('is a 500', async () => {
    const { app, log } = heldApplication(() => Promise.reject(hostile))
    const response = await app.handle(new Request('https://x.test'), { env: {}, waitUntil: () => {} }, sharedRuntime)
    expect(response.status).toBe(500)
    await vi.waitFor(() => expect(log).toContain('end'))
  })
})

describe('work that has ended', () => {
  it('is forgotten before the scope ends', async () => {
    let context: RequestContext | undefined
    const app = createApplication({ name: 'test' })
    await app.run(
      async (scope) => {
        context = await scope.resolve(RequestContext)
        for (let i = 0; i < 1000; i++) {
          context.waitUntil(Promise.resolve(i))
        }
        await new Promise((resolve) => setTimeout(resolve, 5))
        expect((context as unknown as { tasks: { idle: boolean } }).tasks.idle).toBe(true)
      },
      { env: {}, waitUntil: () => {} },
      sharedRuntime,
    )
  })
})

describe('a configuration that does not load', () => {
  it('fails the boot when its time is over', async () => {
    vi.useFakeTimers()
    try {
      const schema = setting.object({})
      const hanging = { '~standard': { ...schema['~standard'], validate: () => new Promise<never>(() => {}) } }
      const config = defineConfig({ mail: section('mail', hanging) })
      const app = createApplication({ name: 'test', config, onError: () => {} })
      const booted = expect(app.boot({})).rejects.toMatchObject({
        code: 'LEX_ERR_INFRA_002',
        message: 'loading the configuration did not end within 10000 ms',
      })
      await vi.advanceTimersByTimeAsync(10_000)
      await booted
    } finally {
      vi.useRealTimers()
    }
  })
})
