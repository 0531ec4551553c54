import { isDocument } from '../../../query/value.ts'
import { isNullish } from '../kinds.ts'
import { operands, wrongCount, type Operator, type Operators } from '../parse.ts'
import type { Result } from '../scope.ts'
import { aDate, dateOperator } from './argument.ts'
import { dayOfYear, isoWeek, isoWeekday, localDate, week } from './calendar.ts'

/** `{ $year: date }`, `{ $year: [date] }` or `{ $year: { date, timezone } }`. */
function part(read: (local: Date) => Result): Operator {
  const withZone = dateOperator(['date'], { timezone: 'UTC' }, ({ date, timezone }, { name, zone }) => {
    if (isNullish(date)) return null
    const utc = aDate(date, 16006, name).getTime()
    if (isNullish(timezone)) return null
    const offset = zone(timezone)
    return read(localDate(utc + offset(utc)))
  })
  return (argument, parse, name) => {
    if (isDocument(argument) && !Object.keys(argument)[0]?.startsWith('$')) return withZone(argument, parse, name)
    const parts = operands(argument, parse)
    if (parts.length !== 1) return wrongCount(name, 'exactly 1 argument', parts.length)
    return withZone({ date: Array.isArray(argument) ? argument[0] : argument }, parse, name)
  }
}

export const DATE_PART: Operators = {
  $dayOfMonth: part((date) => date.getUTCDate()),
  $dayOfWeek: part((date) => date.getUTCDay() + 1),
  $dayOfYear: part((date) => dayOfYear(date) + 1),
  $hour: part((date) => date.getUTCHours()),
  $isoDayOfWeek: part(isoWeekday),
  $isoWeek: part((date) => isoWeek(date).week),
  $isoWeekYear: part((date) => BigInt(isoWeek(date).year)),
  $millisecond: part((date) => date.getUTCMilliseconds()),
  $minute: part((date) => date.getUTCMinutes()),
  $month: part((date) => date.getUTCMonth() + 1),
  $second: part((date) => date.getUTCSeconds()),
  $week: part(week),
  $year: part((date) => date.getUTCFullYear()),
}
