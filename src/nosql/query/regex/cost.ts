/** How long a backtracking matcher may take. */

import { anything, type CharSet, nothing, overlap, union } from './char-set.ts'
import { beginAlike, first, lead, nullable } from './lead.ts'
import { manyRounds } from './safety.ts'
import { type RegexNode, textStart } from './syntax.ts'

/** What the worst case of a search costs: `steps` at each place, of which a text has its length to the power of `exponent`. */
export interface Cost {
  readonly exponent: number
  readonly steps: number
  /** Whether the same place can be left in several ways, so that steps are taken back. */
  readonly branching: boolean
}

export function costOf(node: RegexNode): Cost {
  const { steps, ways } = effort(node, nothing)
  const anchored = node.kind === 'sequence' && isTextStart(node.items[0])
  return { exponent: loopsToRetry(node) + (anchored ? 0 : 1), steps, branching: ways > 1 }
}

/** The loops that may have to give back what they took. One at the very end gives nothing back. */
function loopsToRetry(node: RegexNode): number {
  switch (node.kind) {
    case 'sequence': {
      const last = node.items.at(-1)
      return node.items
        .slice(0, -1)
        .reduce((sum, item) => sum + loopsIn(item), last === undefined ? 0 : loopsToRetry(last))
    }
    case 'choice':
      return Math.max(...node.branches.map(loopsToRetry))
    case 'group':
      return loopsToRetry(node.body)
    case 'repeat':
      return loopsIn(node.body)
    case 'look':
    case 'atomic':
    case 'set':
    case 'assertion':
    case 'backreference':
    default:
      return loopsIn(node)
  }
}

function isTextStart(node: RegexNode | undefined): boolean {
  return node?.kind === 'assertion' && node.source === textStart
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

/** What it takes to try a part at one place: in how many ways it may match there, and the steps of all of them. */
interface Effort {
  readonly ways: number
  readonly steps: number
}

/**
 * Ways that one code point of lookahead rules out do not count. Of a loop of many rounds, whose places to stop the
 * exponent counts, those of its rounds do.
 */
function effort(node: RegexNode, follow: CharSet): Effort {
  switch (node.kind) {
    case 'repeat': {
      const round = effort(node.body, union(first(node.body), follow))
      const max = Math.min(node.max, manyRounds)
      const open = node.max <= manyRounds && (nullable(node.body) || overlap(first(node.body), follow))
      const ways = round.ways ** max
      return { ways: ways * (open ? max - node.min + 1 : 1), steps: ways * max * round.steps }
    }
    case 'sequence':
      return inARow(node.items, follow)
    case 'choice': {
      const each = node.branches.map((branch) => effort(branch, follow))
      const sum = (of: keyof Effort): number => each.reduce((total, one) => total + one[of], 0)
      const ways = beginAlike(node.branches, follow) ? sum('ways') : Math.max(...each.map((one) => one.ways))
      return { ways, steps: sum('steps') }
    }
    case 'group':
      return effort(node.body, follow)
    case 'look':
    case 'atomic':
      return { ways: 1, steps: effort(node.body, anything).steps }
    case 'set':
    case 'assertion':
    case 'backreference':
    default:
      return { ways: 1, steps: 1 }
  }
}

function inARow(items: readonly RegexNode[], follow: CharSet): Effort {
  const efforts: Effort[] = []
  let after = follow
  for (const item of items.toReversed()) {
    efforts.push(effort(item, after))
    after = lead(item, after)
  }
  return efforts.reduceRight(
    (before, item) => ({ ways: before.ways * item.ways, steps: before.steps + before.ways * item.steps }),
    { ways: 1, steps: 1 },
  )
}
