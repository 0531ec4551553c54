import { fail } from '../failure.ts'
import { isNullish, wholeNumber } from '../kinds.ts'
import type { Operators } from '../parse.ts'
import type { Result } from '../scope.ts'
import {
  aDate,
  anyNullish,
  aUnit,
  aWeekday,
  dateOperatorWith,
  isFixed,
  isMonths,
  type Settings,
  UNIT,
  UNIT_LENGTH,
  UNIT_MONTHS,
  type Unit,
  ZONE,
} from './argument.ts'
import { DAY, localDate, midnight, monthNumber, WEEK } from './calendar.ts'
import { toUtc, type Zone } from './zone.ts'

const START_OF_WEEK: Settings['checks'][number] = ['startOfWeek', (value, { name }) => void aWeekday(value, name)]

interface Frame {
  readonly unit: Unit
  readonly zone: Zone
  /** 0 for Sunday. */
  readonly startOfWeek: number
}

/** Boundaries of the unit passed since a fixed point, in local time. */
function ordinal(utc: number, { unit, zone, startOfWeek }: Frame): number {
  if (isFixed(unit)) {
    // Half-hour zones turn the hour elsewhere, yet a clock change adds no hour that did not pass.
    const within = unit === 'hour' ? zone(utc) % UNIT_LENGTH.hour : 0
    return Math.floor((utc + within) / UNIT_LENGTH[unit])
  }
  const local = utc + zone(utc)
  if (isMonths(unit)) return Math.floor(monthNumber(localDate(local)) / UNIT_MONTHS[unit])
  // Day 0 was a Thursday.
  return unit === 'day' ? Math.floor(local / DAY) : Math.floor((local + (4 - startOfWeek) * DAY) / WEEK)
}

const diff = dateOperatorWith({ checks: [UNIT, START_OF_WEEK, ZONE], nullAnswers: true })(
  ['startDate', 'endDate', 'unit'],
  { timezone: 'UTC', startOfWeek: 'sunday' },
  (values, { name, zone }) => {
    if (anyNullish(values.startDate, values.endDate, values.unit)) return null
    const unit = aUnit(values.unit, name)
    if (unit === 'week' && isNullish(values.startOfWeek)) return null
    const startOfWeek = unit === 'week' ? aWeekday(values.startOfWeek, name) : 0
    if (isNullish(values.timezone)) return null
    const frame: Frame = { unit, zone: zone(values.timezone), startOfWeek }
    const start = aDate(values.startDate, 5166307, name)
    const end = aDate(values.endDate, 5166307, name)
    return BigInt(ordinal(end.getTime(), frame) - ordinal(start.getTime(), frame))
  },
)

function binSize(value: Result, name: string): number {
  const size = wholeNumber(value) ?? fail(5439017, `binSize of ${name} must be a whole number`)
  return size > 0 ? size : fail(5439018, `binSize of ${name} must be above 0`)
}

/** Bins are counted from the start of the year 2000, or from the first week that begins in it. */
const ORIGIN = Date.UTC(2000, 0, 1)

function truncate(utc: number, size: number, { unit, zone, startOfWeek }: Frame): number {
  // Time that passes is not changed by clocks that are: bins of hours keep their length through the year.
  if (isFixed(unit)) return floorTo(utc, size * UNIT_LENGTH[unit], ORIGIN - zone(ORIGIN))
  const local = utc + zone(utc)
  if (isMonths(unit)) {
    const month = floorTo(monthNumber(localDate(local)), size * UNIT_MONTHS[unit], 2000 * 12)
    return toUtc(midnight(Math.floor(month / 12), month - Math.floor(month / 12) * 12, 1), zone)
  }
  if (unit === 'day') return toUtc(floorTo(local, size * DAY, ORIGIN), zone)
  // The year 2000 began on a Saturday.
  return toUtc(floorTo(local, size * WEEK, ORIGIN + ((startOfWeek + 1) % 7) * DAY), zone)
}

function floorTo(value: number, size: number, origin: number): number {
  return Math.floor((value - origin) / size) * size + origin
}

const BIN_SIZE: Settings['checks'][number] = ['binSize', (value, { name }) => void binSize(value, name)]

const truncateTo = dateOperatorWith({ checks: [UNIT, START_OF_WEEK, ZONE, BIN_SIZE], nullAnswers: true })(
  ['date', 'unit'],
  { binSize: 1, timezone: 'UTC', startOfWeek: 'sunday' },
  (values, { name, zone }) => {
    if (anyNullish(values.date, values.binSize)) return null
    const size = binSize(values.binSize, name)
    if (isNullish(values.unit)) return null
    const unit = aUnit(values.unit, name)
    if (unit === 'week' && isNullish(values.startOfWeek)) return null
    const startOfWeek = unit === 'week' ? aWeekday(values.startOfWeek, name) : 0
    if (isNullish(values.timezone)) return null
    const frame: Frame = { unit, zone: zone(values.timezone), startOfWeek }
    return localDate(truncate(aDate(values.date, 5439012, name).getTime(), size, frame))
  },
)

export const DATE_SPAN: Operators = { $dateDiff: diff, $dateTrunc: truncateTo }
