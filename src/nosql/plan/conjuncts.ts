import type { FilterNode } from '../query/filter-node.ts'

/**
 * The predicates that must all hold: nested `and`s are one list, an `or` of one branch is that branch, and what always
 * holds is left out.
 */
export function conjuncts(filter: FilterNode): readonly FilterNode[] {
  if (filter.kind === 'and' || (filter.kind === 'or' && filter.nodes.length === 1)) {
    return filter.nodes.flatMap(conjuncts)
  }
  return isAlways(filter) ? [] : [filter]
}

/** One filter of several predicates that must all hold. */
export function conjunction(nodes: readonly FilterNode[]): FilterNode {
  const [only, ...others] = nodes
  return only !== undefined && others.length === 0 ? only : { kind: 'and', nodes }
}

/** True for a predicate that no document satisfies, whatever the documents are: `{ $in: [] }` is parsed as such. */
export function isNever(node: FilterNode): boolean {
  switch (node.kind) {
    case 'constant':
      return !node.value
    case 'and':
      return node.nodes.some(isNever)
    case 'or':
      return node.nodes.every(isNever)
    case 'nor':
      return node.nodes.some(isAlways)
    case 'not':
      return isAlways(node.node)
    case 'field':
    case 'expression':
    default:
      return false
  }
}

/** True for a predicate that every document satisfies: `{}`, `{ $nin: [] }`. */
function isAlways(node: FilterNode): boolean {
  switch (node.kind) {
    case 'constant':
      return node.value
    case 'and':
      return node.nodes.every(isAlways)
    case 'or':
      return node.nodes.some(isAlways)
    case 'nor':
      return node.nodes.every(isNever)
    case 'not':
      return isNever(node.node)
    case 'field':
    case 'expression':
    default:
      return false
  }
}

/**
 * The filter with its negations at the leaves: `not` over `and` and `or` is `or` and `and` over `not` (De Morgan), so
 * that every part of it can be planned on its own. What is in that form already comes back as it is.
 */
export function negationsAtLeaves(filter: FilterNode): FilterNode {
  switch (filter.kind) {
    case 'and':
    case 'or': {
      const nodes = filter.nodes.map(negationsAtLeaves)
      return nodes.every((node, at) => node === filter.nodes[at]) ? filter : { kind: filter.kind, nodes }
    }
    case 'nor':
      return { kind: 'and', nodes: filter.nodes.map(opposite) }
    case 'not':
      return filter.node.kind === 'field' || filter.node.kind === 'expression' ? filter : opposite(filter.node)
    case 'field':
    case 'constant':
    case 'expression':
    default:
      return filter
  }
}

function opposite(filter: FilterNode): FilterNode {
  switch (filter.kind) {
    case 'and':
      return { kind: 'or', nodes: filter.nodes.map(opposite) }
    case 'or':
      return { kind: 'and', nodes: filter.nodes.map(opposite) }
    case 'nor':
      return negationsAtLeaves({ kind: 'or', nodes: filter.nodes })
    case 'not':
      return negationsAtLeaves(filter.node)
    case 'constant':
      return { kind: 'constant', value: !filter.value }
    case 'field':
    case 'expression':
    default:
      return { kind: 'not', node: filter }
  }
}
