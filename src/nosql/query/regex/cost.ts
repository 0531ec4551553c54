/** How long a backtracking matcher may take. */

import { anything, type CharSet, nothing, overlap, union } from './char-set.ts'
import { beginAlike, first, lead, nullable } from './lead.ts'
import { manyRounds } from './safety.ts'
import { type RegexNode, textStart } from './syntax.ts'

/** What the worst case of a search costs: `factor` times the text's length to the power of `exponent` steps. */
export interface Cost {
  readonly exponent: number
  readonly factor: number
}

export function costOf(node: RegexNode): Cost {
  return { exponent: costExponent(node), factor: ways(node, nothing) }
}

/**
 * One for each loop that may have to give back what it took, and one for the places to begin at. A loop at the very end
 * gives nothing back. Zero without loops.
 */
function costExponent(node: RegexNode): number {
  const items = node.kind === 'sequence' ? node.items : [node]
  const last = items.at(-1)
  const retried = last?.kind === 'repeat' ? [...items.slice(0, -1), last.body] : items
  const loops = retried.reduce((sum, item) => sum + loopsIn(item), 0)
  const anchored = items[0]?.kind === 'assertion' && items[0].source === textStart
  return loops === 0 ? 0 : loops + (anchored ? 0 : 1)
}

function loopsIn(node: RegexNode): number {
  switch (node.kind) {
    case 'repeat':
      return (node.max > manyRounds ? 1 : 0) + loopsIn(node.body)
    case 'sequence':
      return node.items.reduce((sum, item) => sum + loopsIn(item), 0)
    case 'choice':
      return Math.max(0, ...node.branches.map(loopsIn))
    case 'group':
    case 'look':
    case 'atomic':
      return loopsIn(node.body)
    case 'set':
    case 'assertion':
    case 'backreference':
    default:
      return 0
  }
}

/**
 * In how many ways a part may match from one place, as far as one code point of lookahead does not decide; of a loop of
 * many rounds, whose places to stop the exponent counts, the ways of a round.
 */
function ways(node: RegexNode, follow: CharSet): number {
  switch (node.kind) {
    case 'repeat': {
      const round = ways(node.body, union(first(node.body), follow))
      if (node.max > manyRounds) return round ** manyRounds
      const open = nullable(node.body) || overlap(first(node.body), follow)
      return round ** node.max * (open ? node.max - node.min + 1 : 1)
    }
    case 'sequence': {
      let [product, after] = [1, follow]
      for (const item of node.items.toReversed()) {
        product *= ways(item, after)
        after = lead(item, after)
      }
      return product
    }
    case 'choice': {
      const each = node.branches.map((branch) => ways(branch, follow))
      return beginAlike(node.branches, follow) ? each.reduce((sum, one) => sum + one, 0) : Math.max(1, ...each)
    }
    case 'group':
      return ways(node.body, follow)
    case 'look':
    case 'atomic':
      return ways(node.body, anything)
    case 'set':
    case 'assertion':
    case 'backreference':
    default:
      return 1
  }
}
