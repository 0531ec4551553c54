import type { ClientSession, MongoClientOptions, ReadConcernLevel } from 'mongodb'
import type { CollectionSpec } from '../../contract/define-collection.ts'
import type { Expiry } from '../../contract/driver-collection.ts'
import type { DriverCollection } from '../../contract/driver-collection.ts'
import type { DocumentBackend, DocumentDriver } from '../../contract/driver.ts'
import type { IndexModel } from '../../contract/index-model.ts'
import { capabilities } from './capabilities.ts'
import { createCollection, dropCollection, listCollections, ping } from './collections.ts'
import { settings, type MongoDbConfig } from './config.ts'
import { createIndex, dropIndex, expiryOf, listIndexes } from './indexes.ts'
import { modifyNatively } from './modify.ts'
import { aggregatePages, countMatching, distinctValues, estimateCount, planRead, type Target } from './reads.ts'
import { beginTransaction } from './transaction.ts'
import { openTransport, type Transport } from './transport.ts'
import { sendWrites } from './writes.ts'

export interface MongoDbOptions {
  /** Options of the vendor's client, over what the configuration says. @default {} */
  readonly clientOptions?: MongoClientOptions
  /** What the reads of a transaction may see. @default 'snapshot' */
  readonly transactionReadConcern?: ReadConcernLevel
}

/**
 * MongoDB by the vendor's own driver, the package `mongodb` (7.4 or later). Filters, updates and pipelines are MongoDB's
 * own and are sent as they are written. One client serves the application where sockets outlive a request; on Workers
 * every scope has one, which is closed with it.
 *
 * @example
 * import { noSqlProvider } from 'lexigram-edge/nosql'
 * import { mongodb } from 'lexigram-edge/nosql/mongodb'
 *
 * const documents = noSqlProvider({ drivers: [mongodb()] }) // LEX_NOSQL__MONGODB__URI or MONGODB_URI
 */
export function mongodb(options: MongoDbOptions = {}): DocumentDriver {
  const { clientOptions = {}, transactionReadConcern = 'snapshot' } = options
  const expiry = new Map<string, readonly Expiry[]>()
  return {
    name: 'mongodb',
    import: "import { mongodb } from 'lexigram-edge/nosql/mongodb'",
    io: 'socket',
    settings,
    warned: new Set(),
    open: ({ database, config } = {}) => {
      // Checked by the schema above where it comes from configuration.
      const transport = openTransport({ config: (config ?? {}) as MongoDbConfig, database, clientOptions })
      return backendOf(transport, { expiry, readConcern: transactionReadConcern })
    },
  }
}

interface Shared {
  /** Of the collections whose TTL indexes this driver has seen, by name. */
  readonly expiry: Map<string, readonly Expiry[]>
  readonly readConcern: ReadConcernLevel
}

function backendOf(transport: Transport, shared: Shared): DocumentBackend {
  const inDatabase = (name: string, spec: CollectionSpec | undefined, session?: ClientSession): DriverCollection =>
    collectionOf({ name, spec, shared }, { collection: () => transport.db().collection(name), session })
  return {
    name: 'mongodb',
    capabilities,
    get native() {
      return transport.native
    },
    connect: () => transport.connect(),
    disconnect: () => transport.close(),
    ping: (context) => ping(transport, context),
    collection: (name, spec) => inDatabase(name, spec),
    listCollections: (context) => listCollections(transport, context),
    async createCollection(name, spec, context) {
      const isNew = await createCollection(transport, name, context)
      const collection = inDatabase(name, spec)
      for (const index of spec?.indexes ?? []) await collection.createIndex(index, context)
      return isNew
    },
    dropCollection: (name, context) => dropCollection(transport, name, context),
    begin: async () =>
      beginTransaction({
        transport,
        readConcern: shared.readConcern,
        collection: (name, session) => inDatabase(name, undefined, session),
      }),
  }
}

interface Named {
  readonly name: string
  readonly spec: CollectionSpec | undefined
  readonly shared: Shared
}

function collectionOf({ name, spec, shared }: Named, target: Target): DriverCollection {
  const note = (indexes: readonly IndexModel[]): void => void shared.expiry.set(name, expiryOf(indexes))
  return {
    expiry: shared.expiry.get(name) ?? expiryOf(spec?.indexes ?? []),
    plan: (query) => planRead(target, query),
    write: (writes, context) => sendWrites(target, writes, context),
    count: (query, context) => countMatching(target, query, context),
    estimatedCount: (context) => estimateCount(target, context),
    distinct: (path, query, context) => distinctValues(target, { path, query }, context),
    aggregate: (request, context) => aggregatePages(target, request, context),
    modify: (command, context) => modifyNatively(target, command, context),
    async listIndexes(context) {
      const indexes = await listIndexes(target, context)
      note(indexes)
      return indexes
    },
    async createIndex(index, context) {
      await createIndex(target, index, context)
      if (index.expireAfterSeconds !== undefined) note([...(spec?.indexes ?? []), index])
    },
    async dropIndex(index, context) {
      shared.expiry.delete(name)
      return dropIndex(target, index, context)
    },
  }
}
