import { isDocument } from '../../../query/value.ts'
import { fail } from '../failure.ts'
import { isNullish, wholeNumber, typeName } from '../kinds.ts'
import type { Operator, Operators } from '../parse.ts'
import type { Result } from '../scope.ts'
import { aDate, anyNullish, dateOperator } from './argument.ts'
import { DAY, isoWeek, isoWeekday, isoYearStart, localDate, midnight } from './calendar.ts'
import { toUtc } from './zone.ts'

const TIME = { hour: 0, minute: 0, second: 0, millisecond: 0, timezone: 'UTC' }

type Time = Readonly<Record<keyof typeof TIME, Result>>

const fromCalendar = dateOperator(['year'], { month: 1, day: 1, ...TIME }, (values, { name, zone }) => {
  if (anyNullish(...Object.values(values))) return null
  const date = midnight(year(values.year, 'year', name), part(values.month, 'month', name) - 1, 1)
  return at(date + (part(values.day, 'day', name) - 1) * DAY, values, { name, zone: zone(values.timezone) })
})

const fromWeek = dateOperator(['isoWeekYear'], { isoWeek: 1, isoDayOfWeek: 1, ...TIME }, (values, { name, zone }) => {
  if (anyNullish(...Object.values(values))) return null
  const start = isoYearStart(year(values.isoWeekYear, 'isoWeekYear', name))
  const days = (part(values.isoWeek, 'isoWeek', name) - 1) * 7 + part(values.isoDayOfWeek, 'isoDayOfWeek', name) - 1
  return at(start + days * DAY, values, { name, zone: zone(values.timezone) })
})

function at(date: number, time: Time, how: { name: string; zone: Parameters<typeof toUtc>[1] }): Date {
  const { name, zone } = how
  const clock = (part(time.hour, 'hour', name) * 60 + part(time.minute, 'minute', name)) * 60
  const seconds = clock + part(time.second, 'second', name)
  const local = date + seconds * 1000 + whole(time.millisecond, 'millisecond', name)
  return localDate(toUtc(localDate(local).getTime(), zone))
}

function whole(value: Result, field: string, name: string): number {
  return wholeNumber(value) ?? fail(40515, `${field} of ${name} must be a whole number, not ${typeName(value)}`)
}

function year(value: Result, field: string, name: string): number {
  const given = whole(value, field, name)
  return given >= 1 && given <= 9999 ? given : fail(40523, `${field} of ${name} must be from 1 to 9999`)
}

function part(value: Result, field: string, name: string): number {
  const given = whole(value, field, name)
  return Math.abs(given) <= 32_767 ? given : fail(31034, `${field} of ${name} must be from -32767 to 32767`)
}

const fromParts: Operator = (argument, parse, name) => {
  const isoWeeks = isDocument(argument) && Object.keys(argument).some((key) => key.startsWith('iso'))
  return (isoWeeks ? fromWeek : fromCalendar)(argument, parse, name)
}

const toParts = dateOperator(['date'], { timezone: 'UTC', iso8601: false }, (values, { name, zone }) => {
  if (anyNullish(values.timezone, values.iso8601)) return null
  const offset = zone(values.timezone)
  if (typeof values.iso8601 !== 'boolean') return fail(40521, `iso8601 of ${name} must be a boolean`)
  if (isNullish(values.date)) return null
  const utc = aDate(values.date, 16006, name).getTime()
  const date = localDate(utc + offset(utc))
  const time = {
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    millisecond: date.getUTCMilliseconds(),
  }
  if (!values.iso8601) {
    return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate(), ...time }
  }
  const iso = isoWeek(date)
  return { isoWeekYear: iso.year, isoWeek: iso.week, isoDayOfWeek: isoWeekday(date), ...time }
})

export const DATE_PARTS: Operators = { $dateFromParts: fromParts, $dateToParts: toParts }
