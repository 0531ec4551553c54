import { fail } from '../failure.ts'
import { isNullish, isNumeric } from '../kinds.ts'
import { isWhole, mismatch, numeric, widen } from './numeric.ts'
import { binary, type Operator, type Operators } from '../parse.ts'

function logarithm(apply: (value: number) => number, code: number): Operator {
  return numeric((value, name) =>
    value <= 0 ? fail(code, `the argument of ${name} must be a number above 0`) : apply(value),
  )
}

const power = (base: number, exponent: number, name: string): number => {
  if (base === 0 && exponent < 0) fail(28764, `${name} cannot raise 0 to a negative exponent`)
  return base ** exponent
}

const pow = binary((base, exponent, { name }) => {
  if (isNullish(base) || isNullish(exponent)) return null
  if (!isNumeric(base)) return mismatch(28762, name, base)
  if (!isNumeric(exponent)) return mismatch(28763, name, exponent)
  const result = power(Number(base), Number(exponent), name)
  const long = (typeof base === 'bigint' || typeof exponent === 'bigint') && isWhole(base) && isWhole(exponent)
  if (!long || !Number.isInteger(result) || Math.abs(result) > 2 ** 63) return result
  return Math.abs(result) < 2 ** 53 ? BigInt(result) : widen(BigInt(base) ** BigInt(exponent))
})

const log = binary((value, base, { name }) => {
  if (isNullish(value) || isNullish(base)) return null
  if (!isNumeric(value)) return mismatch(28756, name, value)
  if (!isNumeric(base)) return mismatch(28757, name, base)
  if (value <= 0) fail(28758, `the argument of ${name} must be a number above 0`)
  if (base <= 0 || base == 1) fail(28759, `the base of ${name} must be above 0 and not 1`)
  return Math.log(Number(value)) / Math.log(Number(base))
})

const logistic = numeric((value) => 1 / (1 + Math.exp(-value)))

/** Takes an expression, never a list of operands: an array is a wrong operand. */
const sigmoid: Operator = (argument, parse, name) => logistic([argument], parse, name)

export const EXPONENTIAL: Operators = {
  $exp: numeric(Math.exp),
  $ln: logarithm(Math.log, 28766),
  $log: log,
  $log10: logarithm(Math.log10, 28761),
  $pow: pow,
  $sigmoid: sigmoid,
  $sqrt: numeric((value, name) =>
    value < 0 ? fail(28714, `the argument of ${name} must be a number of at least 0`) : Math.sqrt(value),
  ),
}
