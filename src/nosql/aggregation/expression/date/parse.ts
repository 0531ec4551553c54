import { fail } from '../failure.ts'
import { isNullish, typeName } from '../kinds.ts'
import { fold, objectArgument, type Operator, type Operators } from '../parse.ts'
import { constant, type Result, type Scope } from '../scope.ts'
import { checkFormat, MONTHS } from './format.ts'
import { parseFreely } from './free-text.ts'
import { moment, offsetOf, type ParsedDate } from './parsed.ts'
import { zoneReader, type Zone } from './zone.ts'

const NAMES = MONTHS.join('|')
const SHORT_NAMES = MONTHS.map((month) => month.slice(0, 3)).join('|')

interface Specifier {
  readonly field: keyof ParsedDate
  readonly source: string
  readonly read: (text: string) => number
}

const number = (field: keyof ParsedDate, source: string): Specifier => ({ field, source, read: Number })

const monthName = (source: string): Specifier => ({
  field: 'month',
  source,
  read: (text) => MONTHS.findIndex((month) => month.slice(0, 3).toLowerCase() === text.slice(0, 3).toLowerCase()) + 1,
})

const SPECIFIERS: Readonly<Record<string, Specifier>> = {
  B: monthName(NAMES),
  b: monthName(SHORT_NAMES),
  d: number('day', '\\d{1,2}'),
  G: number('isoYear', '\\d{4}'),
  H: number('hour', '\\d{1,2}'),
  j: number('yearDay', '\\d{1,3}'),
  L: number('millisecond', '\\d{1,3}'),
  M: number('minute', '\\d{1,2}'),
  m: number('month', '\\d{1,2}'),
  S: number('second', '\\d{1,2}'),
  u: number('isoWeekday', '[1-7]'),
  V: number('isoWeek', '\\d{1,2}'),
  Y: number('year', '\\d{4}'),
  Z: { field: 'offset', source: '[+-]\\d{1,4}', read: (text) => Number(text) * 60_000 },
  z: { field: 'offset', source: 'Z|UTC|GMT|[+-]\\d\\d(?::?\\d\\d)?', read: offsetOf },
}

/** Reads a text by a format; undefined when it does not fit. */
function parseByFormat(text: string, format: string): ParsedDate | undefined {
  const read: Specifier[] = []
  const source = format.replace(/%(.)|[^%]+/gs, (literal, letter?: string) => {
    const specifier = letter === undefined ? undefined : SPECIFIERS[letter]
    if (specifier === undefined) return (letter ?? literal).replace(/[^\w\s]/g, '\\$&')
    read.push(specifier)
    return `(${specifier.source})`
  })
  const match = new RegExp(`^${source}$`, 'i').exec(text)
  if (match === null) return undefined
  const parsed: Record<string, number> = {}
  for (const [index, specifier] of read.entries()) parsed[specifier.field] = specifier.read(match[index + 1] ?? '')
  return parsed
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
  const evaluate = (scope: Scope): Result => {
    const pattern = format(scope)
    if (!isNullish(pattern)) checkFormatText(pattern, name)
    const zoneId = timezone(scope)
    const zone = isNullish(zoneId) ? undefined : zones(zoneId)
    const text = input(scope)
    if (isNullish(text)) return onNull(scope)
    if ((formatted && isNullish(pattern)) || zone === undefined) return null
    const date = typeof text === 'string' ? dateFromText(text, zone, pattern as string | undefined) : undefined
    if (date !== undefined) return date
    if (forgiving) return onError(scope)
    return fail('ConversionFailure', `${name} cannot read the ${typeName(text)} as a date.`)
  }
  return fold(evaluate, [input, format, timezone, onNull, onError])
}

function checkFormatText(format: Result, name: string): void {
  if (typeof format !== 'string') return fail(40684, `${name} takes a string as format, not ${typeName(format)}.`)
  checkFormat(format, (letter) => letter === '%' || Object.hasOwn(SPECIFIERS, letter))
}

export const DATE_PARSE: Operators = { $dateFromString: fromText }
