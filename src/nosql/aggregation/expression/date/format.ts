import { stringSize } from '../../../query/approximate-size.ts'
import type { Document } from '../../../query/value.ts'
import { fail } from '../failure.ts'
import { checkYear } from '../string/text.ts'
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

const digits =
  (read: (local: Date) => number, width: number): Specifier =>
  (local) =>
    String(read(local)).padStart(width, '0')

const year =
  (read: (local: Date) => number): Specifier =>
  (local) => {
    const value = read(local)
    checkYear(value)
    return String(value).padStart(4, '0')
  }

function hours(offset: number): string {
  const minutes = Math.floor(Math.abs(offset) / 60_000)
  const clock = Math.floor(minutes / 60) * 100 + (minutes % 60)
  return (offset < 0 ? '-' : '+') + String(clock).padStart(4, '0')
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
  Z: (_, offset) => String(Math.trunc(offset / 60_000) + 0),
  z: (_, offset) => hours(offset),
}

export function checkFormat(format: string, known: (letter: string) => boolean): void {
  for (const [, letter = ''] of format.matchAll(/%(.?)/gs)) {
    if (letter === '') fail(18535, "a date format must not end with a single '%'")
    if (!known(letter)) fail(18536, 'specifiers of a date format must be known')
  }
}

const STEPS_OF_A_LETTER = 12

const ISO_FORMAT = '%Y-%m-%dT%H:%M:%S.%L'

/** Stands for an argument that is not given: null and missing mean something else. */
const UNSET: Document = {}

const toText = dateOperator(
  ['date'],
  { format: UNSET, timezone: UNSET, onNull: null },
  ({ date, format, timezone, onNull }, { name, zone, meter }) => {
    const pattern = format === UNSET ? ISO_FORMAT : format
    if (typeof pattern === 'string') {
      meter.work(pattern.length * STEPS_OF_A_LETTER)
      meter.allocate(stringSize(4 * pattern.length))
      checkFormat(pattern, (letter) => Object.hasOwn(SPECIFIERS, letter))
    } else if (!isNullish(pattern)) return fail(18533, `format of ${name} must be a string, not ${typeName(pattern)}`)
    const offsetAt = isNullish(timezone) ? undefined : zone(timezone === UNSET ? 'UTC' : timezone)
    if (isNullish(date)) return onNull
    if (isNullish(pattern) || offsetAt === undefined) return null
    const utc = aDate(date, 16006, name).getTime()
    const offset = offsetAt(utc)
    const local = localDate(utc + offset)
    const text = pattern.replace(/%(.)/gs, (_, letter: string) => SPECIFIERS[letter]?.(local, offset) ?? '')
    return format === UNSET && offsetAt.isUtc === true ? `${text}Z` : text
  },
)

export const DATE_FORMAT: Operators = { $dateToString: toText }
