/** What it takes to try an expression at one place of a text. */

import { anything, type CharSet, nothing, overlap, union } from './char-set.ts'
import { beginAlike, first, lead, nullable } from './lead.ts'
import { alphabet } from './runs.ts'
import { manyRounds } from './safety.ts'
import type { RegexNode } from './syntax.ts'

/** In how many ways a part may match at one place, and the steps of all of them. */
export interface Effort {
  readonly ways: number
  readonly steps: number
}

/** What is known of a text: its length and, in the order of the loops, what each of them meets in it. */
export interface Extents {
  readonly length: number
  readonly loops: readonly LoopExtent[]
}

export interface LoopExtent {
  /** The longest piece that is made of the loop's alphabet. */
  readonly run: number
  /** How often there is something that may follow the loop. */
  readonly exits: number
}

/** A loop of many rounds. */
export interface Loop {
  readonly alphabet: CharSet
  /** What may follow where a round could go on as well; undefined where there is no choice. */
  readonly exits: CharSet | undefined
}

/** The effort in a text. Ways that one code point of lookahead rules out do not count. */
export type EffortIn = (extents: Extents) => Effort

/** An expression, prepared. */
export interface PreparedEffort {
  readonly effort: EffortIn
  readonly loops: readonly Loop[]
  /** Something can match in several ways, so that steps are taken back. */
  readonly branching: boolean
}

const ONE_STEP: EffortIn = () => ({ ways: 1, steps: 1 })
export const NO_TEXT: Extents = { length: 0, loops: [] }

export function prepareEffort(node: RegexNode): PreparedEffort {
  const loops: Loop[] = []
  let branching = false
  let backreferences = 0

  /** What depends on no text is computed once. */
  const prepare = (part: RegexNode, follow: CharSet): EffortIn => {
    const [before, references] = [loops.length, backreferences]
    const effort = prepareAny(part, follow)
    if (loops.length > before || backreferences > references) return effort
    const fixed = effort(NO_TEXT)
    return () => fixed
  }

  const prepareAny = (part: RegexNode, follow: CharSet): EffortIn => {
    switch (part.kind) {
      case 'repeat':
        return part.max > manyRounds ? loop(part, follow) : rounds(part, follow)
      case 'sequence':
        return inARow(part.items, follow)
      case 'choice':
        return choice(part.branches, follow)
      case 'group':
        return prepare(part.body, follow)
      case 'look':
      case 'atomic': {
        const body = prepare(part.body, anything)
        return (extents) => ({ ways: 1, steps: body(extents).steps })
      }
      case 'backreference':
        backreferences++
        return ({ length }) => ({ ways: 1, steps: length })
      case 'set':
      case 'assertion':
      default:
        return ONE_STEP
    }
  }

  /** A loop without an end, or nearly: it stops where its alphabet does, or earlier where the rest could go on. */
  const loop = (part: Extract<RegexNode, { kind: 'repeat' }>, follow: CharSet): EffortIn => {
    const body = prepare(part.body, union(first(part.body), follow))
    const open = nullable(part.body) || overlap(first(part.body), follow)
    const exits = nullable(part.body) ? anything : open ? follow : undefined
    const index = loops.push({ alphabet: alphabet(part.body), exits }) - 1
    return (extents) => {
      const round = body(extents)
      const { run = 0, exits: places = 0 } = extents.loops[index] ?? {}
      const most = Math.min(part.max, run)
      const ways = round.ways ** Math.min(most, manyRounds)
      const stops = open ? Math.min(Math.max(0, most - part.min), places) + 1 : 1
      return { ways: ways * stops, steps: 1 + ways * most * round.steps }
    }
  }

  const rounds = (part: Extract<RegexNode, { kind: 'repeat' }>, follow: CharSet): EffortIn => {
    const body = prepare(part.body, union(first(part.body), follow))
    const open = nullable(part.body) || overlap(first(part.body), follow)
    branching ||= open && part.max > part.min
    return (extents) => {
      const round = body(extents)
      const ways = round.ways ** part.max
      return { ways: ways * (open ? part.max - part.min + 1 : 1), steps: 1 + ways * part.max * round.steps }
    }
  }

  const choice = (branches: readonly RegexNode[], follow: CharSet): EffortIn => {
    const each = branches.map((branch) => prepare(branch, follow))
    const alike = beginAlike(branches, follow)
    branching ||= alike
    return (extents) => {
      const efforts = each.map((effort) => effort(extents))
      const steps = efforts.reduce((sum, effort) => sum + effort.steps, 0)
      const ways = efforts.map((effort) => effort.ways)
      return { ways: alike ? ways.reduce((sum, count) => sum + count, 0) : Math.max(...ways), steps }
    }
  }

  const inARow = (items: readonly RegexNode[], follow: CharSet): EffortIn => {
    const efforts: EffortIn[] = []
    let after = follow
    for (const item of items.toReversed()) {
      efforts.push(prepare(item, after))
      after = lead(item, after)
    }
    efforts.reverse()
    return (extents) => {
      let ways = 1
      let steps = 1
      for (const effort of efforts) {
        const item = effort(extents)
        steps += ways * item.steps
        ways *= item.ways
      }
      return { ways, steps }
    }
  }

  return { effort: prepare(node, nothing), loops, branching }
}
