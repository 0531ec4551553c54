import { describe, expect, it } from 'vitest'
import { token } from '../../core/token.ts'
import { createApplication, type Application } from '../application.ts'
import type { Connectable, Connection } from './connectable.ts'
import { connectionProvider } from './connection-provider.ts'
import type { Invocation } from '../invocation/request-context.ts'
import { sharedRuntime, type Runtime } from '../runtime-traits.ts'

const Ledger = token<Connection<string, string>>('Ledger')
const isolates: Runtime = { name: 'isolates', socketsOutliveRequests: false, sharesPending: false }

function ledgerApplication(): { app: Application; log: string[]; signals: (AbortSignal | undefined)[] } {
  const log: string[] = []
  const signals: (AbortSignal | undefined)[] = []
  let opened = 0
  const ledger: Connectable<string, string> = {
    name: 'ledger',
    async connect() {
      const id = ++opened
      log.push(`open ${id}`)
      return {
        pool: `pool ${id}`,
        async execute(command, signal) {
          signals.push(signal)
          log.push(`${command} on ${id}`)
          return command
        },
        async ping() {
          log.push(`ping ${id}`)
        },
        async close() {
          log.push(`close ${id}`)
        },
      }
    },
  }
  return {
    app: createApplication({ name: 'test', providers: [connectionProvider(Ledger, () => ledger)] }),
    log,
    signals,
  }
}

const invocationOf = (env: object, signal?: AbortSignal): Invocation => ({
  env,
  waitUntil: () => {},
  ...(signal === undefined ? {} : { signal }),
})

const send = (app: Application, command: string, invocation: Invocation, runtime: Runtime): Promise<string> =>
  app.run(async (scope) => (await scope.resolve(Ledger)).execute(command), invocation, runtime)

const codeOf = (error: unknown): unknown => (error as { code?: unknown }).code

describe('a connection provider', () => {
  it('shares one connection where sockets outlive requests, until the application stops', async () => {
    const { app, log } = ledgerApplication()
    const env = {}
    await Promise.all(['a', 'b'].map((command) => send(app, command, invocationOf(env), sharedRuntime)))
    await send(app, 'c', invocationOf(env), sharedRuntime)
    expect(log).toEqual(['open 1', 'a on 1', 'b on 1', 'c on 1'])
    await app.stop(env)
    expect(log.at(-1)).toBe('close 1')
  })

  it('opens one for each scope where they do not, closed with the scope', async () => {
    const { app, log } = ledgerApplication()
    const env = {}
    for (const command of ['a', 'b']) await send(app, command, invocationOf(env), isolates)
    expect(log).toEqual(['open 1', 'a on 1', 'close 1', 'open 2', 'b on 2', 'close 2'])
  })

  it.each([
    ['shared', sharedRuntime],
    ['its own', isolates],
  ])('lets a scope close its %s one for itself alone', async (_, runtime) => {
    const { app, log } = ledgerApplication()
    const closing = (): Promise<unknown> =>
      app.run(
        async (scope) => {
          const ledger = await scope.resolve(Ledger)
          await ledger.execute('a')
          await ledger.close()
          return [await ledger.execute('b').catch(codeOf), await ledger.ping().catch(codeOf)]
        },
        invocationOf(app),
        runtime,
      )
    for (let i = 0; i < 2; i++) expect(await closing()).toEqual(['LEX_ERR_USE_001', 'LEX_ERR_USE_001'])
    expect(log.filter((line) => line.startsWith('a'))).toHaveLength(2)
    expect(log.includes('close 1')).toBe(runtime === isolates)
  })

  it.each([
    ['nothing', () => undefined],
    ['a promise', async () => ({ name: 'ledger', connect: async () => ({}) })],
  ])('fails the boot when it is given %s for a connectable', async (_, connectableFor) => {
    const ledger = connectionProvider(Ledger, connectableFor as never)
    const booting = createApplication({ name: 'test', providers: [ledger] }).boot({})
    await expect(booting).rejects.toMatchObject({ code: 'LEX_ERR_USE_001' })
  })

  it('fails the boot with what connectableFor throws', async () => {
    const missing = new Error('no LEDGER_URL')
    const ledger = connectionProvider(Ledger, () => {
      throw missing
    })
    await expect(createApplication({ name: 'test', providers: [ledger] }).boot({})).rejects.toBe(missing)
  })

  it('cannot be there twice for one token', async () => {
    const ledger = connectionProvider(Ledger, () => ({ name: 'ledger', connect: () => new Promise<never>(() => {}) }))
    const booting = createApplication({ name: 'test', providers: [ledger, ledger] }).boot({})
    await expect(booting).rejects.toThrow('two providers cannot have the same name Ledger')
  })

  it('opens nothing for a scope that sends nothing, nor at boot', async () => {
    const { app, log } = ledgerApplication()
    for (const runtime of [sharedRuntime, isolates]) {
      await app.run((scope) => scope.resolve(Ledger), invocationOf({}), runtime)
    }
    expect(log).toEqual([])
  })

  it('aborts commands with their request', async () => {
    const { app, signals } = ledgerApplication()
    const request = new AbortController()
    await send(app, 'a', invocationOf({}, request.signal), sharedRuntime)
    request.abort()
    expect(signals).toMatchObject([{ aborted: true }])
  })

  it.each([
    ['shared', sharedRuntime, ['open 1', 'ping 1']],
    ['its own', isolates, ['open 1', 'ping 1', 'close 1']],
  ] as const)('pings when readiness is asked for, over %s', async (_, runtime, expected) => {
    const { app, log } = ledgerApplication()
    const running = await app.boot({}, runtime)
    expect((await running.health('readiness')).status).toBe('healthy')
    expect(log).toEqual(expected)
  })

  it('shows the platform the pools that open', async () => {
    const { app } = ledgerApplication()
    const pools: unknown[] = []
    const runtime: Runtime = { ...sharedRuntime, attachPool: (pool) => pools.push(pool) }
    const env = {}
    for (const command of ['a', 'b']) await send(app, command, invocationOf(env), runtime)
    expect(pools).toEqual(['pool 1'])
  })

  it('reports a discarded connection that does not close', async () => {
    const errors: unknown[] = []
    const stuck: Connectable<string, string> = {
      name: 'ledger',
      connect: async () => ({
        execute: () => Promise.reject(new Error('reset')),
        ping: () => Promise.reject(new Error('reset')),
        close: () => Promise.reject(new Error('stuck')),
      }),
    }
    const app = createApplication({
      name: 'test',
      providers: [connectionProvider(Ledger, () => stuck)],
      onError: ({ error, phase, subject }) => errors.push([(error as Error).message, phase, subject]),
    })
    const invocation = invocationOf({})
    for (const command of ['a', 'b']) await send(app, command, invocation, sharedRuntime).catch(() => {})
    await expect.poll(() => errors).toEqual([['stuck', 'provider', 'Ledger']])
  })
})
