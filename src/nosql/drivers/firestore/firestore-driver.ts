import { assertOptions, must, type OptionCheck } from '../../../core/assert-options.ts'
import { UsageError } from '../../../core/errors.ts'
import { reveal, toSecret } from '../../../core/setting/secret.ts'
import { assertDriverConfig } from '../../contract/driver-config.ts'
import type { DocumentBackend, DocumentDriver } from '../../contract/driver.ts'
import { keepOpened } from '../../contract/keep-opened.ts'
import { bufferedTransaction } from '../../optimistic/buffered-transaction.ts'
import { indexCatalog } from '../../optimistic/index-catalog.ts'
import type { ExpressionEngine } from '../../query/expression-engine.ts'
import { addressOf } from './address.ts'
import { firestoreCapabilities } from './capabilities.ts'
import { catalogStorage } from './indexes/catalog-storage.ts'
import { openCollection, type Database } from './collection.ts'
import { createCollection, dropCollection, listCollections } from './collections.ts'
import { settings, type FirestoreConfig } from './config.ts'
import { parseServiceAccount } from './auth/credentials.ts'
import { toReadError } from './errors.ts'
import { cachedTokens, fixedToken } from './auth/token-cache.ts'
import { metadataTokens, serviceAccountTokens, type Fetch, type TokenSource } from './auth/tokens.ts'
import { createTransport, type Transport } from './transport.ts'
import { transactionBackend } from './writing/transactions.ts'

/** Options of `firestore`. */
export interface FirestoreOptions {
  /** The engine behind `aggregate`, `$expr` and pipeline updates: `aggregation()` of `lexigram-edge/nosql/aggregation`. */
  readonly aggregation?: ExpressionEngine | undefined
  /** Where access tokens come from: workload identity, for example. @default the credentials, else the metadata server; with the emulator, its owner */
  readonly token?: TokenSource | undefined
  /** Sends the requests. @default the global fetch */
  readonly fetch?: Fetch | undefined
  /**
   * Whether other programs add documents to these collections. Their documents lack `_deleted: false`, which this package
   * stores with each document, so that soft deletion is checked after reading. @default false
   */
  readonly otherWriters?: boolean | undefined
  /**
   * Milliseconds for which a process keeps the list of a collection's indexes. Creating a unique index waits three times as
   * long, so that every process has read it; dropping one waits six times. It must be the same in all processes.
   *
   * @default 5000, and 200 with the emulator
   */
  readonly catalogLifetime?: number | undefined
}

const optionChecks = {
  aggregation: must.beAnything,
  token: must.beFunction,
  fetch: must.beFunction,
  otherWriters: must.beBoolean,
  catalogLifetime: must.beNumberFrom(0),
} satisfies Readonly<Record<keyof FirestoreOptions, OptionCheck>>

const lifetime = 5000
const emulatorLifetime = 200

/**
 * Firestore over its REST API: no SDK, no sockets, so that it runs wherever there is `fetch`.
 *
 * @example
 * import { noSqlProvider } from 'lexigram-edge/nosql'
 * import { firestore } from 'lexigram-edge/nosql/firestore'
 *
 * const documents = noSqlProvider({ drivers: [firestore()] }) // GOOGLE_CLOUD_PROJECT, FIRESTORE_CREDENTIALS
 */
export function firestore(given: FirestoreOptions = {}): DocumentDriver {
  const options = assertOptions(given, optionChecks, 'the options of firestore')
  const opened = new Map<string, Database>()
  return {
    name: 'firestore',
    import: "import { firestore } from 'lexigram-edge/nosql/firestore'",
    io: 'stateless',
    settings,
    warned: new Set(),
    open: ({ database, config } = {}) => {
      const checked = assertDriverConfig(config, settings, 'firestore')
      const databaseId = checked.databaseId ?? database ?? '(default)'
      const key = JSON.stringify([
        checked.emulatorHost,
        checked.projectId,
        databaseId,
        checked.credentialsJson === undefined ? undefined : reveal(toSecret(checked.credentialsJson)),
      ])
      let shared = opened.get(key)
      if (shared === undefined) {
        const transport = transportOf(checked, { databaseId, options })
        const isEmulated = checked.emulatorHost !== undefined
        const timeToLive = options.catalogLifetime ?? (isEmulated ? emulatorLifetime : lifetime)
        const catalog = indexCatalog({ storage: catalogStorage(transport), timeToLive })
        shared = { transport, catalog, opened: keepOpened(), otherWriters: options.otherWriters === true }
        opened.set(key, shared)
      }
      return backendOf(shared, options)
    },
  }
}

interface Chosen {
  readonly databaseId: string
  readonly options: FirestoreOptions
}

function transportOf(config: FirestoreConfig, { databaseId, options }: Chosen): Transport {
  const send: Fetch = options.fetch ?? ((input, init) => fetch(input, init))
  const account =
    config.credentialsJson === undefined ? undefined : parseServiceAccount(reveal(toSecret(config.credentialsJson)))
  const projectId = config.projectId ?? account?.projectId
  if (projectId === undefined) {
    throw new UsageError('the project of firestore must be configured', {
      hint: 'Set GOOGLE_CLOUD_PROJECT, or LEX_NOSQL__FIRESTORE__PROJECT_ID.',
    })
  }
  const isEmulated = config.emulatorHost !== undefined
  const source = options.token ?? (account === undefined ? metadataTokens(send) : serviceAccountTokens(account, send))
  return createTransport({
    ...addressOf({ projectId, databaseId, emulatorHost: config.emulatorHost }),
    send,
    // The emulator takes this for the owner of the project. Pass a token to test rules.
    tokens: isEmulated && options.token === undefined ? fixedToken('owner') : cachedTokens(source),
  })
}

function backendOf(database: Database, { aggregation }: FirestoreOptions): DocumentBackend {
  const { transport } = database
  return {
    name: 'firestore',
    capabilities: firestoreCapabilities(aggregation !== undefined),
    native: transport,
    aggregation,
    connect: () => Promise.resolve(),
    disconnect: () => Promise.resolve(),
    async ping(context) {
      await asRead(() => transport.call('listCollectionIds', { pageSize: 1 }, { context, isIdempotent: true }))
    },
    collection(name, spec, context) {
      const opened = openCollection(database, { name, spec }, context)
      return opened instanceof Promise ? asRead(() => opened) : opened
    },
    begin: async () => bufferedTransaction(transactionBackend(database)),
    listCollections: (context) => asRead(() => listCollections(transport, context)),
    createCollection: (name, spec, context) => asRead(() => createCollection(database, { name, spec }, context)),
    dropCollection: (name, context) => asRead(() => dropCollection(database, name, context)),
  }
}

async function asRead<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    throw toReadError(error)
  }
}
