import { UsageError } from '../../core/errors.ts'
import { token, type Token } from '../../core/token.ts'
import type { Capabilities } from '../contract/capabilities.ts'
import { Collection } from '../collection/collection.ts'
import type { CollectionSpec } from '../contract/define-collection.ts'
import type { DocumentBackend, DocumentDriver, OpenSettings } from '../contract/driver.ts'
import { assertCollectionName } from './collection-name.ts'
import type { Document } from '../query/value.ts'
import { storeSession, type Session } from './session.ts'
import { createStoreContext, type DocumentStoreOptions } from './store-context.ts'
import { runTransaction, type TransactionOptions } from './transaction.ts'

export interface StoreHealth {
  readonly status: 'healthy' | 'unhealthy'
  readonly latencyMs: number
  /** Why it is unhealthy. */
  readonly error?: unknown
}

/** The collections of a store as one transaction sees them. */
export interface DocumentTransaction {
  collection<T extends object = Document>(collection: string | CollectionSpec<T>): Collection<T>
}

/**
 * One document database, whatever is behind it. It connects on first use; `await using` disconnects it.
 *
 * @throws UsageError `LEX_ERR_USE_001` for a driver that is none, such as one that was not called
 * @example
 * import { createDocumentStore } from 'lexigram-edge/nosql'
 * import { memory } from 'lexigram-edge/nosql/memory'
 *
 * await using store = createDocumentStore(memory())
 * await store.collection('users').insertOne({ name: 'Ada' })
 */
export interface DocumentStore extends DocumentTransaction, AsyncDisposable {
  readonly name: string
  readonly capabilities: Capabilities
  /** The vendor's client: the way out of the portable contract. */
  readonly native: unknown
  /** @throws {NoSQLConnectionError} */
  connect(): Promise<void>
  /** Ends the store; harmless when it is repeated. */
  disconnect(): Promise<void>
  /**
   * Runs `work` in one transaction: reads see its own writes, the commit is atomic, an exception or a returned `Err` rolls
   * back. When others have written the same documents the callback runs again, so it must have no other effects.
   *
   * @throws {UnsupportedOperationError} where the driver has no transactions
   * @throws {WriteConflictError} when the attempts are used up
   * @throws {TransactionError} when a write was refused and the callback went on regardless
   */
  transaction<R>(work: (tx: DocumentTransaction) => Promise<R>, options?: TransactionOptions): Promise<R>
  /** One cheap round trip. Never throws: what went wrong is in the answer. */
  healthCheck(): Promise<StoreHealth>
  /** In the order of their names. */
  listCollections(): Promise<readonly string[]>
  /** An empty collection, listed from then on; writing to a collection makes it as well. False when it was there. */
  createCollection(name: string): Promise<boolean>
  /** False when there was none. */
  dropCollection(name: string): Promise<boolean>
}

/** The primary store of an application. */
export const DocumentStore: Token<DocumentStore> = token<DocumentStore>('DocumentStore')

/** Opens a store on a driver. No I/O happens before it is used. */
export function createDocumentStore(
  driver: DocumentDriver,
  options: DocumentStoreOptions & OpenSettings = {},
): DocumentStore {
  if (typeof driver?.open !== 'function') {
    throw new UsageError('what was given is no document driver', { hint: 'Call it: createDocumentStore(memory())' })
  }
  const { database, config, warned = driver.warned, ...rest } = options
  return documentStore(driver.open({ ...(database !== undefined && { database }), config }), { ...rest, warned })
}

function documentStore(backend: DocumentBackend, options: DocumentStoreOptions): DocumentStore {
  const context = createStoreContext(backend, options)
  return {
    name: context.name,
    capabilities: backend.capabilities,
    native: backend.native,
    collection: collectionsOf(storeSession(context)),
    connect: () => context.ready(),
    disconnect: () => context.disconnect(),
    async transaction(work, transactionOptions = {}) {
      if (typeof work !== 'function') throw new UsageError('a transaction needs a function that does its work')
      return runTransaction(context, (session) => work({ collection: collectionsOf(session) }), transactionOptions)
    },
    async healthCheck() {
      const start = context.clock()
      try {
        await context.ready()
        await backend.ping(context.context())
        return { status: 'healthy', latencyMs: context.clock() - start }
      } catch (error) {
        return { status: 'unhealthy', latencyMs: context.clock() - start, error }
      }
    },
    async listCollections() {
      await context.ready()
      return [...(await backend.listCollections(context.context()))].sort()
    },
    async createCollection(name) {
      assertCollectionName(name)
      await context.ready()
      return backend.createCollection(name, undefined, context.context())
    },
    async dropCollection(name) {
      assertCollectionName(name)
      await context.ready()
      return backend.dropCollection(name, context.context())
    },
    [Symbol.asyncDispose]: () => context.disconnect(),
  }
}

function collectionsOf(session: Session): DocumentTransaction['collection'] {
  return <T extends object>(collection: string | CollectionSpec<T>) => {
    const spec = typeof collection === 'object' && collection !== null ? collection : undefined
    const name: unknown = spec === undefined ? collection : spec.name
    assertCollectionName(name)
    return new Collection<T>(session, name, spec)
  }
}
