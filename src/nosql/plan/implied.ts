/** What follows for a document from the conjuncts that it satisfies. */

import { equalValues } from '../query/compare.ts'
import type { FilterNode } from '../query/filter-node.ts'
import { boundsOf } from './bounds.ts'
import type { Facts } from './facts.ts'
import { covers } from './intervals.ts'

/** The same facts, and that documents that satisfy the conjuncts have the paths these ask for. */
export function withImplied(facts: Facts, nodes: readonly FilterNode[]): Facts {
  return (path) => {
    const known = facts(path)
    return known.present || !nodes.some((node) => needsPath(node, path, facts)) ? known : { ...known, present: true }
  }
}

/** Whether no document without the path satisfies the conjunct. */
export function needsPath(node: FilterNode, path: string, facts: Facts): boolean {
  if (facts(path).present) return true
  if (node.kind !== 'field' || node.path !== path) return false
  if (node.test.kind === 'exists') return true
  const bounds = boundsOf(node, facts)
  return bounds !== undefined && !bounds.missing
}

/** Whether a condition of a partial index follows from one of the conjuncts. */
export function isImplied(wanted: FilterNode, nodes: readonly FilterNode[], facts: Facts): boolean {
  if (wanted.kind === 'field' && wanted.test.kind === 'exists') {
    return nodes.some((node) => needsPath(node, wanted.path, facts))
  }
  const allowed = boundsOf(wanted, facts)
  return nodes.some((node) => {
    if (isSame(node, wanted)) return true
    const found = allowed?.exact === true ? boundsOf(node, facts) : undefined
    if (allowed === undefined || found === undefined || found.path !== allowed.path) return false
    return found.intervals.every((inner) => allowed.intervals.some((outer) => covers(outer, inner)))
  })
}

/** The same comparison of the same path, also where an index cannot look it up: `{ deletedAt: null }`. */
function isSame(a: FilterNode, b: FilterNode): boolean {
  if (a.kind === 'not' && b.kind === 'not') return isSame(a.node, b.node)
  if (a.kind !== 'field' || b.kind !== 'field' || a.path !== b.path) return false
  if (a.test.kind === 'exists' || b.test.kind === 'exists') return a.test.kind === b.test.kind
  if (a.test.kind !== 'compare' || b.test.kind !== 'compare') return false
  return a.test.operator === b.test.operator && equalValues(a.test.value, b.test.value)
}
