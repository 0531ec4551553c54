/** What a query will do, as far as that is known before it runs. */
export interface Explanation {
  /** `get`: by `_id`; `index`: through {@link index}; `scan`: every document; `none`: nothing can match. */
  readonly access: 'get' | 'index' | 'scan' | 'none'
  readonly index: string | null
  /** What is sent to the backend, in its own words. */
  readonly native: unknown
  /** The predicates re-checked by this package, as paths and operators; empty when the backend's answer is exact. */
  readonly residual: readonly string[]
  /** Who puts the result in order. */
  readonly sort: 'none' | 'index' | 'native' | 'client'
  /** True when the cost grows with the collection, not with the answer. */
  readonly scan: boolean
  /** `eventual`: the index that is read may lag, so that the program's own last write can be missing. */
  readonly consistency: 'strong' | 'eventual'
  readonly estimatedRequests: number
  /** Indexes that would avoid the scan or the sort, as key lists. */
  readonly requiredIndexes: readonly (readonly (readonly [path: string, direction: 1 | -1])[])[]
}

/** What a store does about scans and client-side sorts. `deny` refuses them and names the index to add. */
export type ScanPolicy = 'allow' | 'warn' | 'deny'

/** Given to `onWarning`, once per shape of plan. */
export interface PlanWarning {
  readonly collection: string
  readonly message: string
  readonly explanation: Explanation
}

/**
 * Ends an operation that would cost too much, with `BudgetExceededError`; never a short answer. `Infinity` lifts a limit.
 * One budget holds for all that an operation reads and writes: every operation of a bulk write, every stage of a pipeline.
 *
 * @example
 * createDocumentStore(driver, { budget: { maxDocuments: 100_000, maxSteps: 200_000_000 } })
 */
export interface Budget {
  /**
   * Requests that one operation may send to the backend, each looked at before it is sent, but for those of one batch of
   * writes, which goes as a whole. A request that is repeated counts once, those for connections and for the catalogue of
   * indexes do not count, and a write within a transaction counts as one.
   */
  readonly maxRequests?: number
  /**
   * Documents that one operation may make the backend read, counted as the backend tells: MongoDB and Firestore of those that
   * match, DynamoDB of those too that a filter then drops. With it `distinct`, updates of many and pipelines read here
   * what the backend would read untold. Where the server runs pipelines, `aggregate` is refused with
   * `UnsupportedOperationError` unless its own budget lifts the limit: a server does not say what a pipeline reads.
   */
  readonly maxDocuments?: number
  /**
   * Steps of work that one operation may do in this process: filters that the backend leaves, regular expressions, sorts,
   * projections, updates, pipelines. A step is about ten nanoseconds of one processor. @default 50_000_000
   */
  readonly maxSteps?: number
  /**
   * Bytes that one operation may hold at once in this process, about as a JavaScript engine counts. Where it is given, each
   * answer of the backend counts while it is read. @default 100 MiB, answers not counted
   */
  readonly maxBytes?: number
}
