/** How far the loops of an expression can go in a text. */

import { anything, type CharSet, union } from './char-set.ts'
import type { RegexNode } from './syntax.ts'

/** Every code point that a match of the node may hold. */
export function alphabet(node: RegexNode): CharSet {
  switch (node.kind) {
    case 'set':
      return node.set
    case 'sequence':
      return union(...node.items.map(alphabet))
    case 'choice':
      return union(...node.branches.map(alphabet))
    case 'repeat':
    case 'group':
    case 'atomic':
      return alphabet(node.body)
    case 'backreference':
      return anything
    case 'assertion':
    case 'look':
    default:
      return []
  }
}

/** Whether a unit of UTF-16 is, or may be a part of, a member of a set. */
export type Membership = (unit: number) => boolean

const surrogates = 0xd800

/** A table for ASCII, ranges for the rest; everything that takes two units counts as a member where any does. */
export function membership(set: CharSet): Membership {
  const ascii = new Uint8Array(128)
  for (const [first, last] of set) ascii.fill(1, first, Math.min(last, 127) + 1)
  const others = set.filter(([, last]) => last > 127)
  const wide = others.some(([, last]) => last >= surrogates)
  return (unit) => {
    if (unit < 128) return ascii[unit] === 1
    if (unit >= surrogates && wide) return true
    return others.some(([first, last]) => first <= unit && unit <= last)
  }
}

/** The length of the longest piece of a text that is made of members. */
export function longestRun(text: string, isMember: Membership): number {
  let longest = 0
  let run = 0
  for (let at = 0; at < text.length; at++) {
    run = isMember(text.charCodeAt(at)) ? run + 1 : 0
    if (run > longest) longest = run
  }
  return longest
}

/** How many members there are in a text. */
export function countMembers(text: string, isMember: Membership): number {
  let found = 0
  for (let at = 0; at < text.length; at++) if (isMember(text.charCodeAt(at))) found++
  return found
}

/** How often members of these sets follow each other in text. */
export function occurrences(text: string, places: readonly Membership[]): number {
  let found = 0
  for (let at = 0; at < text.length; at++) {
    let length = 0
    while (length < places.length && places[length]?.(text.charCodeAt(at + length)) === true) length++
    if (length === places.length) found++
  }
  return found
}
