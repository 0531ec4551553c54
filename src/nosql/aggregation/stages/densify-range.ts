import { compareValues } from '../../query/compare.ts'
import { aUnit, isMonths, UNIT_MONTHS, type Unit } from '../expression/date/argument.ts'
import { addMonths } from '../expression/date/calendar.ts'
import { fail } from '../expression/failure.ts'
import { isNumeric, wholeNumber } from '../expression/kinds.ts'
import type { Result } from '../expression/scope.ts'
import { objectArgument, stageFields } from '../stage-argument.ts'
import { unitLength } from '../window/frames.ts'

/** What `$densify` steps through: numbers, or dates by a unit. */
export type Step = number | bigint | Date

export interface DensifyRange {
  readonly bounds: 'full' | 'partition' | readonly [Step, Step]
  /** The step after a value. */
  readonly next: (value: Step) => Step
  /** Refuses values that are not numbers, or not dates when there is a unit. */
  readonly check: (value: Result) => Step
}

export function parseRange(argument: unknown, name: string): DensifyRange {
  const fields = stageFields(objectArgument(argument, `range of ${name}`), `range of ${name}`, {
    required: ['step', 'bounds'],
    optional: ['unit'],
  })
  const { step, bounds } = fields
  if (!isNumber(step)) return fail('TypeMismatch', `step of ${name} must be a number`)
  if (!(step > 0)) fail(5733401, `step of ${name} must be above 0`)
  const unit = fields['unit'] === undefined ? undefined : readUnit(fields['unit'], step, name)
  return {
    bounds: readBounds(bounds, { step, unit, name }),
    next: (value) => advance(value, step, unit),
    check: (value) => checkValue(value, unit, name),
  }
}

function isNumber(value: unknown): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint'
}

function readUnit(unit: unknown, step: number | bigint, name: string): Unit {
  if (typeof unit !== 'string') return fail('TypeMismatch', `unit of ${name} must be a string`)
  if (wholeNumber(step) === undefined) fail(6586400, `step of ${name} must be a whole number when there is a unit`)
  return aUnit(unit, name)
}

interface Stepping {
  readonly step: number | bigint
  readonly unit: Unit | undefined
  readonly name: string
}

function readBounds(bounds: unknown, { step, unit, name }: Stepping): DensifyRange['bounds'] {
  if (bounds === 'full' || bounds === 'partition') return bounds
  if (typeof bounds === 'string') return fail(5946802, `bounds of ${name} must be 'full', 'partition' or an array`)
  if (!Array.isArray(bounds)) return fail(5733404, `bounds of ${name} must be 'full', 'partition' or an array`)
  if (bounds.length !== 2) fail(5733403, `bounds of ${name} must have two values`)
  const [low, high] = bounds as [unknown, unknown] // its length is two
  if (isNumber(low)) {
    if (unit !== undefined) fail(5733409, `unit of ${name} must be absent with numbers`)
    if (!isNumber(high)) return fail(5733406, `bounds of ${name} must be two numbers or two dates`)
    if (low > high) fail(5733402, `bounds of ${name} must be ascending`)
    if (typeof low !== typeof high || typeof low !== typeof step)
      fail(5876900, `bounds and step of ${name} must be of one type`)
    return [low, high]
  }
  if (!(low instanceof Date)) return fail(5946800, `bounds of ${name} must be numbers or dates`)
  if (!(high instanceof Date)) return fail(5733405, `bounds of ${name} must be two numbers or two dates`)
  if (low > high) fail(5733402, `bounds of ${name} must be ascending`)
  if (unit === undefined) fail(5733410, `unit of ${name} must be given with dates`)
  return [low, high]
}

function checkValue(value: Result, unit: Unit | undefined, name: string): Step {
  if (value instanceof Date)
    return unit === undefined ? fail(6053600, `unit of ${name} must be given with dates`) : value
  if (!isNumeric(value)) return fail(5733201, `values of ${name} must be numbers or dates`)
  return unit === undefined ? value : fail(6053600, `unit of ${name} must be absent with numbers`)
}

function advance(value: Step, step: number | bigint, unit: Unit | undefined): Step {
  if (value instanceof Date) {
    if (unit === undefined) return value
    const by = Number(step)
    return isMonths(unit)
      ? new Date(addMonths(value, by * UNIT_MONTHS[unit]))
      : new Date(value.getTime() + by * unitLength(unit))
  }
  return typeof value === 'bigint' && typeof step === 'bigint' ? value + step : Number(value) + Number(step)
}

export function isBefore(a: Step, b: Step): boolean {
  return compareValues(a, b) < 0
}
