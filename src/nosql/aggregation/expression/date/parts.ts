import { isDocument } from '../../../query/value.ts'
import { fail } from '../failure.ts'
import { isNullish, wholeNumber, typeName } from '../kinds.ts'
import type { Operator, Operators } from '../parse.ts'
import type { Result } from '../scope.ts'
import { aDate, dateOperator, type DateApplied } from './argument.ts'
import { DAY, isoWeek, isoWeekday, isoYearStart, localDate, midnight } from './calendar.ts'
import { toUtc, type Zone } from './zone.ts'

const TIME = { hour: 0, minute: 0, second: 0, millisecond: 0, timezone: 'UTC' }

/** The time of day in milliseconds and the zone, or null: each part is checked before the next one is looked at. */
function readTime(values: Readonly<Record<keyof typeof TIME, Result>>, { name, zone }: DateApplied): Time | null {
  const hour = part(values.hour, 'hour', name)
  const minute = hour === null ? null : part(values.minute, 'minute', name)
  const second = minute === null ? null : whole(values.second, 'second', name)
  const millisecond = second === null ? null : whole(values.millisecond, 'millisecond', name)
  if (hour === null || minute === null || second === null || millisecond === null) return null
  if (isNullish(values.timezone)) return null
  return { clock: ((hour * 60 + minute) * 60 + second) * 1000 + millisecond, zone: zone(values.timezone) }
}

interface Time {
  readonly clock: number
  readonly zone: Zone
}

const fromCalendar = dateOperator(['year'], { month: 1, day: 1, ...TIME }, (values, place) => {
  const time = readTime(values, place)
  const parts = time && readDay(values, ['year', 'month', 'day'], place.name)
  if (time === null || parts === null) return null
  const [year, month, day] = parts
  return at(midnight(year, month - 1, 1) + (day - 1) * DAY, time)
})

const fromWeek = dateOperator(['isoWeekYear'], { isoWeek: 1, isoDayOfWeek: 1, ...TIME }, (values, place) => {
  const time = readTime(values, place)
  const parts = time && readDay(values, ['isoWeekYear', 'isoWeek', 'isoDayOfWeek'], place.name)
  if (time === null || parts === null) return null
  const [year, week, weekday] = parts
  return at(isoYearStart(year) + ((week - 1) * 7 + weekday - 1) * DAY, time)
})

type Three<T> = readonly [T, T, T]

/** A year and two parts of it: the year's range is checked when neither part is null. */
function readDay<Field extends string>(
  values: Readonly<Record<Field, Result>>,
  [yearField, first, second]: Three<Field>,
  name: string,
): Three<number> | null {
  const year = whole(values[yearField], yearField, name)
  const one = year === null ? null : part(values[first], first, name)
  const two = one === null ? null : part(values[second], second, name)
  if (year === null || one === null || two === null) return null
  if (year < 1 || year > 9999) return fail(40523, `${yearField} of ${name} must be from 1 to 9999`)
  return [year, one, two]
}

function at(day: number, { clock, zone }: Time): Date {
  return localDate(toUtc(localDate(day + clock).getTime(), zone))
}

function whole(value: Result, field: string, name: string): number | null {
  if (isNullish(value)) return null
  return wholeNumber(value) ?? fail(40515, `${field} of ${name} must be a whole number, not ${typeName(value)}`)
}

function part(value: Result, field: string, name: string): number | null {
  const given = whole(value, field, name)
  return given === null || (given >= -32_768 && given <= 32_767)
    ? given
    : fail(31034, `${field} of ${name} must be from -32768 to 32767`)
}

const fromParts: Operator = (argument, parse, name) => {
  const isoWeeks = isDocument(argument) && Object.keys(argument).some((key) => key.startsWith('iso'))
  return (isoWeeks ? fromWeek : fromCalendar)(argument, parse, name)
}

const toParts = dateOperator(['date'], { timezone: 'UTC', iso8601: false }, (values, { name, zone }) => {
  if (isNullish(values.timezone)) return null
  const offset = zone(values.timezone)
  if (isNullish(values.iso8601)) return null
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
