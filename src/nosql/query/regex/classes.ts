/** Escapes and POSIX names that stand for sets of code points, as PCRE has them without Unicode properties. */

import { anything, type CharSet, complement } from './char-set.ts'

/** A set as it is written inside a JavaScript class (without brackets), and its code points. */
export interface ClassPart {
  readonly source: string
  readonly set: CharSet
}

const digits: ClassPart = { source: '0-9', set: [[0x30, 0x39]] }
const word: ClassPart = {
  source: '\\w',
  set: [
    [0x30, 0x39],
    [0x41, 0x5a],
    [0x5f, 0x5f],
    [0x61, 0x7a],
  ],
}
const space: ClassPart = {
  source: '\\t-\\r\\x20',
  set: [
    [0x09, 0x0d],
    [0x20, 0x20],
  ],
}
const horizontal: ClassPart = {
  source: '\\t\\x20\\xa0\\u1680\\u180e\\u2000-\\u200a\\u202f\\u205f\\u3000',
  set: [
    [0x09, 0x09],
    [0x20, 0x20],
    [0xa0, 0xa0],
    [0x1680, 0x1680],
    [0x180e, 0x180e],
    [0x2000, 0x200a],
    [0x202f, 0x202f],
    [0x205f, 0x205f],
    [0x3000, 0x3000],
  ],
}
const vertical: ClassPart = {
  source: '\\n-\\r\\x85\\u2028\\u2029',
  set: [
    [0x0a, 0x0d],
    [0x85, 0x85],
    [0x2028, 0x2029],
  ],
}

const unicode = (source: string): ClassPart => ({ source, set: anything })
const asciiClasses: Readonly<Record<string, ClassPart>> = { d: digits, w: word, s: space, h: horizontal, v: vertical }
const unicodeClasses: Readonly<Record<string, ClassPart>> = {
  d: unicode('\\p{Nd}'),
  w: unicode('\\p{L}\\p{N}_'),
  s: unicode('\\p{Z}\\t-\\r\\x85'),
}

/** The set of `\d \w \s \h \v` and their negations, or undefined where there is none. */
export function escapeClass(letter: string, ucp: boolean): ClassPart | undefined {
  const lower = letter.toLowerCase()
  const part = (ucp ? unicodeClasses[lower] : undefined) ?? asciiClasses[lower]
  return part === undefined || letter === lower ? part : negate(part)
}

const posix: Readonly<Record<string, string>> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  ascii: '\\0-\\x7f',
  blank: '\\t\\x20',
  cntrl: '\\0-\\x1f\\x7f',
  digit: '0-9',
  graph: '\\x21-\\x7e',
  lower: 'a-z',
  print: '\\x20-\\x7e',
  punct: '\\x21-\\x2f\\x3a-\\x40\\x5b-\\x60\\x7b-\\x7e',
  space: '\\t-\\r\\x20',
  upper: 'A-Z',
  word: '\\w',
  xdigit: '0-9A-Fa-f',
}
const posixUnicode: Readonly<Record<string, string>> = {
  alnum: '\\p{L}\\p{N}',
  alpha: '\\p{L}',
  digit: '\\p{Nd}',
  lower: '\\p{Ll}',
  space: '\\p{Z}\\t-\\r\\x85',
  upper: '\\p{Lu}',
  word: '\\p{L}\\p{N}_',
}

/** The set of `[:name:]`, or undefined when there is none. */
export function posixClass(name: string, ucp: boolean): ClassPart | undefined {
  if (!Object.hasOwn(posix, name)) return undefined
  return unicode((ucp ? posixUnicode[name] : undefined) ?? posix[name] ?? '')
}

/** The complement as a class part; a Unicode class without an escape for its complement has no exact one. */
function negate(part: ClassPart): ClassPart | undefined {
  if (part.source === '\\p{Nd}') return unicode('\\P{Nd}')
  if (part.set === anything) return undefined
  const set = complement(part.set)
  return { source: set.map(([first, last]) => `${codePoint(first)}-${codePoint(last)}`).join(''), set }
}

/** A code point as an escape that is valid in and out of classes. */
export function codePoint(value: number): string {
  return `\\u{${value.toString(16)}}`
}
