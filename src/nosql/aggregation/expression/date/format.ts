import { fail } from '../failure.ts'
import { isNullish, typeName } from '../kinds.ts'
import type { Operators } from '../parse.ts'
import { aDate, dateOperator } from './argument.ts'
import { dayOfYear, isoWeek, isoWeekday, localDate, week } from './calendar.ts'

export const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]

type Specifier = (local: Date, offset: number) => string

const digits = (read: (local: Date) => number, width: number): Specifier => (local) =>
  String(read(local)).padStart(width, '0')

const year = (read: (local: Date) => number): Specifier => (local) => {
  const value = read(local)
  if (value < 0 || value > 9999) fail(18537, '$dateToString writes the years 0 to 9999.')
  return String(value).padStart(4, '0')
}

function signed(offset: number, text: (minutes: number) => string): string {
  return (offset < 0 ? '-' : '+') + text(Math.abs(offset) / 60_000)
}

const SPECIFIERS: Readonly<Record<string, Specifier>> = {
  '%': () => '%',
  B: (local) => MONTHS[local.getUTCMonth()] ?? '',
  b: (local) => (MONTHS[local.getUTCMonth()] ?? '').slice(0, 3),
  d: digits((local) => local.getUTCDate(), 2),
  G: year((local) => isoWeek(local).year),
  H: digits((local) => local.getUTCHours(), 2),
  j: digits((local) => dayOfYear(local) + 1, 3),
  L: digits((local) => local.getUTCMilliseconds(), 3),
  M: digits((local) => local.getUTCMinutes(), 2),
  m: digits((local) => local.getUTCMonth() + 1, 2),
  S: digits((local) => local.getUTCSeconds(), 2),
  U: digits(week, 2),
  u: digits(isoWeekday, 1),
  V: digits((local) => isoWeek(local).week, 2),
  w: digits((local) => local.getUTCDay() + 1, 1),
  Y: year((local) => local.getUTCFullYear()),
  Z: (_, offset) => signed(offset, (minutes) => String(minutes).padStart(3, '0')),
  z: (_, offset) =>
    signed(offset, (minutes) => digits(() => Math.floor(minutes / 60) * 100 + (minutes % 60), 4)(new Date(0), 0)),
}

export function checkFormat(format: string, known: (letter: string) => boolean): void {
  for (const [, letter = ''] of format.matchAll(/%(.?)/gs)) {
    if (letter === '') fail(18535, "A date format ends in a lone '%'.")
    if (!known(letter)) fail(18536, 'A date format has an unknown specifier.')
  }
}

const toText = dateOperator(
  ['date'],
  { format: '', timezone: '', onNull: null },
  ({ date, format, timezone, onNull }, name, zone) => {
    if (!isNullish(format) && typeof format !== 'string') {
      return fail(18533, `${name} takes a string as format, not ${typeName(format)}.`)
    }
    if (typeof format === 'string') checkFormat(format, (letter) => Object.hasOwn(SPECIFIERS, letter))
    const offsetAt = isNullish(timezone) ? undefined : zone(timezone === '' ? 'UTC' : timezone)
    if (isNullish(date)) return onNull
    if (isNullish(format) || offsetAt === undefined) return null
    const utc = aDate(date, 16006, name).getTime()
    const offset = offsetAt(utc)
    const local = localDate(utc + offset)
    const pattern = format || (timezone === '' || timezone === 'UTC' ? '%Y-%m-%dT%H:%M:%S.%LZ' : '%Y-%m-%dT%H:%M:%S.%L')
    return pattern.replace(/%(.)/gs, (_, letter: string) => SPECIFIERS[letter]?.(local, offset) ?? '')
  },
)

export const DATE_FORMAT: Operators = { $dateToString: toText }
