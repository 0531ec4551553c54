import type { FilterNode } from '../query/filter-node.ts'
import { compareValues } from '../query/compare.ts'
import type { SortKey } from '../query/sort.ts'
import { isArray, type Value } from '../query/value.ts'
import { conjuncts, isNever } from './conjuncts.ts'
import type { Facts } from './facts.ts'
import { indexAccess } from './index-access.ts'
import type { IndexShape } from './index-shape.ts'
import type { Interval } from './intervals.ts'

/** How the documents of a filter are found: all that match are among them. */
export type Access<I extends IndexShape = IndexShape> =
  /** Nothing can match: no request. */
  | { readonly kind: 'none' }
  /** Every document. */
  | { readonly kind: 'scan' }
  | GetAccess
  | IndexAccess<I>
  /** The branches of an `or`, each with its own access; a document may be found in several of them. */
  | UnionAccess<I>

export interface UnionAccess<I extends IndexShape = IndexShape> {
  readonly kind: 'union'
  readonly branches: readonly (IndexAccess<I> | GetAccess)[]
  /** The conjuncts that what is found need not satisfy. */
  readonly residual: readonly FilterNode[]
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
  /** Stretches of the index to read; they do not overlap, and stand in index order. */
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

/** What is re-checked of what an access finds. */
export function residualOf(access: Access, filter: FilterNode): readonly FilterNode[] {
  if (access.kind === 'none') return []
  return access.kind === 'scan' ? conjuncts(filter) : access.residual
}

/** What is asked. */
export interface Question {
  readonly filter: FilterNode
  readonly sort?: readonly SortKey[] | undefined
}

/** What there is to find it by. */
export interface Ways<I extends IndexShape> {
  readonly indexes: readonly I[]
  readonly facts: Facts
}

/**
 * Chooses how to find the documents of a filter: by `_id`, else through the index that binds most paths, an order it
 * has counting less than a bound; else through one access per branch of an `or`; else all of them.
 *
 * @example
 * const access = chooseAccess({ filter: parseFilter({ team: 'red', joined: { $gt: 5 } }) }, { indexes, facts })
 * // { kind: 'index', index: team_1_joined_1, runs: [{ equal: ['red'], interval: { lower: … 5 } }], … }
 */
export function chooseAccess<I extends IndexShape>(question: Question, ways: Ways<I>): Access<I> {
  const nodes = conjuncts(question.filter)
  if (nodes.some(isNever)) return { kind: 'none' }
  const get = getAccess(nodes)
  if (get !== undefined) return get.ids.length === 0 ? { kind: 'none' } : get
  let best: IndexAccess<I> | undefined
  let most = -1
  for (const index of ways.indexes) {
    const access = indexAccess(index, nodes, { sort: question.sort, facts: ways.facts })
    if (access === undefined) continue
    if (access.runs.length === 0 && !access.apart) return { kind: 'none' }
    const score = scoreOf(access)
    if (score > most) {
      best = access
      most = score
    }
  }
  if (best !== undefined && isBound(best)) return best
  return unionAccess(nodes, ways) ?? best ?? { kind: 'scan' }
}

/** True where an access reads a part of its index, not all of it. */
export function isBound({ runs }: IndexAccess): boolean {
  return runs.every(({ equal, interval }) => equal.length > 0 || interval.lower !== undefined)
}

function scoreOf({ runs, order, apart }: IndexAccess): number {
  const { equal = [], interval = {} } = runs[0] ?? {}
  const bound = equal.length * 8 + (interval.lower === undefined ? 0 : 4)
  return bound + (order === undefined ? 0 : 1) - (apart ? 0.5 : 0)
}

function getAccess(nodes: readonly FilterNode[]): GetAccess | undefined {
  let best: GetAccess | undefined
  for (const node of nodes) {
    const ids = idsOf(node)
    if (ids === undefined || (best !== undefined && best.ids.length <= ids.length)) continue
    best = { kind: 'get', ids, residual: nodes.filter((other) => other !== node) }
  }
  return best
}

/** The values of `_id` that a conjunct allows; an array is never an `_id`. */
function idsOf(node: FilterNode): readonly Value[] | undefined {
  if (node.kind !== 'field' || node.path !== '_id') return undefined
  const { test } = node
  const values =
    test.kind === 'compare' && test.operator === 'eq'
      ? [test.value]
      : test.kind === 'in' && test.patterns.length === 0
        ? test.values
        : undefined
  if (values === undefined || values.some(isArray)) return undefined
  const sorted = [...values].sort(compareValues)
  return sorted.filter((value, at) => at === 0 || compareValues(value, sorted[at - 1]) !== 0)
}

/** All branches of a disjunction, or none. */
function unionAccess<I extends IndexShape>(nodes: readonly FilterNode[], ways: Ways<I>): Access<I> | undefined {
  for (const node of nodes) {
    if (node.kind !== 'or') continue
    const branches: (IndexAccess<I> | GetAccess)[] = []
    const found = node.nodes.every((filter) => {
      const access = chooseAccess({ filter }, ways)
      if (access.kind === 'union') branches.push(...access.branches)
      else if (access.kind === 'get' || (access.kind === 'index' && isBound(access))) branches.push(access)
      else return access.kind === 'none'
      return true
    })
    if (!found) continue
    if (branches.length === 0) return { kind: 'none' }
    const exact = branches.every(({ residual }) => residual.length === 0)
    return { kind: 'union', branches, residual: exact ? nodes.filter((other) => other !== node) : nodes }
  }
  return undefined
}
