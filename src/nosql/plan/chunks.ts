import { compareValues } from '../query/compare.ts'
import type { FieldTest, FilterNode } from '../query/filter-node.ts'
import type { Value } from '../query/value.ts'
import { conjunction, conjuncts, negationsAtLeaves } from './conjuncts.ts'
import type { Dialect } from './dialect.ts'
import type { Facts } from './facts.ts'
import { type TakesFrom, takesFirst } from './merge.ts'
import { push, type Pushed } from './push.ts'

/** A filter as one or more queries, which together find all that match. */
export interface Split<N> {
  /** Their own residuals are of their parts of the filter. */
  readonly queries: readonly Pushed<N>[]
  /** The conjuncts of the whole filter that are re-checked of what any of them finds. */
  readonly residual: readonly FilterNode[]
  /** The filter, if documents are tested here, by the residual or by `takes`: for `neededPaths`. */
  readonly tested: FilterNode | undefined
  /** Which query a document is taken from, for `chainPages`; undefined where no two can find the same. */
  readonly takes: TakesFrom | undefined
}

/** How many queries a filter is split into at most, unless the dialect says otherwise. */
const mostQueries = 64

/**
 * As `push`, and where a list of values or an `or` is over a limit, as several queries side by side: `{ n: { $in: [100
 * values] } }` with 30 values a query are four. What cannot be split is left to the residual of a single one.
 *
 * @example
 * const { queries, takes } = pushAll(filter, dialect, facts)
 * const streams = queries.map((query) => read(query.native))
 * const pages = sort === undefined ? chainPages(streams, takes) : mergePages(streams, sort)
 */
export function pushAll<N>(filter: FilterNode, dialect: Dialect<N>, facts: Facts): Split<N> {
  const nodes = conjuncts(negationsAtLeaves(filter))
  const whole = push(conjunction(nodes), dialect, facts)
  for (const node of whole.overLimit) {
    const rest = nodes.filter((other) => other !== node)
    const parts = partsOf(node, rest, { dialect, facts })
    if (parts === undefined) continue
    const queries = parts.map((part) => push(conjunction([...rest, part]), dialect, facts))
    const left = new Set(queries.flatMap(({ residual }) => residual))
    const isExact = queries.every(({ residual }) => residual.every((other) => rest.includes(other)))
    const residual = nodes.filter((other) => (other === node ? !isExact : left.has(other)))
    // A scalar is in one part of a list; a query that finds too much may find what belongs to another part.
    const takes = isExact && isScalarList(node, facts) ? undefined : takesFirst(parts)
    return { queries, residual, tested: residual.length > 0 || takes !== undefined ? filter : undefined, takes }
  }
  const { residual } = whole
  return { queries: [whole], residual, tested: residual.length > 0 ? filter : undefined, takes: undefined }
}

interface Target<N> {
  readonly dialect: Dialect<N>
  readonly facts: Facts
}

/** A conjunct's alternatives in as few parts as fit beside the rest; undefined where that cannot be. */
function partsOf<N>(
  node: FilterNode,
  rest: readonly FilterNode[],
  { dialect, facts }: Target<N>,
): readonly FilterNode[] | undefined {
  const choice = alternativesOf(node)
  if (choice === undefined) return undefined
  const most = dialect.limits?.queries ?? mostQueries
  const fits = (part: FilterNode): boolean =>
    push(conjunction([...rest, part]), dialect, facts).overLimit.every((over) => rest.includes(over))
  const parts: FilterNode[] = []
  for (let from = 0; from < choice.count;) {
    const size = largest(choice.count - from, (length) => fits(choice.part(from, from + length)))
    if (size === 0 || parts.length === most) return undefined
    parts.push(choice.part(from, from + size))
    from += size
  }
  return parts
}

interface Alternatives {
  readonly count: number
  part(from: number, to: number): FilterNode
}

function alternativesOf(node: FilterNode): Alternatives | undefined {
  if (node.kind === 'or') {
    const { nodes } = node
    return { count: nodes.length, part: (from, to) => disjunction(nodes.slice(from, to)) }
  }
  if (node.kind !== 'field' || node.test.kind !== 'in') return undefined
  const { patterns } = node.test
  const values = distinct(node.test.values)
  // The patterns, if there are any, go with the first values.
  const part = (from: number, to: number): FilterNode => ({
    ...node,
    test: { kind: 'in', values: values.slice(from, to), patterns: from === 0 ? patterns : [] } satisfies FieldTest,
  })
  return { count: values.length, part }
}

function disjunction(nodes: readonly FilterNode[]): FilterNode {
  const [only, ...others] = nodes
  return only !== undefined && others.length === 0 ? only : { kind: 'or', nodes }
}

function distinct(values: readonly Value[]): readonly Value[] {
  const sorted = [...values].sort(compareValues)
  return sorted.filter((value, at) => at === 0 || compareValues(value, sorted[at - 1]) !== 0)
}

/** The largest size for which the condition holds, which holds for all sizes below if it holds for one; else 0. */
function largest(upTo: number, holds: (size: number) => boolean): number {
  let low = 0
  let high = upTo
  while (low < high) {
    const middle = (low + high + 1) >>> 1
    if (holds(middle)) low = middle
    else high = middle - 1
  }
  return low
}

function isScalarList(node: FilterNode, facts: Facts): boolean {
  return node.kind === 'field' && node.test.kind === 'in' && node.test.patterns.length === 0 && facts(node.path).scalar
}
