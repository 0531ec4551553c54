import { describe, expect, it } from 'vitest'
import { defineConfig } from '../config/define-config.ts'
import * as setting from '../core/setting/schema.ts'
import { factory } from '../container/registration.ts'
import { provider } from './provider.ts'
import { token } from '../core/token.ts'
import { createApplication } from './application.ts'
import { RequestContext } from './invocation/request-context.ts'

const Clock = token<{ now: number }>('Clock')

describe('application lifecycle', () => {
  it('registers, boots and shuts down providers in their order', async () => {
    const log: string[] = []
    const logged = (name: string, dependsOn: string[] = []) =>
      provider(name, {
        dependsOn,
        register: () => void log.push(`register ${name}`),
        boot: () => void log.push(`boot ${name}`),
        shutdown: () => void log.push(`shutdown ${name}`),
      })
    const app = createApplication({ name: 'test', providers: [logged('b', ['a']), logged('a')] })
    const running = await app.boot({})
    await running.shutdown()
    await running.shutdown()
    expect(log).toEqual(['register a', 'register b', 'boot a', 'boot b', 'shutdown b', 'shutdown a'])
  })

  it('boots one level in parallel', async () => {
    const { promise: otherIsBooting, resolve: announce } = Promise.withResolvers<void>()
    const app = createApplication({
      name: 'test',
      providers: [provider('a', { boot: () => otherIsBooting }), provider('b', { boot: () => announce() })],
    })
    await expect(app.boot({})).resolves.toBeDefined()
  })

  it('shuts down what had booted when a required provider fails', async () => {
    const log: string[] = []
    const app = createApplication({
      name: 'test',
      providers: [
        provider('first', { boot: () => void log.push('boot'), shutdown: () => void log.push('shutdown') }),
        provider('second', {
          dependsOn: ['first'],
          boot() {
            throw new Error('no database')
          },
          shutdown: () => void log.push('never booted, never shut down'),
        }),
      ],
    })
    await expect(app.boot({})).rejects.toThrow('no database')
    expect(log).toEqual(['boot', 'shutdown'])
  })

  it('reports an optional provider that fails without failing itself', async () => {
    const errors: unknown[] = []
    const optional = provider('mail', { required: false, boot: () => Promise.reject(new Error('no mail')) })
    const app = createApplication({ name: 'test', providers: [optional], onError: ({ error }) => errors.push(error) })
    await using running = await app.boot({})
    expect((await running.health('readiness')).status).toBe('healthy')
    expect(errors).toMatchObject([{ message: 'no mail' }])
  })

  it('keeps nothing of an optional provider whose register fails half-way', async () => {
    const Mail = token<string>('Mail')
    const mail = provider('mail', {
      required: false,
      register(container) {
        container.value(Mail, 'half')
        throw new Error('no mail')
      },
    })
    const clock = provider('clock', { register: (container) => void container.value(Clock, { now: 1 }) })
    await using running = await createApplication({ name: 'test', providers: [mail, clock], onError: () => {} }).boot(
      {},
    )
    expect([running.container.has(Mail), running.container.has(Clock)]).toEqual([false, true])
  })

  it('does not bound a hook that may take forever', async () => {
    const patient = provider('patient', {
      timeout: Infinity,
      boot: () => new Promise<void>((resolve) => setTimeout(resolve, 5)),
    })
    await expect(createApplication({ name: 'test', providers: [patient] }).boot({})).resolves.toBeDefined()
  })

  it('bounds each hook in time', async () => {
    const hanging = provider('slow', { timeout: 5, boot: () => new Promise<void>(() => {}) })
    const app = createApplication({ name: 'test', providers: [hanging] })
    await expect(app.boot({})).rejects.toMatchObject({ code: 'LEX_ERR_INFRA_002', message: /boot of provider slow/ })
  })

  it('lets providers decorate singletons only while they boot', async () => {
    const app = createApplication({
      name: 'test',
      providers: [
        provider('clock', {
          register: (container) =>
            container.singleton(
              Clock,
              factory([], () => ({ now: 1 })),
            ),
          boot: (container) => void container.bind(Clock, { now: container.get(Clock).now + 1 }),
        }),
      ],
    })
    await using running = await app.boot({})
    expect(running.container.get(Clock)).toEqual({ now: 2 })
    expect(() => running.container.bind(Clock, { now: 3 })).toThrow(/cannot be bound/)
  })

  it('names the providers that registered a token twice', async () => {
    const one = (name: string) => provider(name, { register: (container) => container.value(Clock, { now: 1 }) })
    const both = createApplication({ name: 'test', providers: [one('first'), one('second')] })
    await expect(both.boot({})).rejects.toMatchObject({
      code: 'LEX_ERR_DI_005',
      message: 'Clock cannot be registered twice: by provider first and by provider second',
    })
    const again = provider('again', { register: (container) => container.value(RequestContext, null as never) })
    const ours = createApplication({ name: 'test', providers: [again] })
    await expect(ours.boot({})).rejects.toThrow(
      'RequestContext cannot be registered twice: by the application and by provider again',
    )
  })

  it('releases singletons although a shutdown fails, which is reported', async () => {
    const errors: unknown[] = []
    const closed: string[] = []
    const app = createApplication({
      name: 'test',
      onError: ({ error, phase, subject }) => errors.push([phase, subject, (error as Error).message]),
      providers: [
        provider('clock', {
          register: (container) =>
            container.singleton(
              Clock,
              factory([], () => ({ now: 1 }), { dispose: () => void closed.push('clock') }),
            ),
          boot: (container) => void container.get(Clock),
          shutdown: () => Promise.reject(new Error('shutdown failed')),
        }),
      ],
    })
    await (await app.boot({})).shutdown()
    expect(closed).toEqual(['clock'])
    expect(errors).toEqual([['provider', 'clock', 'shutdown failed']])
  })
  it('boots in spite of a variable that is called almost like a setting, which is reported', async () => {
    const errors: unknown[] = []
    const config = defineConfig({ mail: setting.object({ retries: setting.withDefault(setting.int(), 3) }) })
    const app = createApplication({
      name: 'test',
      config,
      onError: ({ error, phase }) => errors.push([phase, (error as Error).message]),
    })
    await using running = await app.boot({ LEX_MALI__RETRIES: '5' })
    expect(running.container.get(config.sections.mail)).toEqual({ retries: 3 })
    expect(errors).toEqual([['boot', expect.stringMatching(/LEX_MALI__RETRIES: .* did you mean LEX_MAIL__RETRIES/)]])
  })
})
