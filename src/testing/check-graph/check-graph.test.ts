import { describe, expect, it } from 'vitest'
import { defineConfig } from '../../config/define-config.ts'
import { ContainerValidationError } from '../../container/errors.ts'
import { factory } from '../../container/registration.ts'
import * as setting from '../../core/setting/schema.ts'
import { section } from '../../core/setting/section.ts'
import { named, token } from '../../core/token.ts'
import { NoSqlConfig } from '../../nosql/config.ts'
import { memory } from '../../nosql/drivers/memory/memory-driver.ts'
import { noSqlProvider } from '../../nosql/provider.ts'
import { DocumentStore } from '../../nosql/store/document-store.ts'
import { createApplication, type Application } from '../../runtime/application.ts'
import { connectionProvider } from '../../runtime/connection/connection-provider.ts'
import type { Connectable, Connection } from '../../runtime/connection/connectable.ts'
import { RequestContext } from '../../runtime/invocation/request-context.ts'
import { provider, type Provider } from '../../runtime/provider.ts'
import { DatabaseConfig } from '../../sql/config.ts'
import type { DatabaseDriver } from '../../sql/contract/driver.ts'
import { sqlProvider } from '../../sql/provider.ts'
import { DbSession, TransactionalDbSession } from '../../sql/tokens.ts'
import { checkGraph, type CheckGraphOptions } from './check-graph.ts'

const Socket = token<object>('Socket')
const Service = token<object>('Service')
const Missing = token<object>('Missing')
const One = token<object>('One')
const Other = token<object>('Other')

const never = (): never => {
  throw new Error('no factory is called')
}
const register = (name: string, hook: NonNullable<Provider['register']>): Provider => provider(name, { register: hook })
const app = (...providers: readonly Provider[]): Application => createApplication({ name: 'test', providers })

async function issuesOf(application: Application, options: CheckGraphOptions): Promise<string[]> {
  try {
    await checkGraph(application, options)
    return []
  } catch (error) {
    if (!(error instanceof ContainerValidationError)) throw error
    return error.issues.map(({ kind, message }) => `${kind}: ${message}`)
  }
}

const withSocket = register('socket', (container) => {
  container.singleton(Socket, factory([], never, { io: 'socket' }))
})

describe('checkGraph', () => {
  it.each([
    ['node', []],
    ['lambda', []],
    ['vercel', []],
    ['vercel-edge', ['socket: a socket dies with its request here: make it scoped (Socket)']],
    ['workers', ['socket: a socket dies with its request here: make it scoped (Socket)']],
  ] as const)('knows what holds on %s', async (runtime, issues) => {
    expect(await issuesOf(app(withSocket), { runtime })).toEqual(issues)
  })

  it('takes the traits of another runtime', async () => {
    const runtime = { name: 'mine', socketsOutliveRequests: false, sharesPending: true }
    expect(await issuesOf(app(withSocket), { runtime })).toHaveLength(1)
  })

  it('reports every issue at once', async () => {
    const broken = register('broken', () => {
      throw new Error('it has no map')
    })
    const wrong = register('wrong', (container) => {
      container.scoped(Service, factory([Missing], never))
      container.singleton(One, factory([Service, RequestContext], never))
      container.singleton(Other, factory([Other], never))
    })
    const again = register('again', (container) => container.singleton(Socket, factory([], never)))
    expect(await issuesOf(app(withSocket, broken, wrong, again), { runtime: 'workers' })).toEqual([
      'provider: provider broken cannot register: it has no map',
      'provider: provider again cannot register: Socket cannot be registered twice: by provider socket and by provider again',
      expect.stringMatching(/^socket: .*\(Socket\)/),
      'missing: nothing is registered for Missing (Service → Missing)',
      expect.stringMatching(/^captive: .*\(One → Service\)/),
      expect.stringMatching(/^captive: .*\(One → RequestContext\)/),
      'cycle: it depends on itself (Other → Other)',
    ])
  })

  it('reports an order of providers that cannot be beside other issues', async () => {
    const late = provider('late', {
      dependsOn: ['absent'],
      register: (container) => container.alias(One, Missing),
    })
    expect(await issuesOf(app(late), { runtime: 'node' })).toEqual([
      'provider: provider late cannot depend on absent: it is not listed',
      'missing: nothing is registered for Missing (One → Missing)',
    ])
  })

  it('refuses a runtime and options that do not exist', async () => {
    const wrong = { runtime: 'worker' } as unknown as CheckGraphOptions
    await expect(checkGraph(app(), wrong)).rejects.toMatchObject({ code: 'LEX_ERR_USE_001', hint: /workers/ })
    const misspelt = { runtime: 'node', environment: {} } as unknown as CheckGraphOptions
    await expect(checkGraph(app(), misspelt)).rejects.toMatchObject({ code: 'LEX_ERR_USE_001' })
  })
})

const Mail = section('mail', setting.object({ host: setting.string(), port: setting.withDefault(setting.int(), 25) }))

describe('a section of the configuration', () => {
  const application = (hook: NonNullable<Provider['register']>): Application =>
    createApplication({ name: 'test', config: defineConfig({ mail: Mail }), providers: [register('mail', hook)] })

  it('may be injected without an environment', async () => {
    const injecting = application((container) => container.singleton(One, factory([Mail], never)))
    expect(await issuesOf(injecting, { runtime: 'workers' })).toEqual([])
  })

  it('a section that registering reads is an issue, unless the sample of the environment fills it', async () => {
    const reading = application((container, { config }) => container.value(One, { host: config(Mail).host }))
    expect(await issuesOf(reading, { runtime: 'node' })).toEqual([
      'provider: provider mail cannot register: the section mail cannot be read: the environment of the check does not fill it',
    ])
    expect(await issuesOf(reading, { runtime: 'node', env: { LEX_MAIL__HOST: 'localhost' } })).toEqual([])
  })
})

const sqlDriver = (name: string, io: 'stateless' | 'socket', interactiveTransactions: boolean): DatabaseDriver => ({
  name,
  io,
  interactiveTransactions,
  accepts: (url) => url.protocol === `${name}:`,
  open: never,
})

describe('drivers', () => {
  const application = (drivers: readonly DatabaseDriver[], ...providers: readonly Provider[]): Application =>
    createApplication({
      name: 'test',
      config: defineConfig({ database: DatabaseConfig, nosql: NoSqlConfig }),
      providers: [sqlProvider({ drivers }), noSqlProvider({ drivers: [memory()] }), ...providers],
    })
  const both = [sqlDriver('http', 'stateless', false), sqlDriver('tcp', 'socket', true)]
  const transacting = register('orders', (container) => {
    container.scoped(Service, factory([TransactionalDbSession, DocumentStore], never))
  })

  it('are checked without an environment, every one that is listed', async () => {
    const reading = register('orders', (container) => {
      container.scoped(Service, factory([DbSession, DocumentStore], never))
    })
    expect(await issuesOf(application(both, reading), { runtime: 'node' })).toEqual([])
    expect(await issuesOf(application(both, reading), { runtime: 'workers' })).toEqual([
      expect.stringMatching(/^socket: .*\(DatabaseProvider\) \[with sql: tcp\]$/),
    ])
  })

  it('name the choice that lacks something', async () => {
    expect(await issuesOf(application(both, transacting), { runtime: 'node' })).toEqual([
      expect.stringMatching(/^missing: .*TransactionalDbSession.* \[with sql: http\]$/),
    ])
    expect(await issuesOf(application(both.slice(1), transacting), { runtime: 'node' })).toEqual([])
  })

  it('are those that the sample of the environment chooses', async () => {
    const env = { DATABASE_URL: 'tcp://user:hush@host/app' }
    expect(await issuesOf(application(both, transacting), { runtime: 'node', env })).toEqual([])
  })

  it('may have any store that is asked for by name, unless the sample of the environment names them', async () => {
    const audit = register('audit', (container) => {
      container.scoped(One, factory([DbSession, named(DocumentStore, 'audit')], never))
    })
    const checked = application(both, audit)
    expect(await issuesOf(checked, { runtime: 'node' })).toEqual([])
    const env = (name: string) => ({ LEX_NOSQL__BACKENDS__0__NAME: name })
    expect(await issuesOf(checked, { runtime: 'node', env: env('audit') })).toEqual([])
    expect(await issuesOf(checked, { runtime: 'node', env: env('audits') })).toEqual([
      'missing: nothing is registered for DocumentStore(audit) (registered: DocumentStore(audits)) (One → DocumentStore(audit))',
    ])
  })

  it('drivers that are configured without being listed are issues', async () => {
    const env = { LEX_NOSQL__DRIVER: 'mongodb' }
    expect(await issuesOf(application(both), { runtime: 'node', env })).toEqual([
      expect.stringContaining(
        'provider nosql cannot register: the document driver "mongodb" cannot be used: the entry point does not list it',
      ),
    ])
  })
})

describe('a connection that is opened by a provider', () => {
  const Ledger = token<Connection<string, string>>('Ledger')
  const ledger = connectionProvider(Ledger, ({ config }): Connectable<string, string> => {
    throw new Error(`it is not opened, nor asked for ${config(Mail).host}`)
  })
  const keeping = register('keeping', (container) => container.singleton(One, factory([Ledger], never)))

  it.each(['node', 'workers'] as const)('is scoped on %s', async (runtime) => {
    expect(await issuesOf(app(ledger), { runtime })).toEqual([])
    expect(await issuesOf(app(ledger, keeping), { runtime })).toEqual([
      expect.stringMatching(/^captive: .*\(One → Ledger\)$/),
    ])
  })
})
