import { objectIdTime } from '../../../query/object-id.ts'
import { isObjectId } from '../../../query/value.ts'
import { fail } from '../failure.ts'
import { isNullish, typeName } from '../kinds.ts'
import { isDocument } from '../../../query/value.ts'
import type { Meter } from '../../../query/meter.ts'
import { named, type Applied, type Operator, type Parse } from '../parse.ts'
import { constant, constantValue, type Evaluate, type Result } from '../scope.ts'
import { zoneReader, type Zone } from './zone.ts'

export function aDate(value: Result, code: number | string, name: string): Date {
  if (isObjectId(value)) return objectIdTime(value)
  return value instanceof Date ? value : fail(code, `the argument of ${name} must be a date, not ${typeName(value)}`)
}

/** Fixed lengths in milliseconds of the units that have one everywhere. */
export const UNIT_LENGTH = { millisecond: 1, second: 1000, minute: 60_000, hour: 3_600_000 } as const

/** Months in the units that are made of months. */
export const UNIT_MONTHS = { month: 1, quarter: 3, year: 12 } as const

export type Unit = keyof typeof UNIT_LENGTH | keyof typeof UNIT_MONTHS | 'day' | 'week'

export function aUnit(value: Result, name: string): Unit {
  if (typeof value !== 'string') return fail(5439013, `unit of ${name} must be a string, not ${typeName(value)}`)
  return isUnit(value)
    ? value
    : fail('FailedToParse', `unit of ${name} must be a known unit`, 'Use a unit from year to millisecond.')
}

function isUnit(value: string): value is Unit {
  return value === 'day' || value === 'week' || Object.hasOwn(UNIT_LENGTH, value) || Object.hasOwn(UNIT_MONTHS, value)
}

export function isFixed(unit: Unit): unit is keyof typeof UNIT_LENGTH {
  return Object.hasOwn(UNIT_LENGTH, unit)
}

export function isMonths(unit: Unit): unit is keyof typeof UNIT_MONTHS {
  return Object.hasOwn(UNIT_MONTHS, unit)
}

const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']

/** 0 for Sunday to 6, from a name in full or its first three letters. */
export function aWeekday(value: Result, name: string): number {
  if (typeof value !== 'string') return fail(5439015, `startOfWeek of ${name} must be a string, not ${typeName(value)}`)
  const given = value.toLowerCase()
  const index = WEEKDAYS.findIndex((day) => day === given || day.slice(0, 3) === given)
  return index < 0 ? fail(5439016, `startOfWeek of ${name} must be the name of a day`) : index
}

/** What a time zone's offset may cost, and what a date needs. */
const DATE_STEPS = 50
const DATE_BYTES = 100

/** Pays for work with dates. */
export function priced(evaluate: Evaluate): Evaluate {
  return (scope) => {
    scope.meter.work(DATE_STEPS)
    scope.meter.allocate(DATE_BYTES)
    return evaluate(scope)
  }
}

/** What an operator over dates knows when it is applied. */
export interface DateApplied extends Applied {
  readonly zone: (id: Result) => Zone
}

/** How a field that is not the date is checked when it is a constant. */
export type Check = (value: Result, place: DateApplied) => void

export interface Settings {
  /** In the order in which they are checked, before any document is read. */
  readonly checks: readonly (readonly [field: string, check: Check])[]
  /** Whether such a field that is null makes the whole expression null. */
  readonly nullAnswers: boolean
}

export const UNIT: Settings['checks'][number] = ['unit', (value, { name }) => void aUnit(value, name)]
export const ZONE: Settings['checks'][number] = ['timezone', (id, { zone }) => void zone(id)]

/**
 * Makes operators over an object of fields that reads time zones. As in MongoDB, their constants are checked before any
 * document is read, unless all is constant: it is evaluated then, from its first field on.
 */
export function dateOperatorWith({ checks, nullAnswers }: Settings) {
  return <Required extends string, Defaults extends Readonly<Record<string, Result>>>(
    required: readonly Required[],
    defaults: Defaults,
    apply: (values: Readonly<Record<Required | keyof Defaults, Result>>, place: DateApplied) => Result,
  ): Operator => {
    return (argument, parse, name) => {
      const zone = zoneReader()
      const placed = (at: string, meter: Meter): DateApplied => ({ name: at, meter, zone: (id) => zone(id, meter) })
      const read = named(required, defaults, (values, at, meter) => apply(values, placed(at, meter)))
      const evaluate = read(argument, parse, name)
      if (evaluate.constant || evaluate.failure !== undefined) return evaluate
      const place = placed(name, parse.constants.meter)
      try {
        for (const [field, check] of checks) {
          const value = constantField(argument, field, parse)
          if (value === undefined) continue
          if (value !== null) check(value, place)
          else if (nullAnswers) return constant(null)
        }
      } catch (failure) {
        return Object.assign(priced(evaluate), { failure })
      }
      return priced(evaluate)
    }
  }
}

export const dateOperator = dateOperatorWith({ checks: [ZONE], nullAnswers: false })

/** The value of a field that is a constant, null where it is missing; undefined when there is no such field. */
function constantField(argument: unknown, field: string, parse: Parse): Result {
  if (!isDocument(argument) || !Object.hasOwn(argument, field)) return undefined
  const evaluate = parse.compile(argument[field])
  return evaluate.constant ? (constantValue(evaluate) ?? null) : undefined
}

export function anyNullish(...values: readonly Result[]): boolean {
  return values.some(isNullish)
}
