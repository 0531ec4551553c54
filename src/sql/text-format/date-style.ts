import { DataError } from '../errors.ts'

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `28.02.2026`, `28.02.2026 23:30:00.5 UTC BC` */
const german = /^(\d\d)\.(\d\d)\.(\d{4,})(?: (\d\d:\d\d:\d\d(?:\.\d+)?))?(?: (?!BC$)([A-Z]+|[+-][\d:]+))?( BC)?$/

/** `Sat 28 Feb 23:30:00.5 2026 UTC`, or with the month first. Dates alone have only digits, in an order that is a setting. */
const postgres =
  /^[A-Z][a-z]{2} (?:(\d\d) ([A-Z][a-z]{2})|([A-Z][a-z]{2}) (\d\d)) (\d\d:\d\d:\d\d(?:\.\d+)?) (\d{4,})(?: (?!BC$)([A-Z]+|[+-][\d:]+))?( BC)?$/

/**
 * A date or time as `DateStyle = ISO` writes it, which is the server's default. Other styles are rewritten where they
 * say all that is needed; `02/03/2026` does not, and neither does the abbreviation of a time zone.
 *
 * @throws DataError for a text that can be read in two ways
 * @see https://www.postgresql.org/docs/current/datatype-datetime.html#DATATYPE-DATETIME-OUTPUT
 */
export function toIsoStyle(text: string): string {
  if (text.charCodeAt(4) === 0x2d || /^(?:\d{4,}-|-?infinity$)/.test(text)) return text
  const [, day, month, year, time, zone, era] = german.exec(text) ?? []
  if (year !== undefined) return isoText([year, month, day], time, `${zoneOf(zone)}${era ?? ''}`)
  const found = postgres.exec(text)
  if (found === null) throw ambiguous()
  const index = months.indexOf(found[2] ?? found[3] ?? '')
  if (index < 0) throw ambiguous()
  const date = [found[6], String(index + 1).padStart(2, '0'), found[1] ?? found[4]]
  return isoText(date, found[5], `${zoneOf(found[7])}${found[8] ?? ''}`)
}

function isoText(date: readonly unknown[], time: string | undefined, rest: string): string {
  return `${date.join('-')}${time === undefined ? '' : ` ${time}`}${rest}`
}

function zoneOf(zone: string | undefined): string {
  if (zone === undefined) return ''
  if (zone === 'UTC' || zone === 'GMT') return '+00'
  if (/^[+-]/.test(zone)) return zone
  throw ambiguous()
}

function ambiguous(): DataError {
  return new DataError('a date must come in the style ISO: the database wrote it in one that can be read in two ways', {
    hint: "Set the style of the role: alter role app set datestyle = 'ISO'.",
  })
}
