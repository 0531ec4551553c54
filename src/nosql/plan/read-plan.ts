import type { Explanation } from '../contract/explanation.ts'
import { describeFilter, suggestIndexes } from '../query/filter/describe-filter.ts'
import type { FilterNode } from '../query/filter-node.ts'
import type { SortKey, SortValues } from '../query/sort.ts'
import { type Access, isBound, type Sorter } from './access.ts'

/** What is asked of a read. */
export interface ReadQuestion {
  readonly filter: FilterNode
  readonly sort?: readonly SortKey[] | undefined
  readonly after?: SortValues | undefined
  readonly skip: number
  readonly limit: number
}

/** A backend that chooses its index itself, such as one that indexes every path. */
export interface NativeAccess {
  readonly kind: 'native'
  /** What is known of its choice: for `explain`. */
  readonly index: string | null
  /** Whether it reads the whole collection. */
  readonly scan: boolean
}

/** What a driver has decided about a read. */
export interface ReadDecision {
  readonly access: Access | NativeAccess
  /** What is sent, in the backend's words: for `explain`. */
  readonly native: unknown
  /** The conjuncts that neither the access nor the native part answers exactly. */
  readonly residual: readonly FilterNode[]
  /** Who sorts: `sorterOf(access, sort)`, or `native` where the backend does. */
  readonly sorter: Sorter
  /** Whether only documents after `after` are read. Ignored where there is no position. */
  readonly positioned: boolean
  /** Whether the driver skips and limits, if all before it is done: claimed only then. */
  readonly limits: boolean
  readonly estimatedRequests: number
  /** Indexes without which the backend refuses the read. @default what would avoid a scan or a sort here */
  readonly requiredIndexes?: Explanation['requiredIndexes']
  /** Whether what is read may lag. @default 'strong' */
  readonly consistency?: Explanation['consistency']
}

/** What a driver's plan may claim, and its explanation. */
export interface ReadClaims {
  readonly explain: () => Explanation
  /** Every document that is read matches. */
  readonly exact: boolean
  readonly sorted: boolean
  readonly positioned: boolean
  /** Skipped and limited: only where that comes after a filter, an order and a position that are the backend's. */
  readonly limited: boolean
}

/**
 * The claims that follow from what a driver has decided. No limit is claimed while documents may still drop out or
 * change places.
 */
export function readClaims(question: ReadQuestion, decision: ReadDecision): ReadClaims {
  const exact = decision.residual.length === 0
  const sorted = decision.sorter !== 'client'
  const positioned = question.after !== undefined && decision.positioned
  return {
    exact,
    sorted,
    positioned,
    limited: decision.limits && exact && sorted && (positioned || question.after === undefined),
    explain: () => explainRead(question, decision),
  }
}

/** What `explain` says of a read. */
export function explainRead(
  question: Pick<ReadQuestion, 'filter' | 'sort' | 'limit'>,
  decision: Omit<ReadDecision, 'positioned' | 'limits'>,
): Explanation {
  const { access, residual, sorter } = decision
  const scan = isScan(question, access, residual.length === 0)
  const suggested = () => (scan || sorter === 'client' ? suggestIndexes(question.filter, question.sort) : [])
  return {
    access: accessName(access),
    index: indexName(access),
    native: decision.native,
    residual: residual.flatMap(describeFilter),
    sort: sorter,
    scan,
    consistency: decision.consistency ?? 'strong',
    estimatedRequests: access.kind === 'none' ? 0 : decision.estimatedRequests,
    requiredIndexes: decision.requiredIndexes ?? suggested(),
  }
}

/** An index that is read for its order alone costs as much as the collection, unless a limit ends it. */
function isScan({ limit }: Pick<ReadQuestion, 'limit'>, access: Access | NativeAccess, exact: boolean): boolean {
  if (access.kind === 'native') return access.scan
  if (access.kind !== 'index') return access.kind === 'scan'
  return !isBound(access) && (!exact || limit === Infinity)
}

function accessName(access: Access | NativeAccess): Explanation['access'] {
  if (access.kind === 'native') return access.scan ? 'scan' : 'index'
  return access.kind === 'union' ? 'index' : access.kind
}

function indexName(access: Access | NativeAccess): string | null {
  if (access.kind === 'get') return '_id_'
  if (access.kind === 'native') return access.index
  if (access.kind === 'index') return access.index.name
  return access.kind === 'union' ? access.branches.map((branch) => indexName(branch.access)).join(' | ') : null
}
