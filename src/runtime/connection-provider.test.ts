import { describe, expect, it } from 'vitest'
import { token } from '../container/token.ts'
import { createApplication, type Application } from './application.ts'
import type { Connectable, Connection } from './connectable.ts'
import { connectionProvider } from './connection-provider.ts'
import type { Invocation } from './request-context.ts'
import { sharedRuntime, type Runtime } from './runtime-traits.ts'

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

describe('a connection provider', () => {
  it('shares one connection where sockets outlive requests, and closes it when the application stops', async () => {
    const { app, log } = ledgerApplication()
    const env = {}
    await Promise.all(['a', 'b'].map((command) => send(app, command, invocationOf(env), sharedRuntime)))
    await send(app, 'c', invocationOf(env), sharedRuntime)
    expect(log).toEqual(['open 1', 'a on 1', 'b on 1', 'c on 1'])
    await app.stop(env)
    expect(log.at(-1)).toBe('close 1')
  })

  it('gives each scope its own where they do not, closed with the scope', async () => {
    const { app, log } = ledgerApplication()
    const env = {}
    for (const command of ['a', 'b']) await send(app, command, invocationOf(env), isolates)
    expect(log).toEqual(['open 1', 'a on 1', 'close 1', 'open 2', 'b on 2', 'close 2'])
  })

  it('does not let a scope close what others use', async () => {
    const { app, log } = ledgerApplication()
    const close = async (): Promise<void> =>
      app.run(
        async (scope) => {
          const ledger = await scope.resolve(Ledger)
          await ledger.execute('a')
          await ledger.close()
        },
        invocationOf(app),
        sharedRuntime,
      )
    await close()
    await close()
    expect(log).toEqual(['open 1', 'a on 1', 'a on 1'])
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
  ] as const)('asks for a sign of life when readiness is asked for, over %s', async (_, runtime, expected) => {
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
})
