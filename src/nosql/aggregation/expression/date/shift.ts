import { fail } from '../failure.ts'
import { wholeNumber } from '../kinds.ts'
import type { Operator, Operators } from '../parse.ts'
import {
  aDate,
  anyNullish,
  aUnit,
  dateOperatorWith,
  isFixed,
  isMonths,
  UNIT,
  UNIT_LENGTH,
  UNIT_MONTHS,
  type Unit,
  ZONE,
} from './argument.ts'
import { addMonths, DAY, localDate } from './calendar.ts'
import { toUtc, type Zone } from './zone.ts'

function shift(utc: number, { amount, unit }: { readonly amount: number; readonly unit: Unit }, zone: Zone): Date {
  if (isFixed(unit)) return localDate(utc + amount * UNIT_LENGTH[unit])
  const local = localDate(utc + zone(utc))
  const moved = isMonths(unit)
    ? addMonths(local, amount * UNIT_MONTHS[unit])
    : local.getTime() + amount * (unit === 'week' ? 7 : 1) * DAY
  return localDate(toUtc(localDate(moved).getTime(), zone))
}

const shifting = dateOperatorWith({ checks: [UNIT, ZONE], nullAnswers: true })

const shiftBy = (sign: 1 | -1): Operator =>
  shifting(['startDate', 'unit', 'amount'], { timezone: 'UTC' }, (values, { name, zone }) => {
    const { startDate, amount, timezone } = values
    if (anyNullish(startDate, values.unit)) return null
    const unit = aUnit(values.unit, name)
    if (anyNullish(amount, timezone)) return null
    const offset = zone(timezone)
    const date = aDate(startDate, 5166403, name)
    const count = wholeNumber(amount) ?? fail(5166405, `amount of ${name} must be a whole number`)
    return shift(date.getTime(), { amount: sign * count, unit }, offset)
  })

export const DATE_SHIFT: Operators = { $dateAdd: shiftBy(1), $dateSubtract: shiftBy(-1) }
