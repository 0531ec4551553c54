import { ConfigurationError } from '../config/configuration-error.ts'
import { findUnreadDatabases } from '../config/database-variables.ts'
import { assertOptions, must, type OptionCheck } from '../core/assert-options.ts'
import { RequestContext } from '../runtime/invocation/request-context.ts'
import { notOpened, provider, type Provider, type RuntimeTraits } from '../runtime/provider.ts'
import { factory } from '../container/registration.ts'
import type { Registrar } from '../container/registrar.ts'
import { named, namesOf, token, type Token } from '../core/token.ts'
import { assertArgument, assertList } from '../core/assert-argument.ts'
import { cursorSealerFor } from '../runtime/cursor-sealer-for.ts'
import { beBudget } from './collection/checks/operation-options.ts'
import { chooseBackends, missingSettings, onlyStore, type ChosenBackend } from './provider/choose-drivers.ts'
import { loadSettings } from './provider/load-settings.ts'
import { NoSqlConfig } from './config.ts'
import { createDocumentStore, DocumentStore, handleOn, type StoreHealth } from './store/document-store.ts'
import { connectAll, DocumentStores } from './store/document-stores.ts'
import type { DocumentDriver } from './contract/driver.ts'
import { NoSQLConnectionError } from './errors.ts'
import type { DocumentStoreOptions } from './store/store-context.ts'

/** Options of `noSqlProvider`. */
export interface NoSqlProviderOptions extends Pick<
  DocumentStoreOptions,
  'onWarning' | 'budget' | 'attempts' | 'clock'
> {
  /** What the entry point has in its bundle; the section `nosql` picks among them by name. */
  readonly drivers: readonly DocumentDriver[]
}

const optionChecks = {
  drivers: must.beArray,
  onWarning: must.beFunction,
  budget: beBudget,
  attempts: must.beWholeNumberFrom(1),
  clock: must.beFunction,
} satisfies Readonly<Record<keyof NoSqlProviderOptions, OptionCheck>>

/** The store of the handles of all scopes, where the driver's connections outlive them. */
const SharedStore: Token<DocumentStore> = token<DocumentStore>('SharedDocumentStore')

/**
 * Registers the document stores of an application: `named(DocumentStore, name)` for each configured store, `DocumentStore` for
 * the primary, and `DocumentStores` for the health of each. Stores are scoped. They share one connection if sockets outlive a
 * request, or if the driver has no sockets. The section `NoSqlConfig` must be configured.
 *
 * @throws UsageError for what is not a driver, such as one that was not called; at boot when a configured driver is not
 * listed; ConfigurationError for what is wrong with a driver's settings, or missing
 * @example
 * import { createApplication, defineConfig } from 'lexigram-edge'
 * import { NoSqlConfig, noSqlProvider } from 'lexigram-edge/nosql'
 * import { memory } from 'lexigram-edge/nosql/memory'
 *
 * export const app = createApplication({
 *   name: 'catalog',
 *   config: defineConfig({ nosql: NoSqlConfig }),
 *   providers: [noSqlProvider({ drivers: [memory()] })],
 * })
 */
export function noSqlProvider(options: NoSqlProviderOptions): Provider {
  const hint = 'noSqlProvider({ drivers: [memory()] })'
  assertArgument(options, 'the argument of noSqlProvider', { members: ['drivers'], hint })
  assertList(options.drivers, 'the drivers of noSqlProvider', { members: ['name', 'open'], hint })
  const { drivers, ...storeOptions } = assertOptions(options, optionChecks, 'the options of noSqlProvider')
  return provider('nosql', {
    databaseVariables: {
      read: drivers.flatMap(({ settings }) => Object.values(settings?.aliases ?? {}).flat()),
      findUnread: findUnreadDatabases,
    },
    choices: drivers.map((driver) => ({
      name: driver.name,
      register: (container, runtime) =>
        registerStores(container, possibleStores(driver), { open: notOpened, runtime, isTraced: false }),
    })),
    async register(container, context) {
      const { scans, cursorSecret } = context.config<NoSqlConfig>(NoSqlConfig)
      const backends = chooseBackends(drivers, await loadSettings(drivers, context.env, context.report))
      const issues = missingSettings(backends)
      if (issues.length > 0) throw new ConfigurationError(issues)
      const { tracer } = context
      const isTraced = tracer !== undefined
      const cursors = cursorSealerFor(NoSqlConfig, cursorSecret, context)
      const open: Open = ({ name, driver, settings }) =>
        createDocumentStore(driver, {
          ...storeOptions,
          ...settings,
          name,
          scans,
          cursors,
          runtime: context.runtime,
          isTraced,
          ...(tracer !== undefined && {
            countConnections: (state, change) =>
              tracer.measure({
                ...{ is: 'connections', system: driver.name, state, change },
                pool: name === onlyStore ? undefined : name,
              }),
          }),
        })
      registerStores(container, backends, { open, runtime: context.runtime, isTraced })
    },
    async boot(container) {
      await connectAll(container.get(ConnectedStores))
    },
    async healthCheck(container) {
      const health = await container.get(DocumentStores).health()
      const ill = Object.entries(health).filter(([, { status }]) => status !== 'healthy')
      if (ill.length === 0) return 'healthy' as const
      throw new NoSQLConnectionError(`document stores cannot be reached: ${ill.map(([name]) => name).join(', ')}`, {
        cause: ill[0]?.[1].error,
      })
    },
  })
}

/** A configuration may name any store that the program asks for. */
function possibleStores(driver: DocumentDriver): ChosenBackend[] {
  const names = new Set(['default', ...namesOf(DocumentStore)])
  return [...names].map((name) => ({ name, primary: name === 'default', driver, settings: {}, path: [] }))
}

const ConnectedStores: Token<readonly DocumentStore[]> = token<readonly DocumentStore[]>('ConnectedDocumentStores')

type Open = (backend: ChosenBackend) => DocumentStore

interface StoresToRegister {
  readonly open: Open
  readonly runtime: RuntimeTraits
  readonly isTraced: boolean
}

function registerStores(
  container: Registrar,
  backends: readonly ChosenBackend[],
  { open, runtime, isTraced }: StoresToRegister,
): void {
  const shared = backends.filter(({ driver }) => driver.io !== 'socket' || runtime.socketsOutliveRequests)
  for (const backend of backends) {
    registerStore(container, backend, { open, isShared: shared.includes(backend), isTraced })
  }
  container.alias(DocumentStore, named(DocumentStore, backends[0]?.name ?? 'default'))
  container.singleton(
    ConnectedStores,
    factory(
      shared.map(({ name }) => named(SharedStore, name)),
      (...stores) => stores,
    ),
  )
  container.singleton(
    DocumentStores,
    factory([ConnectedStores], (connected) => documentStores(backends, connected, open)),
  )
}

function registerStore(
  container: Registrar,
  backend: ChosenBackend,
  { open, isShared, isTraced }: { readonly open: Open; readonly isShared: boolean; readonly isTraced: boolean },
): void {
  const { driver, name } = backend
  // A scope's handle then traces to the request's span; without a tracer nothing but the store is looked up.
  const handle = isTraced
    ? factory([named(SharedStore, name), RequestContext], handleInSpan, { root: 'own-scope' })
    : factory([named(SharedStore, name)], (store) => handleOn(store), { root: 'own-scope' })
  if (isShared) {
    const options = { io: driver.io, dispose: (store: DocumentStore) => store.disconnect() }
    container.singleton(
      named(SharedStore, name),
      factory([], () => open(backend), options),
    )
    container.scoped(named(DocumentStore, name), handle)
  } else {
    const options = { root: 'own-scope', io: driver.io } as const
    container.scoped(
      named(DocumentStore, name),
      isTraced
        ? factory([RequestContext], (context) => inSpan(open(backend), context), options)
        : factory([], () => open(backend), options),
    )
  }
}

function handleInSpan(store: DocumentStore, context: RequestContext): DocumentStore {
  return handleOn(store, context.span)
}

function inSpan(store: DocumentStore, { span }: RequestContext): DocumentStore {
  return span === undefined ? store : store.traced(span)
}

/** A store that belongs to no scope is opened for the question and closed again. */
function documentStores(
  backends: readonly ChosenBackend[],
  connected: readonly DocumentStore[],
  open: Open,
): DocumentStores {
  const check = async (backend: ChosenBackend): Promise<StoreHealth> => {
    const store = connected.find(({ name }) => name === backend.name)
    if (store !== undefined) return store.healthCheck()
    await using own = open(backend)
    return await own.healthCheck()
  }
  return {
    names: backends.map(({ name }) => name),
    health: async () =>
      Object.fromEntries(
        await Promise.all(backends.map(async (backend) => [backend.name, await check(backend)] as const)),
      ),
  }
}
