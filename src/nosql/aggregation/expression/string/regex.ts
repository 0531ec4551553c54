import type { Meter } from '../../../query/meter.ts'
import { patternOf, type Pattern } from '../../../query/regex/pattern.ts'
import type { Document, Value } from '../../../query/value.ts'
import { fail, unsupported } from '../failure.ts'
import { isNullish, typeName } from '../kinds.ts'
import { fold, objectArgument, type Operator, type Operators } from '../parse.ts'
import { constant, constantValue, type Result } from '../scope.ts'
import { pointLength } from './text.ts'

/** What `$regexMatch`, `$regexFind` and `$regexFindAll` share; `absent` is the answer where the input or the pattern is null or missing. */
function regexOperator(absent: Value, apply: (pattern: Pattern, text: string, meter: Meter) => Value): Operator {
  return (argument, parse, name) => {
    const given = objectArgument(argument, name, { required: ['input', 'regex'], optional: ['options'] })
    const written = given['regex']
    const input = parse.compile(given['input'])
    const regex = written instanceof RegExp ? constant(null) : parse.compile(written)
    const options = Object.hasOwn(given, 'options') ? parse.compile(given['options']) : constant(null)
    const read = patternReader(name)
    const patternAt = (source: Result, options: Result, meter: Meter) =>
      read({ source: written instanceof RegExp ? written : source, options, meter })
    const fixed = regex.constant && options.constant
    if (fixed) patternAt(constantValue(regex), constantValue(options), parse.constants.meter)
    return fold(
      (scope) => {
        const pattern = patternAt(regex(scope), options(scope), scope.meter)
        const text = input(scope)
        if (isNullish(text)) return absent
        if (typeof text !== 'string') return fail(51104, `input of ${name} must be a string, not ${typeName(text)}`)
        return pattern === undefined ? absent : apply(pattern, text, scope.meter)
      },
      [input, regex, options],
      parse,
    )
  }
}

interface WrittenPattern {
  readonly source: Result | RegExp
  readonly options: Result
  readonly meter: Meter
}

/** Compiles patterns and remembers the last: most often there is only one. Undefined for null and missing. */
function patternReader(name: string): (written: WrittenPattern) => Pattern | undefined {
  let known: { readonly source: unknown; readonly options: unknown; readonly pattern: Pattern } | undefined
  return ({ source, options, meter }) => {
    const place = { at: name, meter }
    if (!isNullish(options) && typeof options !== 'string') {
      return fail(51106, `options of ${name} must be a string, not ${typeName(options)}`)
    }
    if (isNullish(source)) {
      if (!isNullish(options)) patternOf('', options, place)
      return undefined
    }
    if (known === undefined || known.source !== source || known.options !== options) {
      known = { source, options, pattern: patternOf(source, options ?? undefined, place) }
    }
    return known.pattern
  }
}

/** One match, with its position in code points. */
function found({ groups }: Pattern, match: RegExpExecArray, idx: number): Document {
  if (groups.forgets) {
    unsupported(
      'a capture cannot be in a loop that may skip it: engines answer differently',
      'Use $regexMatch, or capture the whole loop.',
    )
  }
  const captures = groups.numbers.map((number) => match[number] ?? null)
  return { match: match[0], idx, captures }
}

function findFirst(pattern: Pattern, text: string, meter: Meter): Value {
  pattern.charge(text, meter)
  const match = pattern.expression.exec(text)
  return match === null ? null : found(pattern, match, pointLength(text, match.index))
}

const STEPS_OF_A_MATCH = 30
const BYTES_OF_A_MATCH = 160

/** Each match after the end of the one before; an empty one moves on by a character. */
function findAll(pattern: Pattern, text: string, meter: Meter): Value {
  pattern.charge(text, meter)
  const expression = new RegExp(pattern.expression.source, `${pattern.expression.flags}g`)
  const matches: Document[] = []
  let [position, counted] = [0, 0]
  do {
    const match = expression.exec(text)
    if (match === null) break
    position += pointLength(text.slice(counted, match.index))
    counted = match.index
    meter.work(STEPS_OF_A_MATCH + (2 * match[0].length) / 64)
    meter.allocate(BYTES_OF_A_MATCH * (1 + match.length))
    matches.push(found(pattern, match, position))
    if (match[0] === '') expression.lastIndex += (text.codePointAt(match.index) ?? 0) > 0xffff ? 2 : 1
  } while (expression.lastIndex < text.length)
  return matches
}

export const REGEX: Operators = {
  $regexFind: regexOperator(null, findFirst),
  $regexFindAll: regexOperator([], findAll),
  $regexMatch: regexOperator(false, (pattern, text, meter) => pattern.test(text, meter)),
}
