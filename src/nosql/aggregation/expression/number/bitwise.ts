import { fail } from '../failure.ts'
import { isInt32, isNullish, typeName } from '../kinds.ts'
import { commutative, unary, type Operator, type Operators } from '../parse.ts'
import type { Result } from '../scope.ts'

type Bits = (left: bigint, right: bigint) => bigint

/** Whole numbers only; int64 as soon as one operand is. */
function bits(identity: bigint, apply: Bits): Operator {
  return commutative((values, name) => {
    let result = identity
    let long = false
    for (const value of values) {
      if (isNullish(value)) return null
      result = apply(result, whole(value, name))
      long ||= typeof value === 'bigint'
    }
    return long ? result : Number(result)
  })
}

function whole(value: Result, name: string): bigint {
  if (typeof value === 'bigint') return value
  if (typeof value === 'number' && isInt32(value)) return BigInt(value)
  return fail('TypeMismatch', `the arguments of ${name} must be int or long, not ${typeName(value)}`)
}

export const BITWISE: Operators = {
  $bitAnd: bits(-1n, (left, right) => left & right),
  $bitNot: unary((value, name) => {
    if (isNullish(value)) return null
    const inverse = ~whole(value, name)
    return typeof value === 'bigint' ? inverse : Number(inverse)
  }),
  $bitOr: bits(0n, (left, right) => left | right),
  $bitXor: bits(0n, (left, right) => left ^ right),
}
