/** How far a backend answers a predicate itself: exactly, with too many documents (the rest is re-checked), or not at all. */
export type Exactness = 'exact' | 'superset' | 'none'

/**
 * What a driver can do, one leaf per operator and limit. The conformance suite asserts every leaf both ways: what is
 * declared works, and what is not fails with `UnsupportedOperationError`.
 */
export interface Capabilities {
  /** Predicates on a field that an index serves. What is not `exact` is still answered right, by re-checking. */
  readonly filter: {
    readonly eq: Exactness
    readonly in: Exactness
    readonly range: Exactness
    readonly ne: Exactness
    readonly exists: Exactness
    readonly regex: Exactness
    readonly elemMatch: Exactness
    readonly or: Exactness
  }
  /** Who sorts: the backend always, the backend where an index has the order, or this package. */
  readonly sort: 'native' | 'indexed' | 'client'
  readonly transaction: {
    readonly kind: 'interactive' | 'none'
    /** `snapshot`: writes conflict with writes; `serializable`: also with what was read by `_id`. */
    readonly isolation: 'snapshot' | 'serializable'
    readonly maxWrites: number
    /** True where every read of a transaction must come before its first write. */
    readonly readsBeforeWrites: boolean
  }
  readonly index: {
    /** False where indexes cannot be made through the data API. */
    readonly create: boolean
    readonly unique: 'native' | 'emulated' | 'none'
    readonly sparse: boolean
    readonly partial: boolean
    readonly ttl: boolean
    /** One index entry per array element. */
    readonly multikey: boolean
  }
  /** `aggregate`, `$expr`, computed projections and pipeline updates. */
  readonly aggregation: boolean
  readonly collation: boolean
  readonly limits: {
    /** Largest document, in bytes as BSON would count them. */
    readonly documentBytes: number
    /** Documents sent in one write; a bulk write or an update of many is split above it. */
    readonly writeBatch: number
    /** Arrays directly inside arrays. */
    readonly nestedArrays: boolean
    /** Whether the order of keys in an embedded document is kept. */
    readonly keyOrder: boolean
    /** `any`: objects, dates and `null` may be an `_id` too, which is not portable. */
    readonly ids: 'scalar' | 'any'
  }
}
