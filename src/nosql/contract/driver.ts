import type { Capabilities } from './capabilities.ts'
import type { DriverContext, MaybePromise } from './context.ts'
import type { CollectionSpec } from './define-collection.ts'
import type { DriverCollection } from './driver-collection.ts'
import type { CountConnections } from '../../core/tracing/connection-states.ts'
import type { Io } from '../../core/lifetime.ts'
import type { Schema } from '../../core/setting/schema-node.ts'
import type { ExpressionEngine } from '../query/expression-engine.ts'

/**
 * What an entry point lists: `noSqlProvider({ drivers: [memory(), dynamodb()] })`. Making one does no I/O. What it keeps
 * in this process, such as data or a catalogue of indexes, belongs to it, not to the stores opened from it: on Workers a
 * driver lives as long as the isolate, and a store as long as a request.
 */
export interface DocumentDriver {
  /** What configuration calls it: `LEX_NOSQL__DRIVER`. */
  readonly name: string
  /** The line that imports it, for messages: `import { memory } from 'lexigram-edge/nosql/memory'`. */
  readonly import: string
  /** Whether an open backend holds something that dies with a request on some runtimes. */
  readonly io: Io
  /** What it reads from the configuration. @default nothing */
  readonly settings?: DocumentDriverSettings<unknown>
  /** Where the portable layer notes which warnings it has given: a new `Set` for each driver. @default one for each store */
  readonly warned?: Set<string>
  /** Opens nothing yet: the backend connects when `connect` is called. @throws UsageError for settings that cannot be */
  open(settings?: OpenSettings): DocumentBackend
}

/** A driver's part of the section `nosql`: `LEX_NOSQL__<DRIVER>__<KEY>`, and the same for each named store. */
export interface DocumentDriverSettings<T> {
  readonly schema: Schema<T>
  /** Names that the ecosystem already uses, by key: `{ uri: ['MONGODB_URI'] }`. Earlier names win. @default {} */
  readonly aliases?: Readonly<Record<string, string | readonly string[]>>
  /** Keys without which a configured store of this driver cannot be opened. @default [] */
  readonly required?: readonly string[]
  /**
   * Groups of keys that say who the program is, such as what a platform sets: a named store that sets no key of a group has
   * the group of the driver's own section. @default []
   */
  readonly shared?: readonly (readonly string[])[]
}

/** What a driver opens a backend with. */
export interface OpenSettings {
  /** The database within the backend; two named stores of one driver differ by it. */
  readonly database?: string
  /** What {@link DocumentDriverSettings.schema} made of the configuration. Absent for a store that was opened by hand. */
  readonly config?: unknown
  /** Where it runs, as far as that matters to connections. Absent for a store that was opened by hand. */
  readonly runtime?: DriverRuntime
  /** Whether there is a tracer: a driver that watches its client for spans does so only then. @default false */
  readonly isTraced?: boolean
  /** Takes each change of how many connections are idle or in use. @default they are not counted */
  readonly countConnections?: CountConnections
}

/** What a driver over sockets suits its client to. */
export interface DriverRuntime {
  /** `node`, `lambda`, `vercel`, `workers`, … */
  readonly name: string
  readonly socketsOutliveRequests: boolean
  /** Takes each of the vendor's pools, where the platform has to keep an instance until idle clients are closed. */
  readonly attachPool?: (pool: unknown) => void
}

/** One database, as the portable store sees it. Every argument has been checked. */
export interface DocumentBackend {
  readonly name: string
  readonly capabilities: Capabilities
  /** The vendor's client: the way out of the portable contract. Undefined until it is there. */
  readonly native: unknown
  /** Evaluates aggregation pipelines and expressions in this process. */
  readonly aggregation?: ExpressionEngine | undefined
  /** What to use in place of `watch`, as a sentence. Present where changes cannot be watched and there is something else. */
  readonly insteadOfWatching?: string | undefined
  /** @throws NoSQLConnectionError */
  connect(context: DriverContext): Promise<void>
  disconnect(): Promise<void>
  /** One cheap round trip. @throws NoSQLConnectionError */
  ping(context: DriverContext): Promise<void>
  /** Asked for once per operation. May wait for a catalogue of indexes. */
  collection(name: string, spec: CollectionSpec | undefined, context: DriverContext): MaybePromise<DriverCollection>
  listCollections(context: DriverContext): Promise<readonly string[]>
  /** An empty collection with what the specification declares, listed from then on. False when it was there. */
  createCollection(name: string, spec: CollectionSpec | undefined, context: DriverContext): Promise<boolean>
  /** False when there was none. */
  dropCollection(name: string, context: DriverContext): Promise<boolean>
  /**
   * Renames a collection, with its documents and indexes, at once. Absent where the backend has no such thing.
   *
   * @throws ConflictError when the name is taken and `dropTarget` is false; NotFoundError when there is no collection
   */
  readonly renameCollection?: (
    name: string,
    to: string,
    context: DriverContext & { readonly dropTarget: boolean },
  ) => Promise<void>
  /** Present when `capabilities.transaction.kind` is `interactive`. */
  readonly begin?: (context: DriverContext) => Promise<DocumentDriverTransaction>
}

/** One attempt of a transaction. Its calls never overlap, those of its collections included: the portable layer queues them. */
export interface DocumentDriverTransaction {
  /**
   * An error of this attempt says that nothing of it is or will be stored, and that another attempt may succeed: a lost
   * connection, a primary that steps down. Conflicts are reported as `WriteConflictError`. @default false
   */
  readonly repeatable?: boolean
  /** The one call that may overlap others: it asks nothing but a catalogue. */
  collection(name: string, spec: CollectionSpec | undefined, context: DriverContext): MaybePromise<DriverCollection>
  /**
   * Atomic.
   *
   * @throws WriteConflictError when a document written here has changed since the transaction began: nothing is stored,
   *   and another attempt may succeed. {@link UnknownOutcomeError} when it was sent and no answer came
   */
  commit(context: DriverContext): Promise<void>
  /** Best effort: a backend that missed the call must end the transaction by itself. */
  abort(context: DriverContext): Promise<void>
}
