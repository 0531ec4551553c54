import { fail } from '../failure.ts'
import { isNullish, typeName } from '../kinds.ts'
import { charged, fold, objectArgument, type Operator, type Operators } from '../parse.ts'
import { constant, type Result, type Scope } from '../scope.ts'
import { priced } from './argument.ts'
import { checkFormat } from './format.ts'
import { parseFreely } from './free-text.ts'
import { moment, monthOf, type ParsedDate } from './parsed.ts'
import { zoneOffset } from './text-zone.ts'
import { zoneReader, type Zone } from './zone.ts'

interface Specifier {
  readonly field: keyof ParsedDate
  readonly pattern: RegExp
  /** Undefined when the text cannot stand for the field. */
  readonly read: (text: string) => number | undefined
}

const specifier = (field: keyof ParsedDate, source: string, read: Specifier['read'] = Number): Specifier => ({
  field,
  pattern: new RegExp(source, 'y'),
  read,
})

const monthName = specifier('month', '[A-Za-z]+', (name) => monthOf(name) || undefined)

/** Numbers may be shorter than they are written, but for minutes and seconds. */
const SPECIFIERS: Readonly<Record<string, Specifier>> = {
  B: monthName,
  b: monthName,
  d: specifier('day', '\\d{1,2}'),
  G: specifier('isoYear', '\\d{1,4}'),
  H: specifier('hour', '\\d{1,2}'),
  j: specifier('yearDay', '\\d{1,3}'),
  L: specifier('millisecond', '\\d{1,3}', (text) => Number(text.padEnd(3, '0'))),
  M: specifier('minute', '\\d{2}'),
  m: specifier('month', '\\d{1,2}'),
  S: specifier('second', '\\d{2}'),
  u: specifier('isoWeekday', '[1-7]'),
  V: specifier('isoWeek', '\\d{1,2}'),
  Y: specifier('year', '\\d{1,4}'),
  Z: specifier('offset', '[+-]\\d{0,6}', (text) => Number(`${text}0`) * 6000),
  z: specifier('offset', '[ \\t(]*(?:(?:GMT)?[+-][\\d:]+|[A-Za-z]+)\\)*', zoneOffset),
}

/** Reads a text by a format, from left to right and never back; undefined when it does not fit. */
function parseByFormat(text: string, format: string): ParsedDate | undefined {
  const parsed: Record<string, number> = {}
  let at = 0
  for (const [literal, letter] of format.matchAll(/%(.)|[^%]+/gs)) {
    const known = letter === undefined ? undefined : SPECIFIERS[letter]
    const part = known === undefined ? (letter ?? literal) : matchAt(known.pattern, text, at)
    if (part === undefined || !text.startsWith(part, at)) return undefined
    if (known !== undefined) {
      const value = known.read(part)
      if (value === undefined || (letter === 'j' && parsed['year'] === undefined)) return undefined
      parsed[known.field] = value
    }
    at += part.length
  }
  return at === text.length ? parsed : undefined
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0]
}

/** The moment a text stands for, in `zone` unless the text names one; undefined when it cannot be read. */
export function dateFromText(text: string, zone: Zone, format?: string): Date | undefined {
  const parsed = format === undefined ? parseFreely(text) : parseByFormat(text, format)
  return parsed === undefined ? undefined : moment(parsed, zone)
}

const fromText: Operator = (argument, parse, name) => {
  const given = objectArgument(argument, name, {
    required: ['dateString'],
    optional: ['format', 'timezone', 'onNull', 'onError'],
  })
  const part = (field: string, standard: Result) =>
    Object.hasOwn(given, field) ? parse.compile(given[field]) : constant(standard)
  const [input, format, timezone] = [part('dateString', null), part('format', undefined), part('timezone', 'UTC')]
  const [onNull, onError] = [part('onNull', null), part('onError', null)]
  const [formatted, forgiving] = [Object.hasOwn(given, 'format'), Object.hasOwn(given, 'onError')]
  const zones = zoneReader()
  const evaluate = priced((scope: Scope): Result => {
    scope.meter.work(STEPS_TO_READ)
    const pattern = charged(format(scope), scope)
    if (typeof pattern === 'string') scope.meter.work(pattern.length * STEPS_OF_A_SPECIFIER)
    if (!isNullish(pattern)) checkFormatText(pattern, name)
    const zoneId = timezone(scope)
    const zone = isNullish(zoneId) ? undefined : zones(zoneId, scope.meter)
    const text = input(scope)
    if (isNullish(text)) return onNull(scope)
    const absent = zone === undefined || (formatted && isNullish(pattern))
    if (absent && typeof text === 'string') return null
    // A pattern that is there is text, by `checkFormatText`.
    const date =
      absent || typeof text !== 'string' ? undefined : dateFromText(text, zone, pattern as string | undefined)
    if (date !== undefined) return date
    if (forgiving) return onError(scope)
    return fail('ConversionFailure', `${name} cannot read the ${typeName(text)} as a date`)
  })
  return fold(evaluate, [input, format, timezone, onNull, onError], parse)
}

/** A date is read by trying patterns, and a format letter by letter. */
const STEPS_TO_READ = 200
const STEPS_OF_A_SPECIFIER = 10

function checkFormatText(format: Result, name: string): void {
  if (typeof format !== 'string') return fail(40684, `format of ${name} must be a string, not ${typeName(format)}`)
  checkFormat(format, (letter) => letter === '%' || Object.hasOwn(SPECIFIERS, letter))
}

export const DATE_PARSE: Operators = { $dateFromString: fromText }
