/** `$mod` */

import type { TestValue } from './test-value.ts'

const int64Limit = 2 ** 63

/** The dividend loses its fraction; what does not fit in 64 bits never matches. The remainder has the dividend's sign. */
export function modTest(divisor: bigint, remainder: bigint): TestValue {
  const small = Number.isSafeInteger(Number(divisor)) && Number.isSafeInteger(Number(remainder))
  const numberDivisor = Number(divisor)
  const numberRemainder = Number(remainder)
  return (value) => {
    if (typeof value === 'bigint') return value % divisor === remainder
    if (typeof value !== 'number') return false
    const dividend = Math.trunc(value)
    if (!(dividend >= -int64Limit && dividend < int64Limit)) return false
    if (small && Number.isSafeInteger(dividend)) return dividend % numberDivisor === numberRemainder
    return BigInt(dividend) % divisor === remainder
  }
}
