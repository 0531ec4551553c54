/** Which group of the pattern is which of the compiled expression, and what is known of it. */

import { nullable } from './lead.ts'
import type { RegexNode } from './syntax.ts'

export interface Groups {
  /** For each capturing group of the pattern, its number in the compiled expression, which has more of them. */
  readonly numbers: readonly number[]
  /**
   * Whether a loop may pass a group by in its last round, or that round may take nothing: JavaScript forgets the group
   * then, and PCRE does not.
   */
  readonly forgets: boolean
}

interface Surroundings {
  /** Groups that have matched by now, by number and by name. */
  readonly set: Set<string>
  readonly inLoop: boolean
  /** The node may be passed by in a round of the loop. */
  readonly optional: boolean
}

/**
 * @throws what `fail` makes of a reference to a group that may not have matched: it is empty in JavaScript, and fails in
 * PCRE.
 */
export function groupsOf(node: RegexNode, fail: (problem: string) => Error): Groups {
  const numbers: number[] = []
  let opened = 0
  let forgets = false

  const visit = (part: RegexNode, around: Surroundings): void => {
    const maybe = (inner: RegexNode): void => visit(inner, { ...around, set: new Set(around.set), optional: true })
    switch (part.kind) {
      case 'sequence':
        for (const item of part.items) visit(item, around)
        return
      case 'choice':
        part.branches.forEach(maybe)
        return
      case 'repeat': {
        const undone = part.max > Math.max(part.min, 1) && nullable(part.body)
        const inner = part.max > 1 ? { ...around, inLoop: true, optional: undone } : around
        if (part.min > 0) return visit(part.body, inner)
        if (part.max > 1) return visit(part.body, { ...inner, set: new Set(around.set) })
        return maybe(part.body)
      }
      case 'look':
        return part.open.endsWith('!') ? maybe(part.body) : visit(part.body, around)
      case 'atomic':
        opened += 1
        return visit(part.body, around)
      case 'group': {
        const name = /^\(\?<(\w+)>/.exec(part.open)?.[1]
        if (part.open !== '(' && name === undefined) return visit(part.body, around)
        numbers.push((opened += 1))
        const number = String(numbers.length)
        forgets ||= around.inLoop && around.optional
        visit(part.body, around)
        around.set.add(number).add(name ?? number)
        return
      }
      case 'backreference':
        if (part.ignoreCase) throw fail('a back reference in a part that ignores case')
        if (!around.set.has(part.group)) throw fail('a back reference to a group that may not have matched')
        return
      case 'set':
      case 'assertion':
      default:
    }
  }
  visit(node, { set: new Set(), inLoop: false, optional: false })
  return { numbers, forgets }
}
