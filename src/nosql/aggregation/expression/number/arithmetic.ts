import { isInt64 } from '../../../query/checked-copy.ts'
import { fail } from '../failure.ts'
import { isNullish, isNumeric, typeName } from '../kinds.ts'
import { mismatch, numeric, numericPair, isWhole, widen, type Numeric } from './numeric.ts'
import { binary, commutative, type Operators } from '../parse.ts'
import { NumberSum } from './sum.ts'

const divideByZero = (name: string, code: number | string): never => fail(code, `the divisor of ${name} must not be 0`)

const absolute = (value: bigint): bigint => {
  if (!isInt64(-value)) fail(28680, 'the argument of $abs must not be the smallest int64')
  return value < 0n ? -value : value
}

const multiply = commutative((values, name) => {
  let product: Numeric = 1
  for (const value of values) {
    if (isNullish(value)) return null
    product = times(product, isNumeric(value) ? value : mismatch('TypeMismatch', name, value))
  }
  return product
})

function times(left: Numeric, right: Numeric): Numeric {
  if (typeof left === 'number' && typeof right === 'number') return left * right
  return isWhole(left) && isWhole(right) ? widen(BigInt(left) * BigInt(right)) : Number(left) * Number(right)
}

const add = commutative((values, name) => {
  const [left, right] = values
  if (values.length === 2 && typeof left === 'number' && typeof right === 'number') return left + right
  const sum = new NumberSum()
  let date: Date | undefined
  for (const value of values) {
    if (isNullish(value)) return null
    if (value instanceof Date) {
      if (date !== undefined) fail(16612, 'the arguments of $add must hold at most one date')
      date = value
    } else if (isNumeric(value)) sum.add(value)
    else fail('TypeMismatch', `the arguments of ${name} must be numbers and at most one date, not ${typeName(value)}`)
  }
  return date === undefined ? sum.value : shifted(date, sum.number, name)
})

const subtract = binary((left, right, { name }) => {
  if (isNullish(left) || isNullish(right)) return null
  if (left instanceof Date) {
    if (right instanceof Date) return BigInt(left.getTime() - right.getTime())
    if (isNumeric(right)) return shifted(left, -Number(right), name)
  } else if (isNumeric(left) && isNumeric(right)) {
    if (typeof left === 'number' && typeof right === 'number') return left - right
    return isWhole(left) && isWhole(right) ? widen(BigInt(left) - BigInt(right)) : Number(left) - Number(right)
  }
  return fail('TypeMismatch', `${name} cannot subtract ${typeName(right)} from ${typeName(left)}`)
})

function shifted(date: Date, by: number, name: string): Date {
  const moved = new Date(date.getTime() + Math.sign(by) * Math.round(Math.abs(by)))
  return Number.isNaN(moved.getTime())
    ? fail('Overflow', `the result of ${name} must be within the range of dates`)
    : moved
}

export const ARITHMETIC: Operators = {
  $abs: numeric(Math.abs, absolute),
  $add: add,
  $divide: numericPair('TypeMismatch', (left, right, name) =>
    right === 0 ? divideByZero(name, 'BadValue') : left / right,
  ),
  $mod: numericPair(
    16611,
    (left, right, name) => (right === 0 ? divideByZero(name, 16610) : left % right),
    (left, right, name) => (right === 0n ? divideByZero(name, 16610) : left % right),
  ),
  $multiply: multiply,
  $subtract: subtract,
}
