import { MONTHS } from './format.ts'
import { monthOf, offsetOf, type ParsedDate } from './parsed.ts'

type Groups = Readonly<Record<string, string | undefined>>

interface Token {
  readonly pattern: RegExp
  readonly read: (groups: Groups) => ParsedDate
}

const MONTH_NAMES = MONTHS.map((month) => `${month}|${month.slice(0, 3)}`).join('|') + '|sept'
const ORDINAL = '(?<day>[0-3]?\\d)(?:st|nd|rd|th)?'
const CLOCK =
  't?(?<hour>[01]?\\d|2[0-4]):(?<minute>[0-5]\\d)(?::(?<second>[0-5]\\d)(?:[.,:](?<fraction>\\d{1,9}))?)?(?:\\s*(?<half>[ap])\\.?m\\.?)?'

/** The spellings that are understood, the longest first; each word of a text is read by the first that fits. */
const TOKENS: readonly Token[] = [
  token('(?<isoYear>\\d{4})-?w(?<isoWeek>\\d\\d)(?:-?(?<isoWeekday>[0-7]))?(?![\\d])'),
  token('(?<year>\\d{4})-(?<month>\\d\\d?)-(?<day>\\d\\d?)(?!\\d)'),
  token('(?<year>\\d{4})/(?<month>\\d\\d?)/(?<day>\\d\\d?)(?!\\d)'),
  token('(?<year>\\d{4})(?<month>\\d\\d)(?<day>\\d\\d)(?:t(?<hour>\\d\\d)(?<minute>\\d\\d)(?<second>\\d\\d)?)?(?!\\d)'),
  token('(?<month>\\d\\d?)/(?<day>\\d\\d?)/(?<year>\\d{4})(?!\\d)'),
  token('(?<day>\\d\\d?)[-.](?<month>\\d\\d?)[-.](?<year>\\d{4})(?!\\d)'),
  token(`${ORDINAL}[-. \\t]*(?<name>${MONTH_NAMES})[-., \\t]*(?<year>\\d{4})(?![\\d:])`),
  token(`(?<name>${MONTH_NAMES})[-. \\t]*${ORDINAL}(?:[-., \\t]+(?<year>\\d{4})(?![\\d:]))?(?![\\d:])`),
  token(`(?<year>\\d{4})[-. \\t]*(?<name>${MONTH_NAMES})[-. \\t]*${ORDINAL}(?![\\d:])`),
  token(CLOCK),
  token('(?<year>\\d{4})(?!\\d)'),
  token('(?<zone>(?:utc|gmt)?[+-]\\d\\d?(?::?\\d\\d)?|utc|gmt|z)(?![a-z\\d])'),
  token('(?:mon|tue|wed|thu|fri|sat|sun)(?:day|sday|nesday|rsday|urday)?\\.?(?![a-z])'),
]

function token(source: string): Token {
  return { pattern: new RegExp(source, 'iy'), read: readGroups }
}

function readGroups(groups: Groups): ParsedDate {
  const parts: Record<string, number> = {}
  for (const field of ['year', 'month', 'day', 'hour', 'minute', 'second', 'isoYear', 'isoWeek', 'isoWeekday']) {
    if (groups[field] !== undefined) parts[field] = Number(groups[field])
  }
  const { name, fraction, half, zone } = groups
  if (name !== undefined) parts['month'] = monthOf(name)
  if (fraction !== undefined) parts['millisecond'] = Math.floor(Number(`0.${fraction}`) * 1000 + 1e-6)
  if (half !== undefined) parts['hour'] = ((parts['hour'] ?? 0) % 12) + (half.toLowerCase() === 'p' ? 12 : 0)
  if (zone !== undefined) parts['offset'] = offsetOf(zone.replace(/^(?:utc|gmt)(?=[+-])/i, ''))
  return parts
}

const LONGEST_TEXT = 256
const BLANK = /[ \t\n\v\f\r\0\u00a0,]*/y

/** Reads a date written in one of the usual ways, ISO 8601 first of all; undefined when any of it is not understood. */
export function parseFreely(text: string): ParsedDate | undefined {
  if (text.length > LONGEST_TEXT) return undefined
  const parsed: Record<string, number> = {}
  let at = skipBlank(text, 0)
  while (at < text.length) {
    const found = readToken(text, at)
    if (found === undefined) return undefined
    for (const [field, value] of Object.entries(found.parts)) {
      if (Object.hasOwn(parsed, field)) return undefined
      parsed[field] = value as number
    }
    at = skipBlank(text, found.end)
  }
  return parsed
}

function readToken(text: string, at: number): { readonly parts: ParsedDate; readonly end: number } | undefined {
  for (const { pattern, read } of TOKENS) {
    pattern.lastIndex = at
    const match = pattern.exec(text)
    if (match !== null) return { parts: read(match.groups ?? {}), end: pattern.lastIndex }
  }
  return undefined
}

function skipBlank(text: string, at: number): number {
  BLANK.lastIndex = at
  BLANK.exec(text)
  return BLANK.lastIndex
}
