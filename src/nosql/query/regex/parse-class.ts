/** Bracket expressions: `[a-z]`, `[^\s]`, `[[:alpha:]]`. */

import { anything, type CharSet, complement, foldCase, union } from './char-set.ts'
import { type ClassPart, codePoint, posixClass } from './classes.ts'
import { parseCharacterEscape } from './parse-escape.ts'
import type { RegexContext, RegexFlags, RegexNode } from './syntax.ts'

const noPosixClass = 'a POSIX class is unknown, negated or misplaced'

/** Reads a class whose opening bracket has been read. */
export function parseClass(context: RegexContext, flags: RegexFlags): RegexNode {
  const { reader } = context
  if (reader.match(/^([:.=])[^\][\\]*?\1\]/)) throw context.fail(noPosixClass)
  const negated = reader.take('^')
  const parts: ClassPart[] = []
  for (let first = true; first || reader.peek() !== ']'; first = false) {
    if (reader.done) throw context.fail('a class is not closed')
    parts.push(parsePart(context))
  }
  reader.next()
  const set = union(...parts.map((part) => part.set))
  const source = `[${negated ? '^' : ''}${parts.map((part) => withCases(part, flags, context)).join('')}]`
  return { kind: 'set', source, set: negated ? outside(set) : flags.ignoreCase ? foldCase(set) : set }
}

/** A negated set of which only a superset is known may hold anything. */
function outside(set: CharSet): CharSet {
  return set.length === 1 && set[0]?.[0] === 0 && set === anything ? anything : complement(set)
}

function parsePart(context: RegexContext): ClassPart {
  const { reader } = context
  const posix = reader.match(/^\[([:.=])([^\][\\]*?)\1\]/)
  if (posix !== undefined) {
    const part = posix[1] === ':' ? posixClass(posix[2] ?? '', context.ucp) : undefined
    if (part === undefined) throw context.fail(noPosixClass)
    return part
  }
  const from = parseMember(context)
  if (typeof from !== 'number') return from
  if (reader.peek() !== '-' || reader.peek(1) === ']' || reader.peek(1) === '') return range(from, from)
  reader.next()
  const to = parseMember(context)
  if (typeof to !== 'number' || to < from) throw context.fail('a range of a class is out of order')
  return range(from, to)
}

function parseMember(context: RegexContext): number | ClassPart {
  const point = context.reader.next()
  // The callers have seen that there is a next one.
  return point === '\\' ? parseCharacterEscape(context, 'class') : (point.codePointAt(0) as number)
}

function range(from: number, to: number): ClassPart {
  const source = from === to ? codePoint(from) : `${codePoint(from)}-${codePoint(to)}`
  return { source, set: [[from, to]] }
}

/** Both cases spelled out where only a part of the pattern ignores case: the `i` flag would be of the whole. */
function withCases(part: ClassPart, flags: RegexFlags, context: RegexContext): string {
  if (!flags.ignoreCase || context.ignoreCase || part.set === anything) return part.source
  return foldCase(part.set)
    .filter(([, last]) => last < 0x80)
    .map(([first, last]) => `${codePoint(first)}-${codePoint(last)}`)
    .concat(part.source)
    .join('')
}
