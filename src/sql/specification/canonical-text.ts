import type { PgColumn } from 'drizzle-orm/pg-core'

/** Texts of a type that are written as the database writes them, for which its own comparison is that of the texts. */
export interface CanonicalText {
  fits(text: string): boolean
  /** Values whose order is that of their texts, as the operands of `between`. @default all */
  readonly domain?: string
}

const uuid: CanonicalText = {
  fits: (text) => /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/.test(text),
}

const date: CanonicalText = {
  fits: (text) => /^\d{4}-\d\d-\d\d$/.test(text) && isMoment(`${text}T00:00:00`),
  domain: `'0001-01-01' and '9999-12-31'`,
}

const timestamp: CanonicalText = {
  fits: (text) =>
    /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{0,5}[1-9])?$/.test(text) && isMoment(text.slice(0, 19).replace(' ', 'T')),
  domain: `'0001-01-01' and '9999-12-31 23:59:59.999999'`,
}

const time: CanonicalText = {
  fits: (text) => /^(?:[01]\d|2[0-3])(?::[0-5]\d){2}(?:\.\d{0,5}[1-9])?$/.test(text),
}

/** Those of a column; undefined where its text and its value are ordered apart, or written in more than one way. */
export function canonicalTexts(column: PgColumn): CanonicalText | undefined {
  const zoned = 'withTimezone' in column && column.withTimezone === true
  switch (column.columnType) {
    case 'PgUUID':
      return uuid
    case 'PgDateString':
      return date
    case 'PgTimestampString':
      return zoned ? undefined : timestamp
    case 'PgTime':
      return zoned ? undefined : time
    default:
      return undefined
  }
}

/** There is a year 0 in JavaScript, and there are 31 days in each month. */
function isMoment(text: string): boolean {
  const parsed = new Date(`${text}Z`)
  return !text.startsWith('0000') && !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(text)
}
