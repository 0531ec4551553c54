/** Whether a backtracking matcher can be trusted with an expression. */

import { anything, type CharSet, overlap, union } from './char-set.ts'
import { beginAlike, first, lead, nullable } from './lead.ts'
import type { RegexNode } from './syntax.ts'

/** A repetition of more than this many rounds, of something that may match in more than one way, counts as unbounded. */
export const manyRounds = 16

/**
 * Why an expression may take exponential time, or undefined when it cannot. A loop is safe when it holds no further
 * loop and each of its rounds can match in one way only, which one code point of lookahead decides.
 *
 * @see https://owasp.org/www-community/attacks/Regular_expression_Denial_of_Service_-_ReDoS
 */
export function exponentialRisk(node: RegexNode, inLoop = false): string | undefined {
  switch (node.kind) {
    case 'repeat': {
      const loop = node.max > manyRounds && node.max > node.min
      if (loop && inLoop) return 'nested unbounded quantifiers'
      if (node.max > 1 && node.max * rounds(node.body) > manyRounds) {
        const risk = ambiguity(node.body, nullable(node.body) ? anything : first(node.body))
        if (risk !== undefined) return risk
      }
      return exponentialRisk(node.body, inLoop || loop)
    }
    case 'sequence':
      return firstRisk(node.items, inLoop)
    case 'choice':
      return firstRisk(node.branches, inLoop)
    case 'group':
    case 'look':
    case 'atomic':
      return exponentialRisk(node.body, inLoop)
    case 'set':
    case 'assertion':
    case 'backreference':
    default:
      return undefined
  }
}

/** In how many rounds the innermost part of a node may be matched; a choice counts as two. */
function rounds(node: RegexNode): number {
  switch (node.kind) {
    case 'repeat':
      return node.max * rounds(node.body)
    case 'sequence':
      return Math.max(1, ...node.items.map(rounds))
    case 'choice':
      return 2 * Math.max(1, ...node.branches.map(rounds))
    case 'group':
    case 'look':
    case 'atomic':
      return rounds(node.body)
    case 'set':
    case 'assertion':
    case 'backreference':
    default:
      return 1
  }
}

function firstRisk(nodes: readonly RegexNode[], inLoop: boolean): string | undefined {
  for (const node of nodes) {
    const risk = exponentialRisk(node, inLoop)
    if (risk !== undefined) return risk
  }
  return undefined
}

/** Whether a loop's body can match the same text in two ways, given what may follow it. */
function ambiguity(node: RegexNode, follow: CharSet): string | undefined {
  switch (node.kind) {
    case 'choice':
      if (beginAlike(node.branches, follow)) return 'alternatives in a loop that begin alike'
      return node.branches.map((branch) => ambiguity(branch, follow)).find((risk) => risk !== undefined)
    case 'sequence': {
      let after = follow
      for (const item of node.items.toReversed()) {
        const risk = ambiguity(item, after)
        if (risk !== undefined) return risk
        after = lead(item, after)
      }
      return undefined
    }
    case 'repeat':
      if (node.max > node.min && overlap(first(node.body), follow))
        return 'a loop whose rounds can be cut in several ways'
      return ambiguity(node.body, union(first(node.body), follow))
    case 'group':
      return ambiguity(node.body, follow)
    case 'backreference':
      return 'a back reference in a loop'
    case 'set':
    case 'assertion':
    case 'look':
    case 'atomic':
    default:
      return undefined
  }
}
