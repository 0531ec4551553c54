/** How far a backend answers a predicate itself: exactly, with too many documents (the rest is re-checked), or not at all. */
export type Exactness = 'exact' | 'superset' | 'none'

/** One leaf per predicate on an indexed path. What is not `exact` is still answered right, by re-checking. */
export interface FilterCapabilities {
  readonly eq: Exactness
  readonly in: Exactness
  readonly range: Exactness
  readonly ne: Exactness
  readonly exists: Exactness
  readonly regex: Exactness
  readonly elemMatch: Exactness
  readonly or: Exactness
}

/** What an index in key order answers, and what is then asked of every document. */
export const indexedFilters: FilterCapabilities = {
  eq: 'exact',
  in: 'exact',
  range: 'exact',
  ne: 'none',
  exists: 'none',
  regex: 'superset',
  elemMatch: 'none',
  or: 'exact',
}

/**
 * What a driver can do, one leaf per operator and limit. The conformance suite asserts every leaf both ways: what is
 * declared works, and what is not fails with `UnsupportedOperationError`.
 */
export interface Capabilities {
  readonly filter: {
    /** On paths that the collection's specification declares as one scalar. */
    readonly declared: FilterCapabilities
    /** On all other paths, which may hold arrays, or values of any type. */
    readonly undeclared: FilterCapabilities
  }
  /** Who sorts: the backend always, the backend where an index has the order, or this package. */
  readonly sort: 'native' | 'indexed' | 'client'
  /**
   * Who evaluates pipelines, `$expr`, computed projections and pipeline updates. `server`: the backend, which speaks this
   * query language itself and therefore gets every question as it was written. `engine`: the aggregation engine that the
   * driver was given. `none`: they are refused.
   */
  readonly evaluates: 'server' | 'engine' | 'none'
  readonly transaction: {
    readonly kind: 'interactive' | 'none'
    /** `snapshot`: writes conflict with writes; `serializable`: also with what was read by `_id`. */
    readonly isolation: 'snapshot' | 'serializable'
    /** All reads of a transaction see one moment. */
    readonly snapshotReads: boolean
    readonly maxWrites: number
    /** True where every read of a transaction must come before its first write. */
    readonly readsBeforeWrites: boolean
  }
  readonly index: {
    /** False where indexes cannot be made through the data API. */
    readonly create: boolean
    /** Every path is indexed by itself, without asking. */
    readonly automatic: boolean
    readonly unique: 'native' | 'emulated' | 'none'
    readonly sparse: boolean
    readonly partial: boolean
    readonly ttl: boolean
    /** One index entry per array element. */
    readonly multikey: boolean
    /** `eventual`: a find through an index may miss the program's own last write, unless the index is declared `strong`. */
    readonly consistency: 'strong' | 'eventual'
    /**
     * Whether `partition` and `shards` of an index decide where its entries are kept. Where not, the backend places
     * them itself, and such an index is made and answers as any other.
     */
    readonly spread: boolean
  }
  /** Whether queries may hold what only one vendor can do, under the option of this name. @default none */
  readonly vendorQuery?: 'mongodb'
  /**
   * Whose values of classes can be stored and compared with, beside those of every backend: `Decimal128`, `UUID` and the
   * others of the package `bson`. @default none
   */
  readonly vendorValues?: 'mongodb'
  /** `watch`: changes of a collection as they happen. */
  readonly changes: boolean
  /** Collections below a document: `users/7/orders`. */
  readonly subcollections: boolean
  readonly limits: Limits
}

/** Infinity where there is no limit. Bytes are counted as BSON would count them. */
export interface Limits {
  /** Largest document. */
  readonly documentBytes: number
  /** Longest `_id`, in bytes of UTF-8. */
  readonly idBytes: number
  /** How deep objects and arrays may nest, the document itself being 1. Never more than 32. */
  readonly depth: number
  /** Documents sent in one write; a bulk write or an update of many is split above it. */
  readonly writeBatch: number
  /** Bytes sent in one write. */
  readonly batchBytes: number
  /** Bytes written by one transaction. */
  readonly transactionBytes: number
  /** Arrays directly inside arrays. */
  readonly nestedArrays: boolean
  /** Whether the order of keys in an embedded document is kept. */
  readonly keyOrder: boolean
  /** `any`: objects, dates and `null` may be an `_id` too, which is not portable. */
  readonly ids: 'scalar' | 'any'
  /** Whether ObjectIds of MongoDB are values, and `_id`s, here. Elsewhere their text is: `toHexString()`. */
  readonly objectIds: boolean
  /** The first and the last date that can be stored, in milliseconds since 1970. */
  readonly dates: readonly [first: number, last: number]
  readonly fieldNames: {
    /** Longest name, in bytes of UTF-8. */
    readonly bytes: number
    /** Longest path of names that are joined by dots, in the same bytes. */
    readonly pathBytes: number
    /** Names that this backend keeps for itself, with words that follow "a field name cannot be"; null for none. */
    readonly refused: { readonly pattern: RegExp; readonly words: string } | null
  }
}

/** Indexes of every kind, kept by the database itself, and read without a lag. */
export const allIndexes: Capabilities['index'] = {
  create: true,
  automatic: false,
  unique: 'native',
  sparse: true,
  partial: true,
  ttl: true,
  multikey: true,
  consistency: 'strong',
  spread: false,
}
