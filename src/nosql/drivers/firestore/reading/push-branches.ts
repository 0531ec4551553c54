import type { Split } from '../../../plan/chunks.ts'
import { conjunction, conjuncts, negationsAtLeaves } from '../../../plan/conjuncts.ts'
import type { Dialect } from '../../../plan/dialect.ts'
import type { Facts } from '../../../plan/facts.ts'
import { takesFirst } from '../../../plan/merge.ts'
import { push, type Pushed } from '../../../plan/push.ts'
import type { FilterNode } from '../../../query/filter-node.ts'
import type { NativeFilter } from '../dialect.ts'

/** Queries side by side for the branches of one `or`. */
const mostBranches = 16

export interface BranchRules {
  readonly dialect: Dialect<NativeFilter>
  readonly facts: Facts
  /** Whether Firestore answers a query whole. */
  readonly isSound: (native: NativeFilter) => boolean
}

/**
 * An `or` whose branches do not fit in one query, such as ranges of different fields, as a query for each branch.
 * Undefined where a branch cannot be asked for by itself.
 */
export function pushBranches(filter: FilterNode, rules: BranchRules): Split<NativeFilter> | undefined {
  const nodes = conjuncts(negationsAtLeaves(filter))
  for (const node of nodes) {
    if (node.kind !== 'or' || node.nodes.length > mostBranches) continue
    const rest = nodes.filter((other) => other !== node)
    const queries = node.nodes.map((branch) => push(conjunction([...rest, branch]), rules.dialect, rules.facts))
    if (queries.some(({ native }) => native === undefined || !rules.isSound(native))) continue
    return splitOf({ filter, nodes, node, rest, queries })
  }
  return undefined
}

interface Branches {
  readonly filter: FilterNode
  readonly nodes: readonly FilterNode[]
  readonly node: Extract<FilterNode, { readonly kind: 'or' }>
  readonly rest: readonly FilterNode[]
  readonly queries: readonly Pushed<NativeFilter>[]
}

function splitOf({ filter, nodes, node, rest, queries }: Branches): Split<NativeFilter> {
  const left = new Set(queries.flatMap(({ residual }) => residual))
  const isExact = [...left].every((each) => rest.includes(each))
  return {
    queries,
    residual: nodes.filter((other) => (other === node ? !isExact : left.has(other))),
    // A document that two branches find is taken from the first: its fields are needed for that.
    tested: filter,
    takes: takesFirst(node.nodes),
  }
}
