import { assertFunction, kindOf } from '../../core/plain-object.ts'
import { assertOptions, must, type OptionCheck } from '../../core/assert-options.ts'
import { UsageError } from '../../core/errors.ts'
import { token, type Token } from '../../core/token.ts'
import { assertSpan } from '../../core/tracing/assert-span.ts'
import type { Span } from '../../core/tracing/tracer.ts'
import type { Capabilities } from '../contract/capabilities.ts'
import { assertArguments } from '../../core/known-arguments.ts'
import { beBudget } from '../collection/checks/operation-options.ts'
import { Collection } from '../collection/collection.ts'
import type { RenameOptions } from '../collection/collection-lifecycle.ts'
import { assertDefined, type CollectionSpec } from '../contract/define-collection.ts'
import type { DriverContext } from '../contract/context.ts'
import type { DocumentBackend, DocumentDriver, OpenSettings } from '../contract/driver.ts'
import { assertCollectionName } from './collection-name.ts'
import type { Document } from '../query/value.ts'
import { DocumentSession } from './document-session.ts'
import {
  assertInTime,
  callOptionChecks,
  createStoreContext,
  type CallOptions,
  type DocumentStoreOptions,
  type StoreContext,
} from './store-context.ts'
import { TracedCollection } from '../collection/tracing/traced-collection.ts'
import { type Session, callContext, storeSession } from './session.ts'
import { runTransaction, type DocumentTransactionOptions } from './transaction.ts'

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
 * One document database with any driver. It connects on first use; `await using` disconnects it.
 *
 * @throws UsageError `LEX_ERR_USE_001` for what is not a driver, such as one that was not called
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
  /** The vendor's client: the way out of the portable contract. Undefined where it is made by connecting. */
  readonly native: unknown
  /** @throws NoSQLConnectionError */
  connect(): Promise<void>
  /** Ends the store; harmless when it is repeated. */
  disconnect(): Promise<void>
  /**
   * Runs `work` in one transaction: reads see its own writes, the commit is atomic, an exception or a returned `Err` rolls
   * back. When others have written the same documents the callback runs again, so it must have no other effects.
   *
   * @throws UnsupportedOperationError where the driver has no transactions
   * @throws WriteConflictError when the time or the attempts are used up
   * @throws DocumentTransactionError when a write was refused and the callback went on regardless
   */
  transaction<R>(work: (tx: DocumentTransaction) => Promise<R>, options?: DocumentTransactionOptions): Promise<R>
  /** A session for programs that were written for MongoDB's driver; new ones use `transaction`. */
  startSession(): DocumentSession
  /** Runs work with a session, and ends the session. */
  withSession<R>(work: (session: DocumentSession) => Promise<R>): Promise<R>
  /** One cheap round trip. What is wrong with the database is in the answer, never thrown. */
  healthCheck(): Promise<StoreHealth>
  /**
   * The same store over the same connection, whose operations are traced as parts of this span.
   *
   * @throws UsageError for what is not a span
   */
  traced(span: Span): DocumentStore
  /** In the order of their names. */
  listCollections(options?: CallOptions): Promise<readonly string[]>
  /**
   * An empty collection with what its specification declares, listed from then on; writing to a collection makes it as
   * well. False when it was there.
   */
  createCollection<T extends object>(collection: string | CollectionSpec<T>, options?: CallOptions): Promise<boolean>
  /** False when there was none. */
  dropCollection(name: string, options?: CallOptions): Promise<boolean>
  /** Renames a collection. @throws UnsupportedOperationError where the driver cannot */
  renameCollection(name: string, to: string, options?: RenameOptions): Promise<void>
}

/** The primary store of an application. */
export const DocumentStore: Token<DocumentStore> = token<DocumentStore>('DocumentStore')

/** Opens a store on a driver. No I/O happens before it is used. */
export function createDocumentStore(
  driver: DocumentDriver,
  options: DocumentStoreOptions & OpenSettings = {},
): DocumentStore {
  if (typeof driver?.open !== 'function') {
    throw new UsageError(`the driver of a store must be a document driver, not ${kindOf(driver)}`, {
      hint: 'Call the driver: createDocumentStore(memory()).',
    })
  }
  const {
    database,
    config,
    runtime,
    isTraced,
    countConnections,
    warned = driver.warned,
    ...rest
  } = assertOptions(options, storeOptionChecks, 'the options of a store')
  const settings = {
    ...(database !== undefined && { database }),
    config,
    ...(runtime !== undefined && { runtime }),
    ...(isTraced !== undefined && { isTraced }),
    ...(countConnections !== undefined && { countConnections }),
  }
  return documentStore(driver.open(settings), { ...rest, warned, ...(database !== undefined && { database }) })
}

function documentStore(
  backend: DocumentBackend,
  options: DocumentStoreOptions & Pick<OpenSettings, 'database'>,
): DocumentStore {
  return storeOver(createStoreContext(backend, options))
}

const contexts = new WeakMap<DocumentStore, StoreContext>()

/**
 * A handle on a store that others share: what is opened through it ends with the handle, and the store stays. With a span
 * its operations are parts of that.
 */
export function handleOn(store: DocumentStore, span?: Span): DocumentStore {
  const shared = contexts.get(store)
  if (shared === undefined) throw new UsageError('a store cannot be shared: it was not made by createDocumentStore')
  const streams = new Set<() => void>()
  const disconnect = async (): Promise<void> => {
    for (const end of streams) end()
  }
  return storeOver({ ...shared, span: span ?? shared.span, streams, disconnect })
}

function storeOver(context: StoreContext): DocumentStore {
  const { backend } = context
  const store: DocumentStore = {
    name: context.name,
    capabilities: backend.capabilities,
    // A backend may have no client before it is connected.
    get native() {
      return backend.native
    },
    collection: collectionsOf(storeSession(context)),
    async connect() {
      assertArguments('connect', 0, arguments)
      await context.ready()
    },
    disconnect: () => context.disconnect(),
    async transaction(work, transactionOptions = {}) {
      assertArguments('transaction', 2, arguments)
      assertFunction(work, 'the work of a transaction')
      return runTransaction(context, (session) => work({ collection: collectionsOf(session) }), transactionOptions)
    },
    startSession() {
      assertArguments('startSession', 0, arguments)
      return new DocumentSession(context)
    },
    async withSession(work) {
      assertArguments('withSession', 1, arguments)
      assertFunction(work, 'the work of a session')
      await using session = new DocumentSession(context)
      return await work(session)
    },
    traced(span) {
      assertArguments('traced', 1, arguments)
      assertSpan(span, 'the span of a store')
      return storeOver({ ...context, span })
    },
    async healthCheck() {
      assertArguments('healthCheck', 0, arguments)
      const start = context.clock()
      try {
        await context.ready()
        await backend.ping(contextOf(context))
        return { status: 'healthy', latencyMs: context.clock() - start }
      } catch (error) {
        return { status: 'unhealthy', latencyMs: context.clock() - start, error }
      }
    },
    async listCollections(options = {}) {
      assertArguments('listCollections', 1, arguments)
      const call = await readyFor(context, options)
      return [...(await backend.listCollections(call))].sort()
    },
    async createCollection(collection, options = {}) {
      assertArguments('createCollection', 2, arguments)
      const { name, spec } = nameOf(collection)
      // The type of its documents is the caller's concern.
      return backend.createCollection(name, spec as CollectionSpec | undefined, await readyFor(context, options))
    },
    async dropCollection(name, options = {}) {
      assertArguments('dropCollection', 2, arguments)
      assertCollectionName(name)
      return backend.dropCollection(name, await readyFor(context, options))
    },
    async renameCollection(name, to, renameOptions = {}) {
      assertArguments('renameCollection', 3, arguments)
      await collectionsOf(storeSession(context))(name).rename(to, renameOptions)
    },
    [Symbol.asyncDispose]: () => context.disconnect(),
  }
  contexts.set(store, context)
  return store
}

/** What a store may be opened with; `config` is checked by the driver. */
const storeOptionChecks = {
  name: must.beText,
  database: must.beText,
  config: must.beAnything,
  runtime: must.beAnything,
  isTraced: must.beBoolean,
  countConnections: must.beFunction,
  scans: must.beOneOf('allow', 'warn', 'deny'),
  onWarning: must.beFunction,
  budget: beBudget,
  cursorSecret: must.beText,
  cursors: must.beAnything,
  attempts: must.beWholeNumberFrom(1),
  warned: must.beAnything,
  clock: must.beFunction,
  random: must.beFunction,
  sleep: must.beFunction,
} satisfies Readonly<Record<keyof (DocumentStoreOptions & OpenSettings), OptionCheck>>

/** Connected, with what a caller says about this call. @throws TimeoutError or the reason of the signal when it is too late */
async function readyFor(context: StoreContext, options: CallOptions): Promise<DriverContext> {
  const call = assertOptions(options, callOptionChecks)
  assertInTime(call)
  await context.ready(call)
  return contextOf(context, call)
}

function contextOf(store: StoreContext, call?: CallOptions): DriverContext {
  return callContext({ store, span: store.span }, call)
}

function collectionsOf(session: Session): DocumentTransaction['collection'] {
  return function collectionOf<T extends object>(collection: string | CollectionSpec<T>) {
    assertArguments('collection', 1, arguments)
    const { name, spec: given } = nameOf(collection)
    // The type of the documents is the caller's; inside, every document is plain data.
    const spec = given as CollectionSpec | undefined
    const { span } = session
    const scope = { session, name, spec }
    return span === undefined ? new Collection<T>(scope) : new TracedCollection<T>(scope, span)
  }
}

/** @throws DocumentValidationError for a name that no backend could hold; UsageError for what only looks like a declaration */
function nameOf<S extends CollectionSpec<object>>(collection: string | S) {
  const spec = typeof collection === 'object' && collection !== null ? assertDefined(collection) : undefined
  const name: unknown = spec === undefined ? collection : spec.name
  assertCollectionName(name)
  return { name, spec }
}
