import { describe, expect, expectTypeOf, it } from 'vitest'
import { createApplication } from '../../src/runtime/application.ts'
import { err, ok, RequestContext, type Result } from '../../src/runtime/index.ts'
import { inScope } from './run-trigger.ts'

function applicationOf() {
  const log: unknown[] = []
  const app = createApplication({
    name: 'test',
    onError: ({ error, phase }) => log.push(`${phase}: ${String(error)}`),
  })
  const ctx = { waitUntil: (work: Promise<unknown>) => void log.push(work) }
  return { app, log, place: { env: {}, ctx, event: { payload: 'tea' } } }
}

describe('work in a scope', () => {
  it('resolves with its value, with or without a result around it', async () => {
    const { app, log, place } = applicationOf()
    const value = await inScope(app, place, async (): Promise<Result<number, 'no'>> => ok(1))
    expectTypeOf(value).toEqualTypeOf<number>()
    expect([value, await inScope(app, place, () => 'text'), log]).toEqual([1, 'text', []])
  })

  it('knows its place', async () => {
    const { app, log, place } = applicationOf()
    const { event, env, platform } = await inScope(app, place, async (scope) => {
      const context = await scope.resolve(RequestContext)
      context.waitUntil(Promise.resolve())
      return { event: context.event, env: context.env, platform: context.platform }
    })
    expect([event, env, platform, log.length]).toEqual([place.event, place.env, place.ctx, 1])
  })

  it.each([
    ['a throw', () => Promise.reject(new Error('declined'))],
    ['an Err', () => err(new Error('declined'))],
  ])('rejects after %s and one report', async (_name, work) => {
    const { app, log, place } = applicationOf()
    await expect(inScope<unknown>(app, place, work)).rejects.toThrow('declined')
    expect(log).toEqual(['handler: Error: declined'])
  })

  it.each([
    ['its text', 'sold out', 'sold out'],
    ['its data for the cause', { left: 0 }, 'the work failed'],
  ])('rejects with an error after an Err of another value, with %s', async (_name, error, message) => {
    const { app, place } = applicationOf()
    await expect(inScope(app, place, () => err(error))).rejects.toMatchObject({ message, cause: error })
  })

  it.each([undefined, {}, { env: {} }, { ctx: {} }])('refuses %j for its place', async (place) => {
    const { app } = applicationOf()
    await expect(inScope(app, place as never, () => 1)).rejects.toMatchObject({ code: 'LEX_ERR_USE_001' })
  })
})
