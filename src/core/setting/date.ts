const isoDate =
  /^(?<year>[+-]?\d{4,6})-(?<month>\d{2})(?:-(?<day>\d{2}))?(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/i
/** As in HTTP and mail: `Tue, 05 Nov 2024 10:00:00 GMT`. */
const mailDate = /^(?:[A-Z][a-z]{2}, )?\d{1,2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}(?::\d{2})? (?:GMT|UTC|[+-]\d{4})$/
/** Nine digits and more are milliseconds since 1970; fewer are more likely a mistake. */
const milliseconds = /^-?\d{9,16}$/

/**
 * The date that a text spells in ISO 8601, as HTTP and mail write it, or in milliseconds since 1970; `undefined` for
 * anything else, also where `new Date(text)` would guess: `'banana 1'`, `'1'`, `'2024-02-31'`.
 *
 * @see https://tc39.es/ecma262/#sec-date-time-string-format
 */
export function parseDate(text: string): Date | undefined {
  if (milliseconds.test(text)) return valid(new Date(Number(text)))
  const groups = isoDate.exec(text)?.groups
  if (groups === undefined) return mailDate.test(text) ? valid(new Date(text)) : undefined
  const { year, month, day = '1' } = groups
  const daysInMonth = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate()
  return Number(day) > daysInMonth ? undefined : valid(new Date(text))
}

function valid(date: Date): Date | undefined {
  return Number.isNaN(date.getTime()) ? undefined : date
}
