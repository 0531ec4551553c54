/** Portable regular expressions: PCRE's meaning, JavaScript's engine, and no way to keep it busy for long. */

import { Meter } from '../meter.ts'
import { badValue } from '../refusal.ts'
import { parseRegex } from './parse-regex.ts'
import { type Cost, costOf } from './cost.ts'
import { groupsOf, type Groups } from './groups.ts'
import { exponentialRisk } from './safety.ts'
import { emit, type RegexNode, textStart } from './syntax.ts'
import { trimEnds } from './trim.ts'

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
  /** Whether it is found in a text. @throws BudgetExceededError when that could cost more than the meter has left */
  test(text: string, meter?: Meter): boolean
  /** Pays for finding where, with {@link expression}. */
  charge(text: string, meter?: Meter): void
}

/** In UTF-8, as in MongoDB. */
const maxBytes = 16_384
const maxStepsAtOnePlace = 1e7

export interface PatternPlace {
  readonly at: string
  readonly meter?: Meter | undefined
}

/**
 * A pattern from a RegExp, or from a string and MongoDB's options `imsx` (`u` is implied).
 *
 * At most 16,384 bytes; quantifiers that could make matching exponential are refused, as is what JavaScript cannot
 * express (recursion, conditionals).
 *
 * @param place where the pattern stands, for errors, and what pays for reading it
 * @throws NoSQLFilterError
 * @see https://www.mongodb.com/docs/manual/reference/operator/query/regex/
 */
export function patternOf(operand: unknown, options: unknown, place: PatternPlace): Pattern {
  const { at } = place
  if (operand instanceof RegExp) {
    if (options !== undefined && operand.flags !== '')
      throw badValue('the options of a regular expression must be either in the expression or in $options', at)
    return compilePattern(operand.source, flagsOf(options ?? operand.flags, at), place)
  }
  if (typeof operand !== 'string') throw badValue('a regular expression must be a string or a RegExp', at)
  return compilePattern(operand, options === undefined ? '' : flagsOf(options, at), place)
}

function flagsOf(options: unknown, at: string): string {
  if (typeof options !== 'string') throw badValue('the options of a regular expression must be a string', at)
  if (/[^imsxu]/.test(options)) throw badValue('the options of a regular expression must be i, m, s or x', at)
  return ['i', 'm', 's', 'x'].filter((letter) => options.includes(letter)).join('')
}

function compilePattern(source: string, flags: string, { at, meter }: PatternPlace): Pattern {
  const fail = (problem: string): Error => badValue(`the regular expression cannot be used: ${problem}`, at)
  if (source.length * 3 > maxBytes && new TextEncoder().encode(source).length > maxBytes)
    throw fail(`it is longer than ${maxBytes} bytes`)
  if (source.includes('\0')) throw fail('it holds a null character')
  meter?.work(stepsToRead(source))
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
  const cost = costOf(node)
  if (cost.atOnePlace > maxStepsAtOnePlace) {
    throw fail('quantifiers and alternatives in a row can share the same characters in too many ways')
  }
  const searchFor = (): Search => {
    const trimmed = trimEnds(node)
    if (trimmed === node) return { cost, expression }
    return {
      cost: costOf(trimmed),
      expression: javascript(emit(trimmed, groups.numbers), ignoreCase ? 'iu' : 'u', fail),
    }
  }
  let search: Search | undefined
  const prefix = flags.includes('i') ? undefined : literalPrefix(node)
  return {
    source,
    flags,
    expression,
    groups,
    prefix,
    charge: (text, meter) => pay(cost, text, meter),
    test(text, meter) {
      if (search === undefined) {
        meter?.work(stepsToRead(source))
        search = searchFor()
      }
      pay(search.cost, text, meter)
      return search.expression.test(text)
    },
  }
}

/** What only has to find out whether there is a match. */
interface Search {
  readonly cost: Cost
  readonly expression: RegExp
}

/** Reading a pattern, and what the engine does with it when it is first used. Sets of Unicode's are long lists. */
function stepsToRead(source: string): number {
  const sets = source.includes('(*UCP)') ? source.length : source.split(/\\p\{/i).length - 1
  const signs = source.replace(/\w/g, '').length
  return 600 + 120 * source.length + 300 * signs + 15_000 * sets
}

function javascript(source: string, flags: string, fail: (problem: string) => Error): RegExp {
  try {
    return new RegExp(source, flags)
  } catch {
    throw fail('its syntax is wrong')
  }
}

/** A single search may take as much as an operation. */
function pay({ inText }: Cost, text: string, meter = new Meter()): void {
  meter.work(inText(text), 'Use fewer unbounded quantifiers, anchor the expression, or raise maxSteps of the budget.')
}

/** The literal code points after a leading `^`. */
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
