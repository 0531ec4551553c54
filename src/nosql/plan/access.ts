import type { FilterNode } from '../query/filter-node.ts'
import type { Value } from '../query/value.ts'
import type { IndexShape } from './index-shape.ts'
import type { Interval } from './intervals.ts'

/** How the documents of a filter are found: all that match are among them, and `residual` is re-checked of each. */
export type Access<I extends IndexShape = IndexShape> =
  /** Nothing can match: no request. */
  | { readonly kind: 'none'; readonly residual: readonly [] }
  /** Every document. */
  | { readonly kind: 'scan'; readonly residual: readonly FilterNode[] }
  | GetAccess
  | IndexAccess<I>
  /** Through the branches of an `or`. */
  | UnionAccess<I>

/** Several accesses side by side; a document may be found by more than one. */
export interface UnionAccess<I extends IndexShape = IndexShape> {
  readonly kind: 'union'
  readonly branches: readonly UnionBranch<I>[]
  /** Every branch has the order asked for: they are merged by it. */
  readonly merge: boolean
  /** The conjuncts that what is found need not satisfy. */
  readonly residual: readonly FilterNode[]
}

/** One branch of an `or`. */
export interface UnionBranch<I extends IndexShape = IndexShape> {
  readonly access: IndexAccess<I> | GetAccess
  /** What is asked of this branch: a document that satisfies it is found by it. */
  readonly filter: FilterNode
}

/** By `_id`. */
export interface GetAccess {
  readonly kind: 'get'
  /** Each once, in the order of `compareValues`. */
  readonly ids: readonly Value[]
  /** The conjuncts that the `_id` does not answer. */
  readonly residual: readonly FilterNode[]
}

/** Through an index. */
export interface IndexAccess<I extends IndexShape = IndexShape> {
  readonly kind: 'index'
  readonly index: I
  /** Stretches of the index to read; they do not overlap, and are in index order. */
  readonly runs: readonly IndexRun[]
  /** Documents with arrays, which the index files apart, have to be read as well. */
  readonly apart: boolean
  /**
   * Read forwards (1) or backwards (-1), each run has the order asked for; undefined where it has not. With `merge`
   * the runs have to be merged by the sort, without it they follow one another (backwards: the last first).
   */
  readonly order: 1 | -1 | undefined
  readonly merge: boolean
  /** Entries with equal keys come by descending `_id`: a run of equal sort values has to be put in order. */
  readonly tiesReversed: boolean
  /** The conjuncts that what is found need not satisfy. */
  readonly residual: readonly FilterNode[]
}

/** A stretch of an index: the first paths equal these values, and the next one lies in the interval. */
export interface IndexRun {
  readonly equal: readonly Value[]
  /** `{}`: all values. */
  readonly interval: Interval
}

/** True where an access reads a part of its index, not all of it. */
export function isBound({ runs }: IndexAccess): boolean {
  return runs.every(({ equal, interval }) => equal.length > 0 || interval.lower !== undefined)
}

/** Who puts a result in order: the index it is read by, the backend, this package; or no sort was requested. */
export type Sorter = 'none' | 'index' | 'native' | 'client'
