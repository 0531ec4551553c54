/** How long a backtracking matcher may take to search a text. */

import { anything, type CharSet } from './char-set.ts'
import { NO_TEXT, prepareEffort, type Loop, type LoopExtent } from './effort.ts'
import { first, nullable } from './lead.ts'
import { countMembers, longestRun, membership, occurrences, type Membership } from './runs.ts'
import { type RegexNode, textStart } from './syntax.ts'

export interface Cost {
  /** At one place of any text, loops of many rounds left out. */
  readonly atOnePlace: number
  /** Steps of a {@link Meter} that a search of the text may take, never far below the worst. */
  readonly inText: (text: string) => number
}

/** Below this, finding out more about a text costs more than it may save. */
const CHEAP = 50_000

/** How many steps of a matcher are one of the meter: comparing is quicker than looping, and looping than going back. */
const PLAIN = 32
const LOOPING = 6
const BRANCHING = 1

export function costOf(node: RegexNode): Cost {
  const { effort, loops, branching } = prepareEffort(node)
  const atOnePlace = effort(NO_TEXT).steps
  const isAnchored = node.kind === 'sequence' && isTextStart(node.items[0])
  const starts = lazily(() => (isAnchored ? [] : startsOf(node)))
  const meets = lazily(() => loops.map(extentOf))
  const steps = branching ? BRANCHING : loops.length > 0 ? LOOPING : PLAIN
  const search = (text: string): number => {
    const { length } = text
    const most = { run: length, exits: length }
    const crude = (isAnchored ? 1 : length + 1) * effort({ length, loops: loops.map(() => most) }).steps
    if (crude <= CHEAP) return crude
    const found = meets().map((meet) => meet(text))
    const places = isAnchored ? 1 : starts().length === 0 ? length + 1 : occurrences(text, starts())
    return length * (1 + 2 * loops.length) + places * effort({ length, loops: found }).steps
  }
  if (loops.length === 0 && !branching) return { atOnePlace, inText: ({ length }) => (length * atOnePlace) / steps }
  return { atOnePlace, inText: (text) => text.length / PLAIN + search(text) / steps }
}

/** Finds out what a loop meets in a text. */
function extentOf({ alphabet, exits }: Loop): (text: string) => LoopExtent {
  const inside = alphabet === anything ? undefined : membership(alphabet)
  const outside = exits === undefined || exits === anything ? undefined : membership(exits)
  return (text) => ({
    run: inside === undefined ? text.length : longestRun(text, inside),
    exits: outside === undefined ? text.length : countMembers(text, outside),
  })
}

/** Most texts are too short for what is made here. */
function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => (made ??= { value: make() }).value
}

function isTextStart(node: RegexNode | undefined): boolean {
  return node?.kind === 'assertion' && node.source === textStart
}

const MOST_STARTS = 4

/** The sets that every match begins with, one after the other; none where a match may begin with anything. */
function startsOf(node: RegexNode): readonly Membership[] {
  const sets: CharSet[] = []
  const visit = (part: RegexNode): boolean => {
    if (sets.length === MOST_STARTS) return false
    if (part.kind === 'sequence') return part.items.every(visit)
    if (part.kind === 'group') return visit(part.body)
    if (part.kind === 'set') return sets.push(part.set) > 0
    if (part.kind === 'assertion') return true
    if (!nullable(part)) sets.push(first(part))
    return false
  }
  visit(node)
  return sets.some((set) => set !== anything) ? sets.map(membership) : []
}
