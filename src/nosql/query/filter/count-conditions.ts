import type { FilterNode } from '../filter-node.ts'

/** How many single questions a filter asks of a document. */
export function countConditions(node: FilterNode): number {
  switch (node.kind) {
    case 'and':
    case 'or':
    case 'nor':
      return node.nodes.reduce((sum, inner) => sum + countConditions(inner), 0)
    case 'not':
      return countConditions(node.node)
    case 'field':
    case 'expression':
    case 'constant':
    default:
      return 1
  }
}
