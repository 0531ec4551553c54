import { numeric } from './numeric.ts'
import { fail } from '../failure.ts'
import { isNullish, isNumeric, typeName } from '../kinds.ts'
import { binary, type Operator, type Operators } from '../parse.ts'

/** A function defined from `low` to `high`; NaN passes through. */
function within(low: number, high: number, apply: (value: number) => number): Operator {
  return numeric((value, name) => {
    if (value < low || value > high) fail(50989, `the argument of ${name} must be a number from ${low} to ${high}`)
    return apply(value)
  })
}

/** Sine, cosine and tangent have no value at infinity. */
function periodic(apply: (value: number) => number): Operator {
  return within(-Number.MAX_VALUE, Number.MAX_VALUE, apply)
}

const atan2 = binary((y, x, { name }) => {
  for (const value of [y, x]) {
    if (isNullish(value)) return null
    if (!isNumeric(value)) fail(51044, `the arguments of ${name} must be numbers, not ${typeName(value)}`)
  }
  return Math.atan2(Number(y), Number(x))
})

export const TRIGONOMETRY: Operators = {
  $acos: within(-1, 1, Math.acos),
  $acosh: within(1, Infinity, Math.acosh),
  $asin: within(-1, 1, Math.asin),
  $asinh: numeric(Math.asinh),
  $atan: numeric(Math.atan),
  $atan2: atan2,
  $atanh: within(-1, 1, Math.atanh),
  $cos: periodic(Math.cos),
  $cosh: numeric(Math.cosh),
  $degreesToRadians: numeric((value) => value * (Math.PI / 180)),
  $radiansToDegrees: numeric((value) => value * (180 / Math.PI)),
  $sin: periodic(Math.sin),
  $sinh: numeric(Math.sinh),
  $tan: periodic(Math.tan),
  $tanh: numeric(Math.tanh),
}
