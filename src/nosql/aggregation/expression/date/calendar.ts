import { fail } from '../failure.ts'

export const DAY = 86_400_000
export const WEEK = 7 * DAY

/** Local times are held in a Date whose UTC fields are the local ones. */
export function localDate(local: number): Date {
  const date = new Date(local)
  return Number.isNaN(date.getTime()) ? fail('Overflow', 'a date must be within the range of dates') : date
}

/** The local midnight of a day; months and days beyond their range carry over. */
export function midnight(year: number, month: number, day: number): number {
  return new Date(0).setUTCFullYear(year, month, day)
}

/** 0 for 1 January. */
export function dayOfYear(date: Date): number {
  return Math.floor((date.getTime() - midnight(date.getUTCFullYear(), 0, 1)) / DAY)
}

/** 1 for Monday to 7 for Sunday. */
export function isoWeekday(date: Date): number {
  return date.getUTCDay() || 7
}

/** 0 before the year's first Sunday. */
export function week(date: Date): number {
  return Math.floor((dayOfYear(date) + 7 - date.getUTCDay()) / 7)
}

/** The week and its year by ISO 8601: a week belongs to the year of its Thursday. */
export function isoWeek(date: Date): { readonly year: number; readonly week: number } {
  const thursday = new Date(date.getTime() + (4 - isoWeekday(date)) * DAY)
  return { year: thursday.getUTCFullYear(), week: Math.floor(dayOfYear(thursday) / 7) + 1 }
}

/** The local midnight of the Monday of week 1 of an ISO year. */
export function isoYearStart(year: number): number {
  const fourth = new Date(midnight(year, 0, 4))
  return fourth.getTime() - (isoWeekday(fourth) - 1) * DAY
}

/** Months since year 0. */
export function monthNumber(date: Date): number {
  return date.getUTCFullYear() * 12 + date.getUTCMonth()
}

/** The same day and time `months` later, or the month's last day where it is shorter. */
export function addMonths(date: Date, months: number): number {
  const month = monthNumber(date) + months
  const year = Math.floor(month / 12)
  const last = new Date(midnight(year, month - year * 12 + 1, 0)).getUTCDate()
  const time = date.getTime() - Math.floor(date.getTime() / DAY) * DAY
  return midnight(year, month - year * 12, Math.min(date.getUTCDate(), last)) + time
}
