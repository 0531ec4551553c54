import type { FilterNode } from '../filter-node.ts'
import type { SortKey } from '../sort.ts'

/** The predicates of a filter as paths and operators, without their values. */
export function describeFilter(node: FilterNode): readonly string[] {
  switch (node.kind) {
    case 'and':
      return node.nodes.flatMap(describeFilter)
    case 'or':
    case 'nor':
      return [`${node.kind}(${node.nodes.flatMap(describeFilter).join(', ')})`]
    case 'not':
      return [`not(${describeFilter(node.node).join(', ')})`]
    case 'field':
      return [`${node.path} ${node.test.kind === 'compare' ? node.test.operator : node.test.kind}`]
    case 'expression':
    case 'constant':
    default:
      return [node.kind]
  }
}

type Keys = readonly (readonly [path: string, direction: 1 | -1])[]

/**
 * The index that would serve a filter and a sort best: equal paths, then the sort, then a range
 * (https://www.mongodb.com/docs/manual/tutorial/equality-sort-range-guideline/). One per branch of a disjunction.
 */
export function suggestIndexes(filter: FilterNode, sort: readonly SortKey[] = []): readonly Keys[] {
  const nodes = filter.kind === 'and' ? filter.nodes : [filter]
  const keys = new Map<string, 1 | -1>()
  for (const path of pathsOf(nodes, ['eq', 'in'])) keys.set(path, 1)
  for (const { path, direction } of sort) if (path !== '_id' && !keys.has(path)) keys.set(path, direction)
  for (const path of pathsOf(nodes, ['gt', 'gte', 'lt', 'lte']).slice(0, 1)) if (!keys.has(path)) keys.set(path, 1)
  if (keys.size > 0) return [[...keys]]
  return nodes.flatMap((node) => (node.kind === 'or' ? node.nodes.flatMap((branch) => suggestIndexes(branch)) : []))
}

function pathsOf(nodes: readonly FilterNode[], operators: readonly string[]): readonly string[] {
  return nodes.flatMap((node) => {
    if (node.kind !== 'field') return []
    return operators.includes(node.test.kind === 'compare' ? node.test.operator : node.test.kind) ? [node.path] : []
  })
}
