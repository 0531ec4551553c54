import { assertOptions, must, type OptionCheck } from '../../../core/assert-options.ts'
import type { MongoClientOptions, ReadConcernLevel } from 'mongodb'
import type { DriverContext, MaybePromise } from '../../contract/context.ts'
import type { WatchRequest } from '../../contract/change.ts'
import type { DriverCollection } from '../../contract/driver-collection.ts'
import { assertDriverConfig } from '../../contract/driver-config.ts'
import type { DocumentBackend, DocumentDriver } from '../../contract/driver.ts'
import type { IndexModel } from '../../contract/index-model.ts'
import { UnsupportedOperationError } from '../../errors.ts'
import { factsOf } from '../../plan/facts.ts'
import { createCatalog, type Catalog } from './indexes/catalog.ts'
import { capabilities } from './capabilities.ts'
import { createCollection, dropCollection, listCollections, ping } from './collections.ts'
import { settings } from './config.ts'
import { missingUnique, uniqueBeforeWriting, withDeclared } from './indexes/declared-indexes.ts'
import type { HeldClient } from './transport/held-client.ts'
import { expiryOf } from '../../contract/expiry-of.ts'
import { createIndex, dropIndex, listIndexes } from './indexes/index-work.ts'
import { modifyMany } from './writing/modify-many.ts'
import { modifyNatively } from './writing/modify.ts'
import { aggregatePages, countMatching, distinctValues, estimateCount, planRead } from './reading/reads.ts'
import type { Target } from './transport/target.ts'
import { beginTransaction, type Named, type SessionOfTransaction } from './writing/transactions.ts'
import { watchChanges } from './watch.ts'
import { openTransport, type Transport } from './transport/transport.ts'
import { sendWrites } from './writing/writes.ts'

/** Options of `mongodb`. */
export interface MongoDbOptions {
  /** Options of the vendor's client, over what the configuration says. @default {} */
  readonly clientOptions?: MongoClientOptions
  /** What the reads of a transaction may see. @default 'snapshot' */
  readonly transactionReadConcern?: ReadConcernLevel
}

const optionChecks = {
  clientOptions: must.bePlainObject,
  transactionReadConcern: must.beText,
} satisfies Readonly<Record<keyof MongoDbOptions, OptionCheck>>

/**
 * MongoDB by the vendor's driver, the package `mongodb` (7.4 or later). Filters, updates and pipelines are sent as they are
 * written. Where sockets outlive a request, one client serves the application. On Workers every scope has a client, which
 * closes with the scope.
 *
 * @example
 * import { noSqlProvider } from 'lexigram-edge/nosql'
 * import { mongodb } from 'lexigram-edge/nosql/mongodb'
 *
 * const documents = noSqlProvider({ drivers: [mongodb()] }) // LEX_NOSQL__MONGODB__URI or MONGODB_URI
 */
export function mongodb(options: MongoDbOptions = {}): DocumentDriver {
  const checked = assertOptions(options, optionChecks, 'the options of mongodb')
  const { clientOptions = {}, transactionReadConcern = 'snapshot' } = checked
  const catalog = createCatalog()
  return {
    name: 'mongodb',
    import: "import { mongodb } from 'lexigram-edge/nosql/mongodb'",
    io: 'socket',
    settings,
    warned: new Set(),
    open: ({ database, config, runtime, isTraced = false, countConnections } = {}) => {
      const given = assertDriverConfig(config, settings, 'mongodb')
      const transport = openTransport({ config: given, database, clientOptions, runtime, isTraced, countConnections })
      return backendOf(transport, { catalog, readConcern: transactionReadConcern })
    },
  }
}

interface Shared {
  readonly catalog: Catalog
  readonly readConcern: ReadConcernLevel
}

function backendOf(transport: Transport, shared: Shared): DocumentBackend {
  const open = (held: HeldClient, asked: Named & Partial<SessionOfTransaction>, context: DriverContext) =>
    inDatabase(held, { ...asked, catalog: shared.catalog }, context)
  return {
    name: 'mongodb',
    capabilities,
    get native() {
      return transport.native
    },
    connect: () => transport.connect(),
    disconnect: () => transport.close(),
    ping: async (context) => ping(await transport.current(), context),
    collection: (name, spec, context) => {
      const held = transport.current()
      return held instanceof Promise
        ? held.then((client) => open(client, { name, spec }, context))
        : open(held, { name, spec }, context)
    },
    listCollections: async (context) => listCollections(await transport.current(), context),
    async createCollection(name, spec, context) {
      const held = await transport.current()
      const isNew = await createCollection(held, name, context)
      const collection = await open(held, { name, spec }, context)
      for (const index of spec?.indexes ?? []) await collection.createIndex(index, context)
      return isNew
    },
    async dropCollection(name, context) {
      shared.catalog.forget(name)
      return dropCollection(await transport.current(), name, context)
    },
    begin: async () => {
      const held = await transport.current()
      return beginTransaction({
        held,
        readConcern: shared.readConcern,
        collection: (named, session, context) => open(held, { ...named, ...session }, context),
      })
    },
  }
}

interface Asked extends Named, Partial<SessionOfTransaction> {
  readonly catalog: Catalog
}

function inDatabase(held: HeldClient, asked: Asked, context: DriverContext): MaybePromise<DriverCollection> {
  const { name, spec, session, transaction, catalog } = asked
  let vendors: ReturnType<Target['collection']> | undefined
  const collection = () => (vendors ??= held.db.collection<Record<string, unknown>>(name))
  // Asked for outside of a transaction, which cannot list indexes.
  const indexes = catalog.indexesOf(name, context, (call) => listIndexes({ held, collection }, call))
  const target: Target = { held, collection, session, transaction }
  const open = (listed: readonly IndexModel[]): DriverCollection => {
    const known = { name, spec, catalog, indexes: listed }
    const make = () => holdingTo(missingUnique(spec, listed), { target, known })
    return session === undefined ? held.opened.get(known, make) : make()
  }
  return indexes instanceof Promise ? indexes.then(open) : open(indexes)
}

interface Known extends Named {
  readonly indexes: readonly IndexModel[]
  readonly catalog: Catalog
}

/** With the unique indexes that its program declares. */
function holdingTo(
  missing: readonly IndexModel[],
  { target, known }: { readonly target: Target; readonly known: Known },
): DriverCollection {
  const collection = collectionOf(target, known)
  if (missing.length === 0) return collection
  if (target.session !== undefined) return uniqueBeforeWriting(collection, undefined)
  return uniqueBeforeWriting(collection, async (context) => {
    for (const index of missing) await createIndex(target, index, context)
    known.catalog.learn(known.name, [...known.indexes, ...missing], context)
  })
}

function collectionOf(target: Target, { name, spec, indexes, catalog }: Known): DriverCollection {
  const facts = factsOf(spec)
  const changing = <T>(change: () => Promise<T>): Promise<T> => {
    if (target.session !== undefined) throw notWithinTransaction()
    catalog.forget(name)
    return change()
  }
  return {
    expiry: expiryOf(withDeclared(spec, indexes)),
    plan: (query) => planRead(target, query, { indexes, facts }),
    write: (writes, context) => sendWrites(target, writes, context),
    count: (query, context) => countMatching(target, query, context),
    estimatedCount: (context) => estimateCount(target, context),
    distinct: (path, query, context) => distinctValues(target, { path, query }, context),
    aggregate: (request, context) => aggregatePages(target, request, context),
    modify: (command, context) => modifyNatively(target, command, context),
    modifyMany: (commands, context) => modifyMany(target, commands, context),
    ...(target.session === undefined && {
      watch: (request: WatchRequest, context: DriverContext) => watchChanges(target, request, context),
    }),
    async listIndexes(context) {
      const listed = await listIndexes(target, context)
      catalog.learn(name, listed, context)
      return listed
    },
    createIndex: async (index, context) => changing(() => createIndex(target, index, context)),
    dropIndex: async (index, context) => changing(() => dropIndex(target, index, context)),
  }
}

function notWithinTransaction(): UnsupportedOperationError {
  return new UnsupportedOperationError('indexes cannot be changed within a transaction', {
    hint: 'Change them before or after it.',
  })
}
