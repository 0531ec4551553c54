/** `$inc $mul $bit` */

import { isInt64 } from '../checked-copy.ts'
import { incomputable } from '../vendor-order.ts'
import { isVendorValue } from '../vendor-value.ts'
import { badValue, typeMismatch } from '../refusal.ts'
import { invalid } from '../storable.ts'
import { isDocument, isInt32, type Value } from '../value.ts'
import type { OperandPlace, ParseUpdateOperator } from './operator.ts'
import type { ApplyLeaf } from './update-node.ts'

interface Arithmetic {
  readonly numbers: (a: number, b: number) => number
  readonly bigints: (a: bigint, b: bigint) => bigint
  /** What a missing field becomes. */
  readonly start: (operand: number | bigint) => number | bigint
}

const zeroLike = (operand: number | bigint): number | bigint => (typeof operand === 'bigint' ? 0n : 0)

const same = (operand: number | bigint): number | bigint => operand

export const numberOperators: Readonly<Record<string, ParseUpdateOperator>> = {
  $inc: arithmetic({ numbers: (a, b) => a + b, bigints: (a, b) => a + b, start: same }),
  $mul: arithmetic({ numbers: (a, b) => a * b, bigints: (a, b) => a * b, start: zeroLike }),
  $bit: parseBit,
}

function arithmetic(rule: Arithmetic): ParseUpdateOperator {
  return (operand, { at, vendorValues }) => {
    if (vendorValues === true && isVendorValue(operand) && operand._bsontype === 'Decimal128')
      return (current) => {
        if (current === undefined && rule.start === same) return operand
        throw incomputable(operand)
      }
    if (typeof operand !== 'bigint' && typeof operand !== 'number')
      throw typeMismatch('the operand must be a number', at)
    if (typeof operand === 'number' ? !Number.isFinite(operand) : !isInt64(operand)) {
      throw badValue('the operand must be a finite number, or a bigint of 64 bits', at)
    }
    return (current, context) => {
      if (current === undefined) return checked(rule.start(operand), context.at)
      if (isVendorValue(current) && current._bsontype === 'Decimal128') throw incomputable(current)
      if (typeof current !== 'number' && typeof current !== 'bigint') {
        throw invalid('TypeMismatch', 'the field of an arithmetic operator must be a number', context.at)
      }
      return checked(compute(rule, current, operand), context.at)
    }
  }
}

/** A bigint and a whole number within 32 bits make a bigint, as long and int do; any other number makes a double. */
function compute(rule: Arithmetic, a: number | bigint, b: number | bigint): number | bigint {
  if (typeof a === 'number' && typeof b === 'number') return rule.numbers(a, b)
  const whole = (value: number | bigint): boolean => typeof value === 'bigint' || isInt32(value)
  return whole(a) && whole(b) ? rule.bigints(BigInt(a), BigInt(b)) : rule.numbers(Number(a), Number(b))
}

function checked(result: number | bigint, at: string): number | bigint {
  if (typeof result === 'bigint' ? isInt64(result) : Number.isFinite(result)) return result === 0 ? 0 : result
  throw invalid('BadValue', 'the result must be within the range of numbers', at)
}

type Bits = (a: bigint, b: bigint) => bigint

const bitOperations: ReadonlyMap<string, Bits> = new Map<string, Bits>([
  ['and', (a, b) => a & b],
  ['or', (a, b) => a | b],
  ['xor', (a, b) => a ^ b],
])

function parseBit(operand: unknown, { at }: OperandPlace): ApplyLeaf {
  if (!isDocument(operand)) throw badValue('$bit must be { and, or, xor }', at)
  const steps = Object.entries(operand).map(([name, mask]) => {
    const operation = bitOperations.get(name)
    if (operation === undefined) throw badValue('the operations of $bit must be and, or and xor', at)
    if (!isInteger(mask)) throw badValue('the operands of $bit must be integers', at)
    return { operation, mask }
  })
  if (steps.length === 0) throw badValue('$bit must have at least one operation', at)
  return (current, context) => {
    const start = current === undefined ? 0 : current
    if (!isInteger(start)) throw invalid('BadValue', 'the field of $bit must be an integer', context.at)
    const long = typeof start === 'bigint' || steps.some(({ mask }) => typeof mask === 'bigint')
    const result = steps.reduce((value, { operation, mask }) => operation(value, BigInt(mask)), BigInt(start))
    return long ? result : Number(result)
  }
}

function isInteger(value: Value): value is number | bigint {
  return typeof value === 'bigint' ? isInt64(value) : typeof value === 'number' && isInt32(value)
}
