/** Which array element a filter matched: what the positional `$` of updates and projections stands for. */

import type { FieldNode, FilterNode } from '../filter-node.ts'
import type { Meter } from '../meter.ts'
import { someAtPath } from '../path.ts'
import { type Document, isArray, type Value } from '../value.ts'
import { compileFieldTest, compileFilter } from './compile-filter.ts'

type Positions = (document: Document, record: (index: number) => void) => boolean

/**
 * Compiles a filter to a function that returns the index, in the outermost array on the path, of the element that made
 * the document match; undefined when no array did, or the document does not match. Of several conditions the last one
 * counts, in the order in which MongoDB tests them: `$elemMatch`, equality, `$lte $lt $gt $gte`, then the rest.
 *
 * @see https://www.mongodb.com/docs/manual/reference/operator/update/positional/
 */
export function compileMatchPosition(filter: FilterNode, meter?: Meter): (document: Document) => number | undefined {
  let positions: Positions | undefined
  return (document) => {
    positions ??= compile(filter, meter)
    let position: number | undefined
    const matches = positions(document, (index) => {
      position = index
    })
    return matches ? position : undefined
  }
}

function compile(node: FilterNode, meter: Meter | undefined): Positions {
  switch (node.kind) {
    case 'and': {
      const nodes = inTestOrder(node.nodes).map((inner) => compile(inner, meter))
      return (document, record) => nodes.every((positions) => positions(document, record))
    }
    case 'or': {
      // Equalities on one path are one `$in`; the branches of any other `$or` record nothing.
      if (!isOneIn(node.nodes)) return compileFilter(node, meter)
      const nodes = node.nodes.map((inner) => compile(inner, meter))
      return (document, record) => nodes.some((positions) => positions(document, record))
    }
    case 'field':
      return compileField(node, meter)
    case 'nor':
    case 'not':
    case 'expression':
    case 'constant':
    default:
      return compileFilter(node, meter)
  }
}

const testOrder: readonly string[] = [
  'elemMatchObject',
  'elemMatchValue',
  'size',
  'eq',
  'lte',
  'lt',
  'gt',
  'gte',
  'regex',
  'mod',
  'exists',
  'in',
  'bits',
]

function inTestOrder(nodes: readonly FilterNode[]): FilterNode[] {
  const flat = nodes.flatMap((node) => (node.kind === 'and' ? inTestOrder(node.nodes) : [node]))
  return flat.sort((a, b) => rank(a) - rank(b) || (pathOf(a) < pathOf(b) ? -1 : Number(pathOf(a) > pathOf(b))))
}

function rank(node: FilterNode): number {
  if (node.kind !== 'field') return -1
  const at = testOrder.indexOf(node.test.kind === 'compare' ? node.test.operator : node.test.kind)
  return at < 0 ? testOrder.length : at
}

function pathOf(node: FilterNode): string {
  return node.kind === 'field' ? node.path : ''
}

function isOneIn(nodes: readonly FilterNode[]): boolean {
  return nodes.every(
    (node) =>
      node.kind === 'field' &&
      node.path === pathOf(nodes[0] as FilterNode) && // `every` calls this for one that is there
      (node.test.kind === 'in' || (node.test.kind === 'compare' && node.test.operator === 'eq')),
  )
}

function compileField(node: FieldNode, meter: Meter | undefined): Positions {
  const { parts, test } = node
  if (test.kind === 'size') return compileFilter(node, meter)
  const holds = compileFieldTest(test, meter)
  if (test.kind === 'elemMatchObject' || test.kind === 'elemMatchValue') {
    return (document, record) => {
      const inArray = (value: Value | undefined, outer: number | undefined): boolean => {
        if (isArray(value)) meter?.work(value.length)
        const index = isArray(value) ? value.findIndex((element) => holds([element])) : -1
        if (index >= 0) record(outer ?? index)
        return index >= 0
      }
      return someAtPath(document, parts, inArray, 'keep')
    }
  }
  return (document, record) => {
    const atEnd = (value: Value | undefined, outer: number | undefined): boolean => {
      const found = holds(value)
      if (found && outer !== undefined) record(outer)
      return found
    }
    return someAtPath(document, parts, atEnd, 'traverse')
  }
}
