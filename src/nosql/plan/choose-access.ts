import { compareValues } from '../query/compare.ts'
import type { FilterNode } from '../query/filter-node.ts'
import type { SortKey } from '../query/sort.ts'
import { isArray, type Value } from '../query/value.ts'
import { type Access, type GetAccess, type IndexAccess, isBound, type Sorter, type UnionBranch } from './access.ts'
import { conjunction, conjuncts, isNever } from './conjuncts.ts'
import type { Facts } from './facts.ts'
import { indexAccess } from './index-access.ts'
import type { IndexShape } from './index-shape.ts'

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
export function chooseAccess<I extends IndexShape>({ filter, sort }: Question, ways: Ways<I>): Access<I> {
  const nodes = filter.kind === 'field' ? [filter] : conjuncts(filter)
  return choose({ nodes, open: nodes, sort }, ways)
}

const nothing = { kind: 'none', residual: [] } as const

interface Choice {
  readonly nodes: readonly FilterNode[]
  /** The conjuncts whose branches may be taken one by one: not those around a branch, or the work would multiply. */
  readonly open: readonly FilterNode[]
  readonly sort: readonly SortKey[] | undefined
}

function choose<I extends IndexShape>(choice: Choice, ways: Ways<I>): Access<I> {
  const { nodes, sort } = choice
  if (nodes.some((node) => node.kind !== 'field' && isNever(node))) return nothing
  const get = getAccess(nodes)
  if (get !== undefined) return get.ids.length === 0 ? nothing : get
  let best: IndexAccess<I> | undefined
  for (const index of ways.indexes) {
    if (!concerns(index, choice)) continue
    const access = indexAccess(index, nodes, { sort, facts: ways.facts })
    if (access === undefined) continue
    if (access.runs.length === 0 && !access.apart) return nothing
    if (best === undefined || scoreOf(access) > scoreOf(best)) best = access
  }
  return unionAccess(choice, ways, best) ?? best ?? { kind: 'scan', residual: nodes }
}

/** Most indexes have nothing to do with a query: it neither asks for their first path nor sorts by it. */
function concerns({ key }: IndexShape, { nodes, sort }: Choice): boolean {
  const first = key[0]?.[0]
  return sort?.[0]?.path === first || nodes.some((node) => node.kind === 'field' && node.path === first)
}

/** What is bound counts most: equal paths, then an interval, then an order; what is filed apart costs a little. */
function scoreOf(access: IndexAccess | GetAccess): number {
  if (access.kind === 'get') return Infinity
  const { runs, order, apart } = access
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
  if (values.length < 2) return values
  const sorted = [...values].sort(compareValues)
  return sorted.filter((value, at) => at === 0 || compareValues(value, sorted[at - 1]) !== 0)
}

/** Above this many branches of an `or`, it is left to the residual. */
const mostBranches = 1000

/** All branches of a disjunction, or none; only where each of them is bound more than the best of a single index. */
function unionAccess<I extends IndexShape>(
  { nodes, open, sort }: Choice,
  ways: Ways<I>,
  best: IndexAccess<I> | undefined,
): Access<I> | undefined {
  const least = best !== undefined && isBound(best) ? scoreOf(best) : 1
  for (const node of open) {
    if (node.kind !== 'or' || node.nodes.length > mostBranches) continue
    const rest = nodes.filter((other) => other !== node)
    const branches = branchesOf(node.nodes, { nodes: rest, sort }, ways)
    if (branches === undefined || branches.some(({ access }) => scoreOf(access) <= least)) continue
    if (branches.length === 0) return nothing
    return {
      kind: 'union',
      branches,
      merge: sort !== undefined && branches.every(({ access }) => sorterOf(access, sort) === 'index'),
      residual: branches.every(({ access }) => access.residual.length === 0) ? [] : nodes,
    }
  }
  return undefined
}

/** An access for every branch together with the rest; undefined where one has to scan. */
function branchesOf<I extends IndexShape>(
  alternatives: readonly FilterNode[],
  { nodes: rest, sort }: Omit<Choice, 'open'>,
  ways: Ways<I>,
): readonly UnionBranch<I>[] | undefined {
  const branches: UnionBranch<I>[] = []
  for (const alternative of alternatives) {
    const open = conjuncts(alternative)
    const access = choose({ nodes: [...rest, ...open], open, sort }, ways)
    if (access.kind === 'union') branches.push(...access.branches)
    else if (access.kind === 'get' || (access.kind === 'index' && isBound(access))) {
      branches.push({ access, filter: conjunction([...rest, ...open]) })
    } else if (access.kind !== 'none') return undefined
    if (branches.length > mostBranches) return undefined
  }
  return branches
}

/** Who sorts what an access finds, if the backend cannot. */
export function sorterOf(access: Access, sort: readonly SortKey[] | undefined): Exclude<Sorter, 'native'> {
  if (sort === undefined) return 'none'
  if (access.kind === 'none') return 'index'
  if (access.kind === 'get') return access.ids.length < 2 || isAscendingById(sort) ? 'index' : 'client'
  if (access.kind === 'union') return access.merge ? 'index' : 'client'
  return access.kind === 'index' && access.order !== undefined ? 'index' : 'client'
}

function isAscendingById([first]: readonly SortKey[]): boolean {
  return first?.path === '_id' && first.direction === 1
}
