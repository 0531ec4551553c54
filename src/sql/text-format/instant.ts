/**
 * An instant as PostgreSQL reads it in any style, in UTC. A year 0 is 1 BC, which is written at the end; ISO 8601 would sign
 * years before it, and those of more than four digits.
 */
export function formatInstant(date: Date, withTime = true): string {
  const year = date.getUTCFullYear()
  const shown = String(year > 0 ? year : 1 - year).padStart(4, '0')
  // Month, day and time are the same whatever the year is written like.
  const rest = date.toISOString().slice(-20, withTime ? undefined : -14)
  return `${shown}${rest}${year > 0 ? '' : ' BC'}`
}

const pattern =
  /^(\d{4,7})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?)?(?:([+-])(\d\d)(?::(\d\d))?(?::(\d\d))?)?( BC)?$/

/**
 * A date or timestamp as PostgreSQL writes it in the style ISO, as an instant; without a zone it is taken as UTC.
 * Microseconds are rounded down to milliseconds. Infinity is an invalid date; undefined for a text of another style.
 * JavaScript's own parser takes years before 100 for those of a later century, and infinity for the year 2000.
 */
export function parseInstant(text: string): Date | undefined {
  if (text === 'infinity' || text === '-infinity') return new Date(Number.NaN)
  const parts = pattern.exec(text)
  if (parts === null) return undefined
  const number = (index: number): number => Number(parts[index] ?? 0)
  const year = parts[12] === undefined ? number(1) : 1 - number(1)
  const milliseconds = Number((parts[7] ?? '').padEnd(3, '0').slice(0, 3))
  const offset = ((number(9) * 60 + number(10)) * 60 + number(11)) * (parts[8] === '-' ? -1000 : 1000)
  const instant = new Date(0)
  // `Date.UTC` would take a year below 100 for one of the last century.
  instant.setUTCFullYear(year, number(2) - 1, number(3))
  instant.setUTCHours(number(4), number(5), number(6), milliseconds)
  return new Date(instant.getTime() - offset)
}
