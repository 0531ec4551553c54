import { fail } from './failure.ts'
import { inInt64, isNullish, isNumeric, typeName } from './kinds.ts'
import { binary, unary, variadic, type Operator, type Operators } from './parse.ts'
import { round } from './round.ts'
import type { Result } from './scope.ts'
import { NumberSum } from './sum.ts'

type Numeric = number | bigint

/** A function of one number; null and missing give null. `whole` treats int64, which is widened otherwise. */
export function numeric(apply: (value: number, name: string) => number, whole?: (value: bigint) => Numeric): Operator {
  return unary((value, name) => {
    if (isNullish(value)) return null
    if (typeof value === 'number') return apply(value, name)
    if (typeof value === 'bigint') return whole === undefined ? apply(Number(value), name) : whole(value)
    return fail(28765, `${name} takes a number, not ${typeName(value)}.`)
  })
}

/** A function of two numbers, given as bigints when both are whole and one is an int64. */
function pair(
  code: number | string,
  apply: (left: number, right: number, name: string) => Numeric,
  whole?: (left: bigint, right: bigint, name: string) => Numeric,
): Operator {
  return binary((left, right, name) => {
    if (isNullish(left) || isNullish(right)) {
      for (const value of [left, right]) if (!isNullish(value) && !isNumeric(value)) mismatch(code, name, value)
      return null
    }
    if (!isNumeric(left)) return mismatch(code, name, left)
    if (!isNumeric(right)) return mismatch(code, name, right)
    if (whole !== undefined && (typeof left === 'bigint' || typeof right === 'bigint')) {
      if (isWhole(left) && isWhole(right)) return whole(BigInt(left), BigInt(right), name)
    }
    return apply(Number(left), Number(right), name)
  })
}

function mismatch(code: number | string, name: string, value: Result): never {
  return fail(code, `${name} takes numbers, not ${typeName(value)}.`)
}

function isWhole(value: Numeric): boolean {
  return typeof value === 'bigint' || Number.isSafeInteger(value)
}

/** Exact while int64 holds it, a double beyond. */
function widen(value: bigint): Numeric {
  return inInt64(value) ? value : Number(value)
}

function logarithm(apply: (value: number) => number, code: number): Operator {
  return numeric((value, name) => (value <= 0 ? fail(code, `${name} takes a number above 0.`) : apply(value)))
}

const divideByZero = (name: string, code: number | string): never => fail(code, `${name} by zero.`)

const same = (value: bigint): bigint => value

const absolute = (value: bigint): bigint => {
  if (!inInt64(-value)) fail(28680, '$abs of the smallest int64 is out of range.')
  return value < 0n ? -value : value
}

const multiply = variadic(0, Infinity, (values, name) => {
  let product: Numeric = 1
  let missing = false
  for (const value of values) {
    if (isNullish(value)) missing = true
    else if (!isNumeric(value)) mismatch('TypeMismatch', name, value)
    else product = times(product, value)
  }
  return missing ? null : product
})

function times(left: Numeric, right: Numeric): Numeric {
  if (typeof left === 'number' && typeof right === 'number') return left * right
  return isWhole(left) && isWhole(right) ? widen(BigInt(left) * BigInt(right)) : Number(left) * Number(right)
}

const add = variadic(0, Infinity, (values, name) => {
  const sum = new NumberSum()
  let date: Date | undefined
  let missing = false
  for (const value of values) {
    if (isNullish(value)) missing = true
    else if (value instanceof Date) {
      if (date !== undefined) fail(16612, '$add takes one date at most.')
      date = value
    } else if (isNumeric(value)) sum.add(value)
    else fail('TypeMismatch', `${name} takes numbers and one date, not ${typeName(value)}.`)
  }
  if (missing) return null
  return date === undefined ? sum.value : shifted(date, Math.round(sum.number), name)
})

const subtract = binary((left, right, name) => {
  if (isNullish(left) || isNullish(right)) return null
  if (left instanceof Date) {
    if (right instanceof Date) return BigInt(left.getTime() - right.getTime())
    if (isNumeric(right)) return shifted(left, -Math.round(Number(right)), name)
  } else if (isNumeric(left) && isNumeric(right)) {
    if (typeof left === 'number' && typeof right === 'number') return left - right
    return isWhole(left) && isWhole(right) ? widen(BigInt(left) - BigInt(right)) : Number(left) - Number(right)
  }
  return fail('TypeMismatch', `${name} cannot subtract ${typeName(right)} from ${typeName(left)}.`)
})

function shifted(date: Date, by: number, name: string): Date {
  const moved = new Date(date.getTime() + by)
  return Number.isNaN(moved.getTime()) ? fail('Overflow', `${name} leaves the range of dates.`) : moved
}

const power = (base: number, exponent: number, name: string): number => {
  if (base === 0 && exponent < 0) fail(28764, `${name} cannot raise 0 to a negative exponent.`)
  return base ** exponent
}

const pow = binary((base, exponent, name) => {
  if (isNullish(base) || isNullish(exponent)) return null
  if (!isNumeric(base)) return mismatch(28762, name, base)
  if (!isNumeric(exponent)) return mismatch(28763, name, exponent)
  const result = power(Number(base), Number(exponent), name)
  const long = (typeof base === 'bigint' || typeof exponent === 'bigint') && isWhole(base) && isWhole(exponent)
  if (!long || !Number.isInteger(result) || Math.abs(result) > 2 ** 63) return result
  return Math.abs(result) < 2 ** 53 ? BigInt(result) : widen(BigInt(base) ** BigInt(exponent))
})

const log = binary((value, base, name) => {
  if (isNullish(value) || isNullish(base)) return null
  if (!isNumeric(value)) return mismatch(28756, name, value)
  if (!isNumeric(base)) return mismatch(28757, name, base)
  if (value <= 0) fail(28758, `${name} takes a number above 0.`)
  if (base <= 0 || base == 1) fail(28759, `${name} takes a base above 0 other than 1.`)
  return Math.log(Number(value)) / Math.log(Number(base))
})

const rounding = (mode: 'nearest' | 'down'): Operator =>
  variadic(1, 2, (values, name) => {
    const [value, given] = values
    if (isNullish(value)) return null
    if (!isNumeric(value)) return mismatch(51081, name, value)
    if (values.length > 1 && isNullish(given)) return null
    const place = values.length > 1 ? given : 0
    if (!isNumeric(place)) return mismatch(16004, name, place)
    if (!isWhole(place)) fail(51082, `${name} takes a whole number of places.`)
    if (place < -20 || place > 100) fail(51083, `${name} takes -20 to 100 places.`)
    return round(value, Number(place), mode)
  })

export const ARITHMETIC: Operators = {
  $abs: numeric(Math.abs, absolute),
  $add: add,
  $ceil: numeric(Math.ceil, same),
  $divide: pair('TypeMismatch', (left, right, name) => (right === 0 ? divideByZero(name, 'BadValue') : left / right)),
  $exp: numeric(Math.exp),
  $floor: numeric(Math.floor, same),
  $ln: logarithm(Math.log, 28766),
  $log: log,
  $log10: logarithm(Math.log10, 28761),
  $mod: pair(
    16611,
    (left, right, name) => (right === 0 ? divideByZero(name, 16610) : left % right),
    (left, right, name) => (right === 0n ? divideByZero(name, 16610) : left % right),
  ),
  $multiply: multiply,
  $pow: pow,
  $round: rounding('nearest'),
  $sigmoid: numeric((value) => 1 / (1 + Math.exp(-value))),
  $sqrt: numeric((value, name) => (value < 0 ? fail(28714, `${name} takes a number of at least 0.`) : Math.sqrt(value))),
  $subtract: subtract,
  $trunc: rounding('down'),
}
