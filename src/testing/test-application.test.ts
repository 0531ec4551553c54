import { describe, expect, it } from 'vitest'
import { provider } from '../runtime/provider.ts'
import { factory } from '../container/registration.ts'
import { token } from '../core/token.ts'
import { createApplication } from '../runtime/application.ts'
import { RequestContext } from '../runtime/invocation/request-context.ts'
import { override, startTestApplication } from './test-application.ts'

const Clock = token<{ now(): number }>('Clock')
const Greeting = token<string>('Greeting')

const app = createApplication({
  name: 'test',
  providers: [
    provider('greeting', {
      register(container) {
        container.singleton(
          Clock,
          factory([], () => ({ now: () => Date.now() })),
        )
        container.scoped(
          Greeting,
          factory([Clock], (clock) => `it is ${clock.now()}`),
        )
      },
    }),
  ],
  fetch: async (request, _env, { scope }) => {
    if (request.url.endsWith('/throw')) throw new Error('reported')
    return new Response(await scope.resolve(Greeting))
  },
})

describe('startTestApplication', () => {
  it('puts overrides in place before anything is made, also where others depend on them', async () => {
    await using test = await startTestApplication(app, { overrides: [override(Clock, { now: () => 7 })] })
    expect(await (await test.fetch('/')).text()).toBe('it is 7')
  })

  it('sends a Request with what goes before its members', async () => {
    await using test = await startTestApplication(
      createApplication({ name: 'a', fetch: ({ method }) => new Response(method) }),
    )
    const response = await test.fetch(new Request('https://x.test'), { method: 'DELETE' })
    expect(await response.text()).toBe('DELETE')
  })

  it('keeps what was reported', async () => {
    await using test = await startTestApplication(app)
    expect((await test.fetch('/throw')).status).toBe(500)
    expect(test.errors).toMatchObject([{ phase: 'handler', error: { message: 'reported' } }])
  })

  it('runs each job in its own scope', async () => {
    await using test = await startTestApplication(app)
    const event = { id: 1 }
    expect(await test.run(async (scope) => (await scope.resolve(RequestContext)).event === event, event)).toBe(true)
  })
})
