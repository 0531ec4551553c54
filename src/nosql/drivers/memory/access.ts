import type { DriverQuery } from '../../contract/query.ts'
import type { FilterNode } from '../../query/filter-node.ts'
import type { SortKey } from '../../query/sort.ts'
import type { Value } from '../../query/value.ts'
import { boundOf, conjuncts, isPoint, narrow, type Bound, type Range } from './bounds.ts'
import { idKey } from '../../query/id-key.ts'
import type { MemoryIndex } from './memory-index.ts'

/** How candidates for a filter are found. */
export type Access =
  | { readonly kind: 'none' }
  | { readonly kind: 'scan' }
  | { readonly kind: 'get'; readonly keys: readonly string[]; readonly residual: readonly FilterNode[] }
  | IndexAccess
  | { readonly kind: 'union'; readonly branches: readonly (IndexAccess | GetAccess)[] }

type GetAccess = Extract<Access, { readonly kind: 'get' }>

export interface IndexAccess {
  readonly kind: 'index'
  readonly index: MemoryIndex
  /** Values that the first paths equal. */
  readonly equal: readonly Value[]
  /** What the next path lies in, one after the other; empty: all of it. */
  readonly ranges: readonly Range[]
  /** The index has the order asked for, read forwards (1) or backwards (-1). */
  readonly order: 1 | -1 | undefined
  /** The conjuncts that candidates need not satisfy. */
  readonly residual: readonly FilterNode[]
}

type Question = Pick<DriverQuery, 'filter' | 'sort'>

/** Chooses the access with the most bound paths; a scan when nothing is bound and no index has the order. */
export function chooseAccess(query: Question, indexes: readonly MemoryIndex[]): Access {
  const nodes = conjuncts(query.filter)
  if (nodes.some(isNever)) return { kind: 'none' }
  const get = getAccess(nodes)
  if (get !== undefined) return get
  let best: { readonly access: IndexAccess; readonly score: number } | undefined
  for (const index of indexes) {
    const access = indexAccess(index, nodes, query.sort)
    if (access === undefined) continue
    const score = access.equal.length * 8 + (access.ranges.length > 0 ? 4 : 0) + (access.order === undefined ? 0 : 1)
    if (best === undefined || score > best.score) best = { access, score }
  }
  if (best !== undefined && best.score > 1) return best.access
  return unionAccess(nodes, indexes) ?? best?.access ?? { kind: 'scan' }
}

function isNever(node: FilterNode): boolean {
  if (node.kind === 'constant') return !node.value
  return node.kind === 'field' && node.test.kind === 'in' && node.test.values.length + node.test.patterns.length === 0
}

function getAccess(nodes: readonly FilterNode[]): GetAccess | undefined {
  for (const node of nodes) {
    if (node.kind !== 'field' || node.path !== '_id') continue
    const { test } = node
    const residual = nodes.filter((other) => other !== node)
    if (test.kind === 'compare' && test.operator === 'eq') {
      if (!Array.isArray(test.value)) return { kind: 'get', keys: [idKey(test.value)], residual }
    } else if (test.kind === 'in' && test.patterns.length === 0 && !test.values.some(Array.isArray)) {
      return { kind: 'get', keys: [...new Set(test.values.map(idKey))], residual }
    }
  }
  return undefined
}

function indexAccess(
  index: MemoryIndex,
  nodes: readonly FilterNode[],
  sort: readonly SortKey[] | undefined,
): IndexAccess | undefined {
  if (index.model.partialFilterExpression !== undefined) return undefined
  const used = new Set<FilterNode>()
  const equal: Value[] = []
  let ranges: readonly Range[] = []
  for (const [path] of index.model.key) {
    const found = boundsOn(path, nodes)
    const equality = found.find(({ bound }) => bound.ranges.length === 1 && bound.ranges.every(isPoint))
    const [first, second] = equality === undefined ? found : [equality]
    if (first === undefined) break
    used.add(first.node)
    ranges = first.bound.ranges
    const both = second === undefined ? undefined : narrow(first.bound.ranges[0] ?? {}, second.bound.ranges[0] ?? {})
    // Different elements of one array may satisfy the two ends, so only a single-key index can use both.
    if (second !== undefined && both !== undefined && !index.multikey) {
      used.add(second.node)
      ranges = [both]
    }
    if (equality === undefined || index.multikey) break
    const value = first.bound.ranges[0]?.lower?.value
    if (value === undefined) break
    equal.push(value)
    ranges = []
  }
  const bound = equal.length > 0 || ranges.length > 0
  const order = index.multikey || ranges.length > 1 ? undefined : orderOf(index, equal.length, sort)
  if (!bound && (order === undefined || index.model.sparse === true)) return undefined
  return {
    kind: 'index',
    index,
    equal,
    ranges,
    order,
    residual: index.multikey ? nodes : nodes.filter((node) => !used.has(node)),
  }
}

function boundsOn(path: string, nodes: readonly FilterNode[]): { readonly node: FilterNode; readonly bound: Bound }[] {
  return nodes.flatMap((node) => {
    const bound = boundOf(node)
    return bound?.path === path ? [{ node, bound }] : []
  })
}

/** Entries stand by key and then `_id`, so the paths behind the equal ones must be those of the sort, all of them. */
function orderOf(index: MemoryIndex, equal: number, sort: readonly SortKey[] | undefined): 1 | -1 | undefined {
  if (sort === undefined) return undefined
  const paths = index.model.key.slice(equal)
  const fixed = index.model.key.slice(0, equal).map(([path]) => path)
  const keys = sort.filter(({ path }) => !fixed.includes(path))
  if (paths.at(-1)?.[0] !== '_id' && keys.pop()?.direction !== 1) return undefined
  if (paths.length !== keys.length) return undefined
  for (const order of [1, -1] as const) {
    if (paths.every(([path, direction], i) => keys[i]?.path === path && keys[i].direction === direction * order)) {
      return order
    }
  }
  return undefined
}

/** All branches of a disjunction, or none. */
function unionAccess(nodes: readonly FilterNode[], indexes: readonly MemoryIndex[]): Access | undefined {
  for (const node of nodes) {
    if (node.kind !== 'or') continue
    const accesses = node.nodes.map((filter) => chooseAccess({ filter }, indexes))
    const branches = accesses.filter((access) => access.kind === 'index' || access.kind === 'get')
    if (accesses.every((access) => access.kind === 'none' || branches.includes(access as IndexAccess))) {
      return { kind: 'union', branches }
    }
  }
  return undefined
}
