import { DAY, isoYearStart, midnight } from './calendar.ts'
import { MONTHS } from './format.ts'
import { toUtc, type Zone } from './zone.ts'

/** What a text says of a date; what it leaves out is undefined. */
export interface ParsedDate {
  year?: number
  /** 1 for January. */
  month?: number
  day?: number
  /** Days after 1 January, as `%j` counts them. */
  yearDay?: number
  isoYear?: number
  isoWeek?: number
  isoWeekday?: number
  hour?: number
  minute?: number
  second?: number
  millisecond?: number
  /** Milliseconds east of UTC, when the text itself names a zone. */
  offset?: number
}

/** The moment, or undefined when the parts are incomplete or no such day or time exists. */
export function moment(parts: ParsedDate, zone: Zone): Date | undefined {
  const date = dayOf(parts)
  const { hour = 0, minute = 0, second = 0, millisecond = 0, offset } = parts
  if (date === undefined || hour > 24 || minute > 59 || second > 59) return undefined
  const local = date + ((hour * 60 + minute) * 60 + second) * 1000 + millisecond
  return new Date(offset === undefined ? toUtc(local, zone) : local - offset)
}

function dayOf(parts: ParsedDate): number | undefined {
  const { year, month, day, yearDay, isoYear, isoWeek, isoWeekday = 1 } = parts
  if (isoYear !== undefined) {
    if (isoWeek === undefined || isoWeek < 1 || isoWeek > 53) return undefined
    return isoYearStart(isoYear) + ((isoWeek - 1) * 7 + isoWeekday - 1) * DAY
  }
  if (year === undefined) return undefined
  if (yearDay !== undefined) return midnight(year, 0, 1) + yearDay * DAY
  if (month === undefined || day === undefined || month < 1 || month > 12) return undefined
  return day >= 1 && day <= new Date(midnight(year, month, 0)).getUTCDate() ? midnight(year, month - 1, day) : undefined
}

/** `Z`, `+hh`, `+hhmm`, `+hh:mm`, `UTC` or `GMT` in milliseconds. */
export function offsetOf(text: string): number {
  const match = /^([+-])(\d\d?)(?::?(\d\d))?$/.exec(text)
  if (match === null) return 0
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0)
  return (match[1] === '-' ? -minutes : minutes) * 60_000
}

/** 1 for January, by a name's first three letters. */
export function monthOf(name: string): number {
  return MONTHS.findIndex((month) => month.slice(0, 3).toLowerCase() === name.slice(0, 3).toLowerCase()) + 1
}
