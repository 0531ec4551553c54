import type { DriverChanges, WatchRequest } from './change.ts'
import type { DriverContext, MaybePromise } from './context.ts'
import type { MongoDbQuery } from './vendor-query.ts'
import type { IndexModel, IndexProgress, ListedIndex } from './index-model.ts'
import type { DriverQuery, DriverPage, ReadPlan } from './query.ts'
import type {
  Insert,
  Modification,
  ModifyManyResult,
  ModifyResult,
  Write,
  WriteContext,
  WriteOutcome,
} from './write.ts'
import type { Document, Value } from '../query/value.ts'

/**
 * One collection of a backend, or of one of its transactions. The required part is small; the optional part is for
 * backends with a faster native way, and answers `undefined` where that way does not fit: the portable layer
 * then reads, applies and writes.
 *
 * Every method may throw `NoSQLConnectionError`, always before anything was written; what was sent and not answered ends
 * in an outcome `unsure`, or in `UnknownOutcomeError` where there are no outcomes.
 */
export interface DriverCollection {
  /** The TTL indexes that are known. Documents past one of these dates are hidden by the portable layer. @default [] */
  readonly expiry?: readonly Expiry[]
  /** Whether reads return the store's own objects. The collection then copies them before returning them. */
  readonly returnsOwnDocuments?: boolean

  /** Sends no request but those of an index catalogue; reading is the plan's part. */
  plan(query: DriverQuery, context: DriverContext): MaybePromise<ReadPlan>
  /**
   * At most `limits.writeBatch` writes and `limits.batchBytes` bytes, of different documents. Each write is atomic;
   * together they are not. One outcome per write, in their order.
   */
  write(writes: readonly Write[], context: WriteContext): Promise<readonly WriteOutcome[]>
  listIndexes(context: DriverContext): Promise<readonly ListedIndex[]>
  /**
   * Waits until the index is usable. Creating one that is there does nothing; one that was left half made is resumed.
   *
   * @throws DuplicateKeyError when the documents there break `unique`; the index is then absent
   */
  createIndex(index: IndexModel, context: IndexContext): Promise<void>
  /** False when there was none. */
  dropIndex(name: string, context: DriverContext): Promise<boolean>

  /**
   * In a transaction that learns only at its commit whether a unique key is free: the paths of each of these keys. What has
   * expired and holds one is deleted before the write that wants it.
   */
  readonly keysCheckedAtCommit?: readonly (readonly string[])[]

  /** Runs `work` after earlier `exclusive` work on this collection has finished, so that concurrent updates do not conflict. */
  readonly exclusive?: <T>(work: () => Promise<T>) => Promise<T>
  /** Counts without returning documents, and stops at `skip` and `limit`, by which a budget of documents holds. */
  count?(query: DriverQuery, context: DriverContext): MaybePromise<number | undefined>
  /** About how many documents there are, from what the backend knows of itself. */
  estimatedCount?(context: DriverContext): MaybePromise<number | undefined>
  /** The different values at a path, array elements one by one; order does not matter. Not asked with a budget of documents. */
  distinct?(path: string, query: DriverQuery, context: DriverContext): MaybePromise<readonly Value[] | undefined>
  /** Runs a whole pipeline, which has been checked by shape and for refused stages and operators. */
  aggregate?(
    request: AggregateRequest,
    context: DriverContext,
  ): MaybePromise<AsyncIterable<DriverPage<Document>> | undefined>
  /**
   * Changes one or many without reading them first. It is called only where the operands of the command prove that every
   * document which it makes passes the checks of this package: declared fields, names, depth, finite numbers. What is
   * too large, the backend refuses itself.
   *
   * @throws DuplicateKeyError or DocumentValidationError or WriteConflictError or UnknownOutcomeError
   */
  modify?(command: Modification, context: DriverContext): MaybePromise<ModifyResult | undefined>
  /** The same for several commands in few requests: at most `limits.writeBatch` of them. */
  modifyMany?(
    commands: readonly (Insert | Modification)[],
    context: WriteContext,
  ): MaybePromise<ModifyManyResult | undefined>
  /**
   * Resolves when the stream is open. The signal of the context ends it and releases what the backend holds, whether or
   * not it was read. Present where the capability `changes` is true, and not in transactions.
   *
   * @throws NoSQLFilterError for a token of another collection, and for one whose later changes are no longer kept
   */
  watch?(request: WatchRequest, context: DriverContext): Promise<DriverChanges>
}

/** Documents in which the path holds a date this many seconds ago or longer are gone. */
export interface Expiry {
  readonly path: string
  readonly afterSeconds: number
  /** Only of documents that match this. */
  readonly partialFilterExpression?: Readonly<Record<string, unknown>> | undefined
}

/** A frozen copy of a pipeline and its variables. */
export interface AggregateRequest {
  readonly pipeline: readonly Readonly<Record<string, unknown>>[]
  readonly let?: Document | undefined
  /** Present only where the capability `vendorQuery` names it. Its stages are in the pipeline already. */
  readonly mongodb?: MongoDbQuery | undefined
}

/** The context of creating an index. */
export interface IndexContext extends DriverContext {
  /** Called at every change of state, and now and then while documents are indexed. */
  readonly onProgress?: ((progress: IndexProgress) => void) | undefined
}
