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
  /** 0 for Sunday: the day is the next such one. */
  weekday?: number
  hour?: number
  minute?: number
  second?: number
  millisecond?: number
  /** Milliseconds east of UTC, when the text itself names a zone. */
  offset?: number
}

/** The moment, or undefined when the parts are incomplete or contradict each other, or no such day or time exists. */
export function moment(parts: ParsedDate, zone: Zone): Date | undefined {
  const day = dayOf(parts)
  const { hour = 0, minute = 0, second = 0, millisecond = 0, offset, weekday } = parts
  if (day === undefined || hour > 23 || minute > 59 || second > 59) return undefined
  // Two zones contradict each other, unless that of the operator is the one that is meant where none is given.
  if (offset !== undefined && zone.isUtc !== true) return undefined
  const ahead = weekday === undefined ? 0 : (weekday - new Date(day).getUTCDay() + 7) % 7
  const local = day + ahead * DAY + ((hour * 60 + minute) * 60 + second) * 1000 + millisecond
  return new Date(offset === undefined ? toUtc(local, zone) : local - offset)
}

function dayOf(parts: ParsedDate): number | undefined {
  const { year, month, day, yearDay, isoYear, isoWeek, isoWeekday } = parts
  if (isoYear !== undefined || isoWeek !== undefined || isoWeekday !== undefined) {
    const natural = year !== undefined || month !== undefined || day !== undefined
    return isoYear === undefined || natural ? undefined : isoDay(isoYear, isoWeek, isoWeekday)
  }
  if (year === undefined || year < 0) return undefined
  if (yearDay !== undefined) return midnight(year, 0, 1) + yearDay * DAY
  if (month === undefined || day === undefined || month < 1 || month > 12) return undefined
  return day >= 1 && day <= new Date(midnight(year, month, 0)).getUTCDate() ? midnight(year, month - 1, day) : undefined
}

function isoDay(year: number, week = 1, weekday = 1): number | undefined {
  return week < 1 || week > 53 ? undefined : isoYearStart(year) + ((week - 1) * 7 + weekday - 1) * DAY
}

/** 1 for January, by a name in full, its first letters or Roman digits; 0 for any other word. */
export function monthOf(name: string): number {
  const roman = ROMAN.indexOf(name)
  if (roman >= 0) return roman + 1
  const given = name.toLowerCase()
  if (given === 'sept') return 9
  return MONTHS.findIndex((month) => [month, month.slice(0, 3)].some((known) => known.toLowerCase() === given)) + 1
}

const ROMAN = ['I', 'II', 'III', 'IV', 'V', 'VI', 'VII', 'VIII', 'IX', 'X', 'XI', 'XII']
