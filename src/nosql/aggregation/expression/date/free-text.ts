import { type ParsedDate, monthOf } from './parsed.ts'
import { MONTHS } from './format.ts'
import { zoneOffset } from './text-zone.ts'

/*
 * The spellings of dates that MongoDB reads, which are those of its library (timelib). At each position of a text the
 * longest match counts, and among equally long ones the first in this list.
 */

const anyCase = (word: string): string => word.replace(/[a-z]/gi, (a) => `[${a.toLowerCase()}${a.toUpperCase()}]`)

const SHORT_NAMES = MONTHS.map((month) => anyCase(month.slice(0, 3)))
const ABBREVIATION = `(?<name>${[anyCase('sept'), ...SHORT_NAMES].join('|')})`
const NAMES = [...MONTHS.map(anyCase), anyCase('sept'), ...SHORT_NAMES].join('|')
const NAME = `(?<name>${NAMES}|VIII|VII|VI|V|IV|IX|XII|XI|X|III|II|I)`
const WEEKDAYS = ['sun', 'mon', 'tues', 'wednes', 'thurs', 'fri', 'satur']
const WEEKDAY = WEEKDAYS.map((day) => `${anyCase(`${day}day`)}[sS]?|${anyCase(day.slice(0, 3))}`).join('|')

const MONTH = '(?<month>1[0-2]|0?\\d)'
const MONTH_2 = '(?<month>0\\d|1[0-2])'
const DAY = '(?<day>3[01]|[0-2]?\\d)(?:st|nd|rd|th)?'
const DAY_2 = '(?<day>[0-2]\\d|3[01])'
const YEAR = '(?<year>\\d{1,4})'
const YEAR_4 = '(?<year>\\d{4})'
const HOUR_12 = '(?<hour>1[0-2]|0?[1-9])'
const HOUR = '(?<hour>2[0-4]|[01]?\\d)'
const HOUR_2 = '(?<hour>[01]\\d|2[0-4])'
const MINUTE = '(?<minute>[0-5]?\\d)'
const MINUTE_2 = '(?<minute>[0-5]\\d)'
const SECOND = '(?<second>60|[0-5]?\\d)'
const SECOND_2 = '(?<second>60|[0-5]\\d)'
const FRACTION = '\\.(?<fraction>\\d+)'
const HALF = '(?<half>[AaPp])\\.?[Mm]\\.?(?:[\\0\\t ]|$)'
const SPACE = '(?:[ \\t]+|\\u00a0+|\\u202f+)'
const OFFSET =
  '(?<zone>(?:GMT)?[+-](?:(?:[01]\\d|2[0-4])(?::[0-5]\\d:(?:60|[0-5]\\d)|[0-5]\\d(?:60|[0-5]\\d))|(?:2[0-4]|[01]?\\d)(?::?[0-5]?\\d)?))'
const GAP = '[ .\\t-]*'
const NO_YEAR = `${NAME}${GAP}${DAY}(?:[,.stndrh\\t ]+|\\0|$)`
const CLOCK = `[tT]?${HOUR}[:.]${MINUTE}(?:[:.]${SECOND}(?:${FRACTION})?)?`

/** What a spelling holds: a date, a time, a zone, or an addition to them. */
type Kind = 'date' | 'time' | 'both' | 'zone' | 'year' | 'digits' | 'weekday' | 'nothing'

interface Spelling {
  readonly pattern: RegExp
  readonly kind: Kind
  readonly implied?: ParsedDate
}

const spelling = (kind: Kind, source: string, implied?: ParsedDate): Spelling => ({
  kind,
  pattern: new RegExp(source, 'y'),
  ...(implied && { implied }),
})

const SPELLINGS: readonly Spelling[] = [
  spelling('time', `${HOUR_12}(?:[:.]${MINUTE}(?:[:.]${SECOND_2})?)?${SPACE}?${HALF}`),
  spelling('time', `${HOUR_12}:${MINUTE_2}:${SECOND_2}[:.](?<fraction>\\d+)${HALF}`),
  spelling('time', CLOCK),
  spelling('time', `[tT]${HOUR}`),
  spelling('digits', `[tT]?${HOUR_2}${MINUTE_2}`),
  spelling('time', `[tT]?${HOUR_2}${MINUTE_2}${SECOND_2}`),
  spelling('date', `${MONTH}/${DAY}(?:/${YEAR})?`),
  spelling('date', `(?<year>[+-]?\\d{4}|[+-]\\d{5,19})-${MONTH_2}-${DAY_2}`),
  spelling('date', `${YEAR_4}/(?:${MONTH}/${DAY})`),
  spelling('date', `${YEAR_4}/${MONTH_2}/${DAY_2}/`),
  spelling('date', `(?<year>\\d\\d)-${MONTH_2}-${DAY_2}`),
  spelling('date', `${YEAR_4}-${MONTH}`, { day: 1 }),
  spelling('date', `${YEAR}-${MONTH}-${DAY}`),
  spelling('date', `${DAY}[ \\t.-]*${NAME}[ \\t.-]*${YEAR}`),
  spelling('date', `${DAY}[.\\t-]${MONTH}[.-]${YEAR_4}`),
  spelling('date', `${DAY}[.\\t]${MONTH}\\.(?<year>\\d\\d)`),
  spelling('date', `${NAME}${GAP}${YEAR_4}`, { day: 1 }),
  spelling('date', `${YEAR_4}${GAP}${NAME}`, { day: 1 }),
  spelling('date', `${NAME}${GAP}${DAY}[,.stndrh\\t ]+${YEAR}`),
  spelling('date', NO_YEAR),
  spelling('date', `${DAY}${GAP}${NAME}`),
  spelling('date', `${YEAR_4}${MONTH_2}${DAY_2}`),
  spelling('both', `${YEAR_4}${MONTH_2}${DAY_2}T${HOUR}:${MINUTE_2}:${SECOND_2}`),
  spelling('both', `${YEAR_4}${MONTH_2}${DAY_2}[tT]${HOUR}${MINUTE_2}${SECOND_2}`),
  spelling('both', `${YEAR_4}-${MONTH_2}-${DAY_2}T${HOUR_2}:${MINUTE_2}:${SECOND_2}${FRACTION}${OFFSET}?`),
  spelling('both', `${YEAR_4}-${MONTH}-${DAY}T${HOUR}:${MINUTE}:${SECOND}`),
  spelling('both', `${YEAR_4}:${MONTH_2}:${DAY_2} ${HOUR_2}:${MINUTE_2}:${SECOND_2}`),
  spelling('date', `${YEAR_4}[.-]?(?<day>00[1-9]|0[1-9]\\d|[12]\\d\\d|3[0-5]\\d|36[0-6])`, { month: 1 }),
  spelling('date', '(?<isoYear>\\d{4})-?W(?<isoWeek>0[1-9]|[1-4]\\d|5[0-3])(?:-?(?<isoWeekday>[0-7]))?'),
  spelling('date', `${ABBREVIATION}-${DAY_2}-${YEAR}`),
  spelling('date', `${YEAR}-${ABBREVIATION}-${DAY_2}`),
  spelling('both', `${DAY}/${ABBREVIATION}/${YEAR_4}:${HOUR_2}:${MINUTE_2}:${SECOND_2}${SPACE}${OFFSET}`),
  // Digits that go on are not a year, and what is left is not another spelling.
  spelling('year', `${YEAR_4}(?!\\d)`),
  spelling('weekday', `(?<weekday>${WEEKDAY})`),
  spelling('date', `(?<name>${NAMES})`),
  spelling('zone', OFFSET),
  spelling('zone', '(?<zone>[A-Z][a-z]+(?:[_/-][A-Za-z]+)+|\\(?[A-Za-z]{1,6}\\)?)'),
  spelling('both', `${NO_YEAR}${HOUR_12}[:.]${MINUTE}(?:[:.]${SECOND_2})?${SPACE}?${HALF}`),
  spelling('both', `${NO_YEAR}${CLOCK}`),
  spelling('nothing', `[.,\\0\\n]|${SPACE}`),
]

const LONGEST_TEXT = 256
const ISO = new RegExp(
  `^${YEAR_4}-${MONTH_2}-${DAY_2}(?:T${HOUR_2}:${MINUTE_2}:${SECOND_2}(?:${FRACTION})?(?<zone>Z)?)?$`,
)

/** Reads a date in one of the usual spellings; undefined when any of the text is not understood. */
export function parseFreely(text: string): ParsedDate | undefined {
  if (text.length > LONGEST_TEXT) return undefined
  const iso = ISO.exec(text)
  if (iso !== null) return partsOf(iso.groups ?? {})
  const trimmed = text.replace(/^[ \t-\r]+|[ \t-\r]+$/g, '')
  const parsed: Record<string, number> = {}
  const met = { date: false, time: false, zone: false, year: false }
  for (let at = 0; at < trimmed.length;) {
    const found = longestAt(trimmed, at)
    if (found === undefined) return undefined
    const [{ kind, implied }, match] = found
    at += match[0].length
    if (kind === 'nothing') continue
    const parts = partsOf(match.groups ?? {})
    if (parts === undefined) return undefined
    if (kind === 'digits' && met.time) {
      if (met.year) return undefined
      met.year = true
      parsed['year'] = Number(match[0].slice(-4))
      continue
    }
    const gives = {
      date: kind === 'date' || kind === 'both',
      time: kind === 'time' || kind === 'both' || kind === 'digits',
    }
    if ((gives.date && met.date) || (gives.time && met.time) || (kind === 'zone' && met.zone)) return undefined
    met.date ||= gives.date
    met.time ||= gives.time
    met.zone ||= kind === 'zone'
    // A weekday says the day from its first moment on.
    if (kind === 'weekday') met.time = false
    if (gives.time || kind === 'weekday') Object.assign(parsed, { hour: 0, minute: 0, second: 0, millisecond: 0 })
    Object.assign(parsed, implied, parts)
  }
  return parsed
}

function longestAt(text: string, at: number): [Spelling, RegExpExecArray] | undefined {
  let longest: [Spelling, RegExpExecArray] | undefined
  for (const known of SPELLINGS) {
    known.pattern.lastIndex = at
    const match = known.pattern.exec(text)
    if (match !== null && match[0].length > (longest?.[1][0].length ?? 0)) longest = [known, match]
  }
  return longest
}

const NUMBERS = ['year', 'month', 'day', 'hour', 'minute', 'second', 'isoYear', 'isoWeek', 'isoWeekday'] as const

/** What the named groups of a match say; undefined when they name a zone that is not known. */
function partsOf(groups: Readonly<Record<string, string | undefined>>): ParsedDate | undefined {
  const parts: ParsedDate = {}
  for (const field of NUMBERS) if (groups[field] !== undefined) parts[field] = Number(groups[field])
  const { year, name, fraction, half, zone, weekday } = groups
  if (year !== undefined && year.length < 4 && Number(year) < 100)
    parts.year = Number(year) + (Number(year) < 70 ? 2000 : 1900)
  if (name !== undefined) parts.month = monthOf(name)
  if (fraction !== undefined) parts.millisecond = Number(fraction.padEnd(3, '0').slice(0, 3))
  if (half !== undefined) parts.hour = ((parts.hour ?? 0) % 12) + (half.toLowerCase() === 'p' ? 12 : 0)
  if (weekday !== undefined)
    parts.weekday = WEEKDAYS.findIndex((day) => day.startsWith(weekday.slice(0, 3).toLowerCase()))
  if (zone === undefined) return parts
  const offset = zoneOffset(zone)
  return offset === undefined ? undefined : { ...parts, offset }
}
