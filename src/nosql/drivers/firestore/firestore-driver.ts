import { UsageError } from '../../../core/errors.ts'
import { reveal, toSecret } from '../../../core/setting/secret.ts'
import type { CollectionSpec } from '../../contract/define-collection.ts'
import type { DriverContext } from '../../contract/context.ts'
import type { DriverCollection } from '../../contract/driver-collection.ts'
import type { DocumentBackend, DocumentDriver } from '../../contract/driver.ts'
import type { ExpressionEngine } from '../../query/expression-engine.ts'
import { factsOf } from '../../plan/facts.ts'
import { firestoreCapabilities } from './capabilities.ts'
import { createCatalog, type Catalog } from './catalog.ts'
import { createCollection, dropCollection, listCollections } from './collections.ts'
import { settings, type FirestoreConfig } from './config.ts'
import { parseServiceAccount } from './credentials.ts'
import { toReadError } from './errors.ts'
import { groupCollection } from './group.ts'
import { createIndex, dropIndex, expiryOf, listIndexes } from './indexes.ts'
import { placeOf } from './place.ts'
import { countNatively } from './count.ts'
import { runCountPipeline } from './count-pipeline.ts'
import { planRead } from './reads.ts'
import { cachedTokens, fixedToken } from './token-cache.ts'
import { metadataTokens, serviceAccountTokens, type Fetch, type TokenSource } from './tokens.ts'
import { createTransport, type Transport } from './transport.ts'
import { locksOf } from './unique.ts'
import { sendWrites } from './writes.ts'

export interface FirestoreOptions {
  /** The engine behind `aggregate`, `$expr` and pipeline updates: `aggregation()` of `lexigram-edge/nosql/aggregation`. */
  readonly aggregation?: ExpressionEngine | undefined
  /** Where access tokens come from: workload identity, for example. @default the credentials, else the metadata server */
  readonly token?: TokenSource | undefined
  /** Sends the requests. @default the global fetch */
  readonly fetch?: Fetch | undefined
  /**
   * Other programs add documents to these collections. Theirs have no `_deleted: false`, which this package stores beside
   * every document, so that what is not deleted has to be looked for among all documents. @default false
   */
  readonly otherWriters?: boolean | undefined
  /** Milliseconds for which the list of a collection's indexes is remembered. Creating a unique index waits so long. @default 10000 */
  readonly catalogLifetime?: number | undefined
}

const productionUrl = 'https://firestore.googleapis.com/v1'

/**
 * Firestore over its REST API: no SDK, no sockets, so that it runs wherever there is `fetch`.
 *
 * @example
 * import { noSqlProvider } from 'lexigram-edge/nosql'
 * import { firestore } from 'lexigram-edge/nosql/firestore'
 *
 * const documents = noSqlProvider({ drivers: [firestore()] }) // GOOGLE_CLOUD_PROJECT, FIRESTORE_CREDENTIALS
 */
export function firestore(options: FirestoreOptions = {}): DocumentDriver {
  const opened = new Map<string, { readonly transport: Transport; readonly catalog: Catalog }>()
  return {
    name: 'firestore',
    import: "import { firestore } from 'lexigram-edge/nosql/firestore'",
    io: 'stateless',
    settings,
    warned: new Set(),
    open: ({ database, config } = {}) => {
      // Checked by the schema above where it comes from configuration.
      const checked = (config ?? {}) as FirestoreConfig
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
        shared = { transport, catalog: createCatalog(transport, options.catalogLifetime ?? 10_000) }
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
    throw new UsageError('firestore needs a project', {
      hint: 'Set GOOGLE_CLOUD_PROJECT, or LEX_NOSQL__FIRESTORE__PROJECT_ID.',
    })
  }
  const isEmulated = config.emulatorHost !== undefined
  const source = options.token ?? (account === undefined ? metadataTokens(send) : serviceAccountTokens(account, send))
  return createTransport({
    baseUrl: isEmulated ? `http://${config.emulatorHost?.replace(/^https?:\/\//, '')}/v1` : productionUrl,
    projectId,
    databaseId,
    send,
    // The emulator takes this for whoever owns the project.
    tokens: isEmulated ? fixedToken('owner') : cachedTokens(source),
  })
}

interface Shared {
  readonly transport: Transport
  readonly catalog: Catalog
}

function backendOf(shared: Shared, { aggregation, otherWriters }: FirestoreOptions): DocumentBackend {
  const { transport, catalog } = shared
  const collection = async (
    name: string,
    spec: CollectionSpec | undefined,
    context: DriverContext,
  ): Promise<DriverCollection> => {
    const place = placeOf(transport, name)
    if (place.isGroup) return groupCollection({ place, facts: factsOf(spec), otherWriters })
    const entries = await asRead(() => catalog.entriesOf(name, context))
    const declared = (spec?.indexes ?? []).filter((index) => !entries.some((entry) => entry.index.name === index.name))
    const indexes = [...entries.map(({ index }) => index), ...declared]
    const target = { place, facts: factsOf(spec), otherWriters }
    return {
      expiry: expiryOf(indexes.map((index) => ({ index, state: 'ready' }))),
      plan: (query) => planRead(target, query),
      write: (writes, call) => sendWrites({ place, locks: locksOf(place, indexes) }, writes, call),
      count: (query, call) => countNatively(target, query, call),
      aggregate: (request, call) => runCountPipeline(target, request, call),
      listIndexes: (call) => asRead(() => listIndexes({ place, catalog }, call)),
      createIndex: (index, call) => asRead(() => createIndex({ place, catalog }, index, call)),
      dropIndex: (index, call) => asRead(() => dropIndex({ place, catalog }, index, call)),
    }
  }
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
    collection,
    listCollections: (context) => asRead(() => listCollections(transport, context)),
    createCollection: (name, spec, context) =>
      asRead(() => createCollection({ transport, catalog }, { name, spec }, context)),
    dropCollection: (name, context) => asRead(() => dropCollection({ transport, catalog }, name, context)),
  }
}

async function asRead<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    throw toReadError(error)
  }
}
