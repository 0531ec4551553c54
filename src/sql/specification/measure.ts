import { UsageError } from '../../core/errors.ts'
import type { SpecificationNode } from '../../core/specification/specification.ts'

/** Sizes and depths of the parts of a specification. */
export interface Measures {
  /** How many levels of "and", "or" and "not" there are from a part on; 0 for a comparison. */
  depthOf(node: SpecificationNode): number
  largestOf(nodes: readonly SpecificationNode[]): SpecificationNode
}

interface Measure {
  readonly size: number
  readonly depth: number
}

const mostParts = 20_000

const comparisons: ReadonlySet<string> = new Set<SpecificationNode['kind']>([
  'eq',
  'ne',
  'gt',
  'gte',
  'lt',
  'lte',
  'in',
  'contains',
  'startsWith',
  'exists',
])

/** Measures each part once, from the leaves up and without recursion. @throws UsageError when there are too many */
export function measure(root: SpecificationNode): Measures {
  const known = new Map<SpecificationNode, Measure>()
  const waiting = [root]
  for (let node = waiting.at(-1); node !== undefined; node = waiting.at(-1)) {
    const operands = known.has(node) ? [] : operandsOf(node)
    const unknown = operands.filter((operand) => !known.has(operand))
    waiting.push(...unknown)
    if (unknown.length > 0) continue
    waiting.pop()
    if (!known.has(node)) known.set(node, sum(operands.map((operand) => known.get(operand) ?? leaf)))
  }
  const of = (node: SpecificationNode): Measure => known.get(node) ?? leaf
  if (of(root).size > mostParts) {
    throw new UsageError(`a specification of more than ${mostParts} parts cannot become SQL`, {
      hint: 'Use fieldIn in place of many alternatives.',
    })
  }
  return {
    depthOf: (node) => of(node).depth,
    largestOf: (nodes) => nodes.reduce((largest, node) => (of(node).size > of(largest).size ? node : largest)),
  }
}

const leaf: Measure = { size: 1, depth: 0 }

function sum(operands: readonly Measure[]): Measure {
  if (operands.length === 0) return leaf
  const size = operands.reduce((total, operand) => total + operand.size, 1)
  return { size, depth: operands.reduce((deepest, { depth }) => Math.max(deepest, depth), 0) + 1 }
}

/** Also of an empty list, which is a leaf then. @throws UsageError for what is not a node */
function operandsOf(node: SpecificationNode): readonly SpecificationNode[] {
  const { kind } = Object(node) as Partial<SpecificationNode>
  if (kind !== undefined && comparisons.has(kind)) return []
  if (kind === 'not' && 'operand' in node) return [node.operand]
  if ((kind === 'and' || kind === 'or') && 'operands' in node && Array.isArray(node.operands)) return node.operands
  throw new UsageError('each part of a specification must be a specification', {
    hint: 'Build specifications with fieldEq and its siblings, and, or and not.',
  })
}
