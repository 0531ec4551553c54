/** Portable regular expressions: PCRE's meaning, JavaScript's engine, and no way to keep it busy for long. */

import { BudgetExceededError } from '../../errors.ts'
import { badValue } from '../refusal.ts'
import { parseRegex } from './parse-regex.ts'
import { costOf } from './cost.ts'
import { groupsOf, type Groups } from './groups.ts'
import { exponentialRisk } from './safety.ts'
import { emit, type RegexNode, textStart } from './syntax.ts'

export interface Pattern {
  readonly groups: Groups
  /** As it was written. */
  readonly source: string
  /** Of `imsx`, in this order. */
  readonly flags: string
  /** The same in JavaScript; keeps no state between uses. */
  readonly expression: RegExp
  /** What every match of an anchored, case-minding pattern begins with; undefined for other patterns. */
  readonly prefix: string | undefined
  /** @throws BudgetExceededError when the text is too long for what the pattern may cost */
  test(text: string): boolean
}

/** In UTF-8, as in MongoDB. */
const maxBytes = 16_384
const maxSteps = 1e9
/** A step that may be taken back is ten times as slow, and one that only compares ten times as fast. */
const maxBacktracks = 1e8
const maxComparisons = 1e10
const maxStepsAtOnePlace = 1e7

/**
 * A pattern from a RegExp, or from a string and MongoDB's options `imsx` (`u` is implied).
 *
 * At most 16,384 bytes; quantifiers that could make matching exponential are refused, as is what JavaScript cannot
 * express (recursion, conditionals).
 *
 * @param at where the pattern stands, for errors
 * @throws NoSQLFilterError
 * @see https://www.mongodb.com/docs/manual/reference/operator/query/regex/
 */
export function patternOf(operand: unknown, options: unknown, at: string): Pattern {
  if (operand instanceof RegExp) {
    if (options !== undefined && operand.flags !== '')
      throw badValue('options both in the expression and beside it', at)
    return compilePattern(operand.source, flagsOf(options ?? operand.flags, at), at)
  }
  if (typeof operand !== 'string') throw badValue('a regular expression is a string or a RegExp', at)
  return compilePattern(operand, options === undefined ? '' : flagsOf(options, at), at)
}

function flagsOf(options: unknown, at: string): string {
  if (typeof options !== 'string') throw badValue('regular expression options are a string', at)
  if (/[^imsxu]/.test(options)) throw badValue('the options of a regular expression are i, m, s and x', at)
  return ['i', 'm', 's', 'x'].filter((letter) => options.includes(letter)).join('')
}

function compilePattern(source: string, flags: string, at: string): Pattern {
  const fail = (problem: string): Error => badValue(`the regular expression is not portable: ${problem}`, at)
  if (source.length * 3 > maxBytes && new TextEncoder().encode(source).length > maxBytes)
    throw fail(`it is longer than ${maxBytes} bytes`)
  if (source.includes('\0')) throw fail('it holds a null character')
  const { node, ignoreCase } = parseRegex(
    source,
    {
      ignoreCase: flags.includes('i'),
      multiline: flags.includes('m'),
      dotAll: flags.includes('s'),
      extended: flags.includes('x'),
    },
    fail,
  )
  const risk = exponentialRisk(node)
  if (risk !== undefined) throw fail(risk)
  const groups = groupsOf(node, fail)
  const expression = javascript(emit(node, groups.numbers), ignoreCase ? 'iu' : 'u', fail)
  const { exponent, steps, branching } = costOf(node)
  if (steps > maxStepsAtOnePlace) throw fail('quantifiers and alternatives in a row can share a text in too many ways')
  const test = (text: string): boolean => {
    const places = text.length ** exponent
    const tooMany = branching
      ? places * steps > maxBacktracks
      : (exponent > 1 && places > maxSteps) || text.length * steps > maxComparisons
    if (tooMany) throw tooLong(at)
    return expression.test(text)
  }
  const prefix = flags.includes('i') ? undefined : literalPrefix(node)
  return {
    source,
    flags,
    expression,
    groups,
    prefix,
    test: exponent > 1 || branching || steps > 1024 ? test : (text) => expression.test(text),
  }
}

function javascript(source: string, flags: string, fail: (problem: string) => Error): RegExp {
  try {
    return new RegExp(source, flags)
  } catch {
    throw fail('its syntax is wrong')
  }
}

function tooLong(at: string): Error {
  return new BudgetExceededError('a text is too long for this regular expression', {
    hint: 'Use fewer unbounded quantifiers, or anchor the expression.',
    details: { path: at },
  })
}

/** The literal code points behind a leading `^`. */
function literalPrefix(node: RegexNode): string | undefined {
  if (node.kind !== 'sequence') return undefined
  const [anchor, ...items] = node.items
  if (anchor?.kind !== 'assertion' || anchor.source !== textStart) return undefined
  let prefix = ''
  for (const item of items) {
    const range = item.kind === 'set' && item.set.length === 1 ? item.set[0] : undefined
    if (range === undefined || range[0] !== range[1]) break
    prefix += String.fromCodePoint(range[0])
  }
  return prefix
}
