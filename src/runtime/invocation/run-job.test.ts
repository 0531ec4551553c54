import { describe, expect, it } from 'vitest'
import { factory } from '../../container/registration.ts'
import { provider } from '../provider.ts'
import { token } from '../../core/token.ts'
import { createApplication } from '../application.ts'
import { RequestContext } from './request-context.ts'
import { sharedRuntime } from '../runtime-traits.ts'

const Session = token<object>('Session')

function application(log: string[]) {
  return createApplication({
    name: 'test',
    onError: ({ error, phase }) => void log.push(`${phase}: ${(error as Error).message}`),
    providers: [
      provider('session', {
        register: (container) =>
          container.scoped(
            Session,
            factory([], () => ({}), { dispose: () => void log.push('end') }),
          ),
      }),
    ],
  })
}

describe('app.run', () => {
  it('runs a message in a scope that has ended, waitUntil work included, when it settles', async () => {
    const log: string[] = []
    const event = { id: 1 }
    const value = await application(log).run(
      async (scope) => {
        const context = await scope.resolve(RequestContext)
        await scope.resolve(Session)
        context.waitUntil(new Promise((resolve) => setTimeout(resolve, 2)).then(() => log.push('background')))
        return context.event === event
      },
      { env: {}, event, waitUntil: () => {} },
      sharedRuntime,
    )
    expect(value).toBe(true)
    expect(log).toEqual(['background', 'end'])
  })

  it('ends the scope when the work throws', async () => {
    const log: string[] = []
    const work = application(log).run(
      (scope) => {
        scope.get(Session)
        throw new Error('poison')
      },
      { env: {}, waitUntil: () => {} },
      sharedRuntime,
    )
    await expect(work).rejects.toThrow('poison')
    expect(log).toEqual(['end'])
  })
})

describe('a scope that no request opened', () => {
  it('has a context without a deadline', async () => {
    await using running = await application([]).boot({ NAME: 'value' })
    const scope = running.container.scope()
    const context = await scope.resolve(RequestContext)
    expect(context).toMatchObject({ deadline: undefined, request: undefined, env: { NAME: 'value' } })
  })

  it('awaits the waitUntil work of its context when it ends', async () => {
    const log: string[] = []
    await using running = await application(log).boot({ NAME: 'value' })
    const scope = running.container.scope()
    const context = await scope.resolve(RequestContext)
    context.waitUntil(new Promise((resolve) => setTimeout(resolve, 2)).then(() => log.push('background')))
    await scope.dispose()
    expect(log).toEqual(['background'])
  })
})
