import { fail } from '../failure.ts'
import { isNullish, isNumeric } from '../kinds.ts'
import { isWhole, mismatch, numeric } from './numeric.ts'
import { variadic, type Operator, type Operators } from '../parse.ts'
import { round } from './round.ts'

const rounding = (mode: 'nearest' | 'down'): Operator =>
  variadic(1, 2, (values, name) => {
    const [value, given] = values
    if (isNullish(value)) return null
    if (!isNumeric(value)) return mismatch(51081, name, value)
    if (values.length > 1 && isNullish(given)) return null
    const place = values.length > 1 ? given : 0
    if (!isNumeric(place)) return mismatch(16004, name, place)
    if (!isWhole(place)) fail(51082, `place of ${name} must be a whole number`)
    if (place < -20 || place > 100) fail(51083, `place of ${name} must be from -20 to 100`)
    return round(value, Number(place), mode)
  })

const same = (value: bigint): bigint => value

export const ROUNDING: Operators = {
  $ceil: numeric(Math.ceil, same),
  $floor: numeric(Math.floor, same),
  $round: rounding('nearest'),
  $trunc: rounding('down'),
}
