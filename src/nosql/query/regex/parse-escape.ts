/** Escapes of PCRE. */

import { anything, type CharSet } from './char-set.ts'
import { type ClassPart, escapeClass } from './classes.ts'
import type { RegexContext, RegexNode } from './syntax.ts'

const controls: Readonly<Record<string, number>> = { a: 7, e: 27, f: 12, n: 10, r: 13, t: 9 }

const lineEnds: CharSet = [
  [0x0a, 0x0d],
  [0x85, 0x85],
  [0x2028, 0x2029],
]

/** `\R`: every end of a line. */
export const newline: RegexNode = {
  kind: 'choice',
  branches: [
    {
      kind: 'sequence',
      items: [
        { kind: 'set', source: '\\r', set: [[0x0d, 0x0d]] },
        { kind: 'set', source: '\\n', set: [[0x0a, 0x0a]] },
      ],
    },
    { kind: 'set', source: '[\\n-\\r\\x85\\u2028\\u2029]', set: lineEnds },
  ],
}

/** Reads an escape, its backslash read, that stands for a character or a set of them. */
export function parseCharacterEscape(context: RegexContext, where: 'class' | 'outside'): number | ClassPart {
  const { reader } = context
  const letter = reader.next()
  if (letter === '') throw context.fail('a backslash at the end')
  if (letter === 'b' && where === 'class') return 8
  const control = controls[letter]
  if (control !== undefined) return control
  if (letter === 'x') return hexadecimal(context)
  if (letter === 'c') return (reader.next().toUpperCase().codePointAt(0) ?? 0) ^ 64
  if (letter === 'p' || letter === 'P') return property(context, letter)
  if (letter >= '0' && letter <= '7') {
    const octal = reader.match(/^[0-7]{1,2}/)?.[0] ?? ''
    return Number.parseInt(letter + octal, 8)
  }
  if (/^[dwshv]$/i.test(letter)) {
    const part = escapeClass(letter, context.ucp)
    if (part === undefined) throw context.fail('a negated Unicode class')
    return part
  }
  if (/^[0-9A-Za-z]$/.test(letter)) throw context.fail('an unknown escape')
  return letter.codePointAt(0) as number // it is not empty
}

function hexadecimal(context: RegexContext): number {
  const braced = context.reader.match(/^\{([0-9A-Fa-f]{1,6})\}/)
  const value = Number.parseInt(braced?.[1] ?? context.reader.match(/^[0-9A-Fa-f]{1,2}/)?.[0] ?? '0', 16)
  if (value > 0x10ffff) throw context.fail('a code point that is too large')
  return value
}

/** General categories and scripts; JavaScript wants scripts to be marked as such. */
function property(context: RegexContext, letter: string): ClassPart {
  const found = context.reader.match(/^(?:\{(\^?)([A-Za-z_&]+)\}|([A-Z]))/)
  const name = found?.[2] ?? found?.[3]
  if (found === undefined || name === undefined) throw context.fail('an unknown Unicode property')
  const negated = (letter === 'P') !== (found[1] === '^')
  for (const spelling of [name === 'L&' ? 'LC' : name, `Script=${name}`]) {
    const source = `\\${negated ? 'P' : 'p'}{${spelling}}`
    if (compiles(source)) return { source, set: anything }
  }
  throw context.fail('an unknown Unicode property')
}

function compiles(source: string): boolean {
  try {
    return new RegExp(source, 'u').unicode
  } catch {
    return false
  }
}
