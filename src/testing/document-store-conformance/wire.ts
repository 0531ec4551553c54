/** How many requests each operation sends. */
export interface RequestCounts {
  readonly insertOne: number
  /** `findOne` by `_id`. */
  readonly findById: number
  /** `find` of five documents by an index. */
  readonly findByIndex: number
  /** `updateOne` by `_id` with `$inc`. */
  readonly updateOne: number
  /** `deleteOne` by `_id`. */
  readonly deleteOne: number
  /** `countDocuments` by an index. */
  readonly count: number
  /** A transaction that inserts three documents, its commit included. */
  readonly transaction: number
}

/** What a harness brings so that the suite can count requests. */
export interface RequestMeter {
  /** Requests sent so far by all stores, without those that open a connection, keep it alive or end it. */
  sent(): number
  /** Where an expert would need another number of requests on this backend. @default 1 for each operation */
  readonly expected?: Partial<RequestCounts>
}

/**
 * What happens to a request:
 *
 * - `lose the answer`: it is carried out, and the connection ends without an answer.
 * - `refuse`: it is not carried out, and its answer says that the caller has no permission.
 * - `hold the answer`: it is carried out, and no answer comes for as long as the caller waits.
 */
export type RequestFault = 'lose the answer' | 'refuse' | 'hold the answer'

/** What a harness brings so that the suite can spoil requests. */
export interface RequestFaults {
  /** Does this to the next `times` requests, in place of what was asked for before. 0 ends all faults. */
  inject(fault: RequestFault, times: number): void
  /** Requests whose answer is held and which the driver has not given up: their connection is still open. */
  open(): number
}
