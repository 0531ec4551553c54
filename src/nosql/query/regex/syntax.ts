/** A regular expression, parsed. */

import type { CharSet } from './char-set.ts'
import { nullable } from './lead.ts'
import type { PatternReader } from './reader.ts'

export type RegexNode =
  /** One code point. `source` is its JavaScript form with the `u` flag. */
  | { readonly kind: 'set'; readonly source: string; readonly set: CharSet }
  /** A place between code points, or something else that takes no part in the analysis. */
  | { readonly kind: 'assertion'; readonly source: string }
  /** `group` is its number or its name; `ignoreCase` where the rest of the pattern minds it. */
  | { readonly kind: 'backreference'; readonly group: string; readonly ignoreCase: boolean }
  | { readonly kind: 'look'; readonly open: string; readonly body: RegexNode }
  | { readonly kind: 'group'; readonly open: string; readonly body: RegexNode }
  /** Matched once, without backtracking. */
  | { readonly kind: 'atomic'; readonly body: RegexNode; readonly name: string }
  | { readonly kind: 'sequence'; readonly items: readonly RegexNode[] }
  | { readonly kind: 'choice'; readonly branches: readonly RegexNode[] }
  | {
      readonly kind: 'repeat'
      readonly body: RegexNode
      readonly min: number
      readonly max: number
      readonly lazy: boolean
    }

/** The assertion that stands for the beginning of the text. */
export const textStart = '(?<![^])'

/** Options in force at a place of the pattern. */
export interface RegexFlags {
  readonly ignoreCase: boolean
  readonly multiline: boolean
  readonly dotAll: boolean
  readonly extended: boolean
}

/** What one parse carries along. */
export interface RegexContext {
  readonly reader: PatternReader
  /** The whole pattern ignores case. */
  readonly ignoreCase: boolean
  /** Classes take Unicode properties: `(*UCP)`. */
  readonly ucp: boolean
  /** How many capturing groups there are, at most. */
  readonly groups: number
  readonly fail: (problem: string) => Error
  /** Literals met before, by what they are and the case they mind: long patterns repeat few. */
  readonly literals: Map<string, RegexNode>
  /** A name for a group that the pattern does not have. */
  readonly freshName: () => string
  /** Parses up to a closing parenthesis or the end. */
  readonly branches: (context: RegexContext, flags: RegexFlags) => RegexNode
  depth: number
}

/**
 * Writes a parsed expression for `new RegExp(…, 'u')`.
 *
 * @param numbers What the capturing groups are numbered in it.
 */
export function emit(node: RegexNode, numbers: readonly number[]): string {
  const inner = (part: RegexNode): string => emit(part, numbers)
  switch (node.kind) {
    case 'set':
    case 'assertion':
      return node.source
    case 'backreference':
      return /^\d/.test(node.group) ? `(?:\\${numbers[Number(node.group) - 1]})` : `\\k<${node.group}>`
    case 'look':
    case 'group':
      return `${node.open}${inner(node.body)})`
    case 'atomic':
      return `(?=(?<${node.name}>${inner(node.body)}))\\k<${node.name}>`
    case 'sequence':
      return node.items.map(inner).join('')
    case 'choice':
      return node.branches.map(inner).join('|')
    case 'repeat':
    default:
      if (node.min === 0 && node.max === 1 && nullable(node.body)) {
        // A round that takes nothing is one in PCRE, and what it captures is empty; JavaScript would undo it.
        return node.lazy ? `(?:|${inner(node.body)})` : `(?:${inner(node.body)}|)`
      }
      return `${atom(node.body, inner)}${quantifier(node.min, node.max)}${node.lazy ? '?' : ''}`
  }
}

function atom(body: RegexNode, inner: (part: RegexNode) => string): string {
  return body.kind === 'set' || body.kind === 'group' || body.kind === 'backreference'
    ? inner(body)
    : `(?:${inner(body)})`
}

function quantifier(min: number, max: number): string {
  if (min === 0 && max === Infinity) return '*'
  if (min === 1 && max === Infinity) return '+'
  if (min === 0 && max === 1) return '?'
  if (max === Infinity) return `{${min},}`
  return min === max ? `{${min}}` : `{${min},${max}}`
}
