/**
 * Parses the part of PCRE's syntax that JavaScript can express, with PCRE's meaning: `.` stops at line feeds only, `$`
 * also matches before a final line feed, classes are ASCII.
 *
 * @see https://www.pcre.org/current/doc/html/pcre2syntax.html
 */

import { anything, foldCase } from './char-set.ts'
import { codePoint } from './classes.ts'
import { parseClass } from './parse-class.ts'
import { newline, parseCharacterEscape } from './parse-escape.ts'
import { backreference, changeFlags, parseGroup } from './parse-group.ts'
import { PatternReader } from './reader.ts'
import { type RegexContext, type RegexFlags, type RegexNode, textStart } from './syntax.ts'

const maxDepth = 50
/** As in PCRE. */
const mostRounds = 65_535

export interface ParsedRegex {
  readonly node: RegexNode
  /** True when the compiled expression needs the `i` flag. */
  readonly ignoreCase: boolean
}

/** @throws what `fail` makes of the problem */
export function parseRegex(pattern: string, flags: RegexFlags, fail: (problem: string) => Error): ParsedRegex {
  const verbs = /^(?:\(\*(?:UCP|UTF8?)\))*/.exec(pattern)?.[0] ?? ''
  let names = 0
  const context: RegexContext = {
    reader: new PatternReader(pattern.slice(verbs.length)),
    // Where a part of the pattern minds case again, the `i` flag is of no use.
    ignoreCase: flags.ignoreCase && !/\(\?[imsx]*-[msx]*i/.test(pattern),
    ucp: verbs.includes('UCP'),
    groups: pattern.match(/\((?!\?)|\(\?(?:P?<|')[A-Za-z_]/g)?.length ?? 0,
    fail,
    literals: new Map(),
    freshName: () => `lexAtomic${++names}`,
    branches: parseBranches,
    depth: 0,
  }
  const node = parseBranches(context, flags)
  if (!context.reader.done) throw fail('a closing parenthesis without an opening one')
  return { node, ignoreCase: context.ignoreCase }
}

/** Branches up to a closing parenthesis or the end. */
function parseBranches(context: RegexContext, initial: RegexFlags): RegexNode {
  if (++context.depth > maxDepth) throw context.fail(`groups nest at most ${maxDepth} deep`)
  const branches: RegexNode[] = []
  let flags = initial
  let items: RegexNode[] = []
  while (!context.reader.done && context.reader.peek() !== ')') {
    if (context.reader.take('|')) {
      branches.push({ kind: 'sequence', items })
      items = []
      continue
    }
    const inline = parseInlineFlags(context, flags)
    if (inline !== undefined) flags = inline
    else parseItem(context, flags, items)
  }
  context.depth--
  branches.push({ kind: 'sequence', items })
  return branches.length === 1 ? (branches[0] as RegexNode) : { kind: 'choice', branches } // there is one
}

/** `(?i)` and other flags for the rest of the group. */
function parseInlineFlags(context: RegexContext, flags: RegexFlags): RegexFlags | undefined {
  const found = context.reader.match(/^\(\?([imsx]*)(?:-([imsx]+))?\)/)
  return found === undefined ? undefined : changeFlags(flags, found[1] ?? '', found[2] ?? '')
}

function parseItem(context: RegexContext, flags: RegexFlags, items: RegexNode[]): void {
  const { reader } = context
  if (flags.extended && skipBlank(reader)) return
  if (reader.take('\\Q')) {
    const literals = Array.from(reader.until('\\E') ?? rest(reader), (point) => literal(context, flags, point))
    const last = literals.pop()
    items.push(...literals)
    // A quantifier after it applies to its last character.
    if (last !== undefined) items.push(parseQuantifiers(context, flags, last))
    return
  }
  if (context.depth === 1 && reader.take('\\K')) {
    // What comes before must match and is not part of the match.
    items.push({ kind: 'look', open: '(?<=', body: { kind: 'sequence', items: items.splice(0) } })
    return
  }
  const atom = parseAtom(context, flags)
  if (atom === undefined) return
  items.push(parseQuantifiers(context, flags, atom))
}

function rest(reader: PatternReader): string {
  let text = ''
  while (!reader.done) text += reader.next()
  return text
}

function skipBlank(reader: PatternReader): boolean {
  if (/^\s$/.test(reader.peek())) return reader.next() !== ''
  if (reader.peek() !== '#') return false
  if (reader.until('\n') === undefined) rest(reader)
  return true
}

function parseAtom(context: RegexContext, flags: RegexFlags): RegexNode | undefined {
  const { reader } = context
  const point = reader.next()
  switch (point) {
    case '.':
      return { kind: 'set', source: flags.dotAll ? '[^]' : '[^\\n]', set: anything }
    case '^':
      return { kind: 'assertion', source: flags.multiline ? '(?<![^\\n])' : textStart }
    case '$':
      return { kind: 'assertion', source: flags.multiline ? '(?![^\\n])' : '(?=\\n?(?![^]))' }
    case '[':
      return parseClass(context, flags)
    case '(':
      return parseGroup(context, flags)
    case '\\':
      return parseEscape(context, flags)
    case '*':
    case '+':
    case '?':
      throw context.fail('a quantifier has nothing to repeat')
    default:
      return literal(context, flags, point)
  }
}

const assertions: Readonly<Record<string, string>> = {
  b: '\\b',
  B: '\\B',
  A: textStart,
  Z: '(?=\\n?(?![^]))',
  z: '(?![^])',
}

function parseEscape(context: RegexContext, flags: RegexFlags): RegexNode {
  const { reader } = context
  const assertion = assertions[reader.peek()]
  if (assertion !== undefined) {
    reader.next()
    return { kind: 'assertion', source: context.ucp ? unicodeBoundary(assertion) : assertion }
  }
  if (reader.take('N')) return { kind: 'set', source: '[^\\n]', set: anything }
  if (reader.take('R')) return { kind: 'atomic', body: newline, name: context.freshName() }
  const octal = reader.match(/^[1-7][0-7]{1,2}/)?.[0]
  if (octal !== undefined && Number(octal) <= context.groups) return backreference(context, flags, octal)
  if (octal !== undefined) return literal(context, flags, String.fromCodePoint(Number.parseInt(octal, 8)))
  const reference = reader.match(/^(?:k(?:\{(\w+)\}|<(\w+)>|'(\w+)')|([1-9]\d?)|g\{?([1-9]\d?)\}?)/)
  if (reference !== undefined) {
    return backreference(context, flags, reference.slice(1).find((group) => group !== undefined) ?? '')
  }
  const escaped = parseCharacterEscape(context, 'outside')
  if (typeof escaped === 'number') return literal(context, flags, String.fromCodePoint(escaped))
  return { kind: 'set', source: `[${escaped.source}]`, set: escaped.set }
}

function unicodeBoundary(assertion: string): string {
  const word = '[\\p{L}\\p{N}_]'
  if (assertion === '\\b') return `(?:(?<=${word})(?!${word})|(?<!${word})(?=${word}))`
  return assertion === '\\B' ? `(?:(?<=${word})(?=${word})|(?<!${word})(?!${word}))` : assertion
}

function literal(context: RegexContext, flags: RegexFlags, point: string): RegexNode {
  const key = flags.ignoreCase ? `i${point}` : point
  const known = context.literals.get(key)
  if (known !== undefined) return known
  const made = makeLiteral(context, flags, point)
  context.literals.set(key, made)
  return made
}

function makeLiteral(context: RegexContext, flags: RegexFlags, point: string): RegexNode {
  const value = point.codePointAt(0) as number // a point is not empty
  const set = [[value, value] as const]
  if (!flags.ignoreCase) return { kind: 'set', source: codePoint(value), set }
  const cases = [...new Set([point, point.toLowerCase(), point.toUpperCase()])].filter(isOnePoint)
  const source = context.ignoreCase || cases.length === 1 ? codePoint(value) : `[${cases.map(escaped).join('')}]`
  return { kind: 'set', source, set: foldCase(set) }
}

function isOnePoint(text: string): boolean {
  return String.fromCodePoint(text.codePointAt(0) ?? 0) === text
}

function escaped(point: string): string {
  return codePoint(point.codePointAt(0) as number) // as above
}

function parseQuantifiers(context: RegexContext, flags: RegexFlags, atom: RegexNode): RegexNode {
  let node = atom
  if (flags.extended) while (skipBlank(context.reader));
  for (let quantified = false; ; quantified = true) {
    const found = context.reader.match(/^(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})/)
    if (found === undefined) return node
    if (quantified || node.kind === 'assertion') throw context.fail('a quantifier follows a quantifier or an assertion')
    const [min, max] = bounds(found)
    if (max < min) throw context.fail('a quantifier is out of order')
    if (min > mostRounds || (max > mostRounds && max !== Infinity)) throw context.fail('a quantifier is too large')
    const possessive = context.reader.take('+')
    const lazy = !possessive && context.reader.take('?')
    const repeat: RegexNode = { kind: 'repeat', body: node, min, max, lazy }
    node = possessive ? { kind: 'atomic', body: repeat, name: context.freshName() } : repeat
  }
}

function bounds(found: RegExpExecArray): [number, number] {
  if (found[1] === '*') return [0, Infinity]
  if (found[1] === '+') return [1, Infinity]
  if (found[1] === '?') return [0, 1]
  const min = Number(found[2])
  if (found[3] === undefined) return [min, min]
  return [min, found[4] === '' ? Infinity : Number(found[4])]
}
