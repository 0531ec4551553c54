/** What the parts of an expression may begin with. */

import { anything, type CharSet, nothing, overlap, union } from './char-set.ts'
import type { RegexNode } from './syntax.ts'

/** What a node, and where it can be empty what follows it, may begin with. */
export function lead(node: RegexNode, follow: CharSet): CharSet {
  return nullable(node) ? union(first(node), follow) : first(node)
}

/** The code points that a match may begin with, unless it is empty. */
export function first(node: RegexNode): CharSet {
  switch (node.kind) {
    case 'set':
      return node.set
    case 'sequence': {
      const firsts: CharSet[] = []
      for (const item of node.items) {
        firsts.push(first(item))
        if (!nullable(item)) break
      }
      return union(...firsts)
    }
    case 'choice':
      return union(...node.branches.map(first))
    case 'repeat':
    case 'group':
    case 'atomic':
      return first(node.body)
    case 'backreference':
      return anything
    case 'assertion':
    case 'look':
    default:
      return nothing
  }
}

/** Whether it can match without taking anything. */
export function nullable(node: RegexNode): boolean {
  switch (node.kind) {
    case 'set':
      return false
    case 'sequence':
      return node.items.every(nullable)
    case 'choice':
      return node.branches.some(nullable)
    case 'repeat':
      return node.min === 0 || nullable(node.body)
    case 'group':
    case 'atomic':
      return nullable(node.body)
    case 'assertion':
    case 'backreference':
    case 'look':
    default:
      return true
  }
}

/** Whether one code point does not determine the branch to take. */
export function beginAlike(branches: readonly RegexNode[], follow: CharSet): boolean {
  let known = nothing
  for (const branch of branches) {
    const begins = lead(branch, follow)
    if (overlap(begins, known)) return true
    known = union(known, begins)
  }
  return false
}
