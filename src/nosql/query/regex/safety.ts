/** Whether a backtracking matcher can be trusted with an expression. */

import { anything, type CharSet, nothing, overlap, union } from './char-set.ts'
import { type RegexNode, textStart } from './syntax.ts'

/** A repetition of more than this many rounds, of something that may match in more than one way, counts as unbounded. */
const manyRounds = 16

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

/**
 * The worst case of a search takes a text's length to this power steps: one for each loop that may have to give back what
 * it took, and one for the places to begin at. A loop at the very end gives nothing back. Zero without loops.
 */
export function costExponent(node: RegexNode): number {
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
      for (const [index, branch] of node.branches.entries()) {
        const rest = union(...node.branches.slice(index + 1).map((other) => lead(other, follow)))
        if (overlap(lead(branch, follow), rest)) return 'alternatives in a loop that begin alike'
      }
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

/** What a node, and where it can be empty what follows it, may begin with. */
function lead(node: RegexNode, follow: CharSet): CharSet {
  return nullable(node) ? union(first(node), follow) : first(node)
}

function first(node: RegexNode): CharSet {
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

function nullable(node: RegexNode): boolean {
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
