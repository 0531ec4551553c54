/** `$in` */

import type { Meter } from '../meter.ts'
import type { Pattern } from '../regex/pattern.ts'
import { holds, sorted } from '../sorted-values.ts'
import type { Value } from '../value.ts'
import { isOfUnknownNumber } from '../vendor-order.ts'
import type { TestValue } from './test-value.ts'

/** Scalars are looked up, so that long lists cost no more than short ones; the rest is compared one by one. */
export function inTest(values: readonly Value[], patterns: readonly Pattern[], meter?: Meter): TestValue {
  const scalars = new Set<Value | undefined>()
  const objects: Value[] = []
  for (const value of values) {
    if (typeof value === 'object' && value !== null) objects.push(value)
    else scalars.add(scalarKey(value))
  }
  const others = sorted(objects, meter)
  if (scalars.has(null)) scalars.add(undefined)
  const rest: TestValue = (value) =>
    typeof value === 'object' && value !== null
      ? isOfUnknownNumber(value) || holds(others, value, meter)
      : typeof value === 'string' && patterns.some((pattern) => pattern.test(value, meter))
  if (others.length === 0 && patterns.length === 0) {
    return (value) => scalars.has(scalarKey(value)) || (typeof value === 'object' && isOfUnknownNumber(value))
  }
  return (value) => scalars.has(scalarKey(value)) || rest(value)
}

/** A bigint that a number can stand for exactly becomes that number, so that 1 and 1n meet. */
function scalarKey(value: Value | undefined): Value | undefined {
  if (typeof value !== 'bigint') return value
  const number = Number(value)
  return BigInt(number) === value ? number : value
}
