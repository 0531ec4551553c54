/** `$bitsAllSet $bitsAllClear $bitsAnySet $bitsAnyClear` */

import type { FieldTest } from '../filter-node.ts'
import type { Meter } from '../meter.ts'
import type { Value } from '../value.ts'
import type { TestValue } from './test-value.ts'

/** True when the bit at a position is set. */
type BitOf = (position: number) => boolean

/** Whole numbers within 64 bits are two's complement, sign-extended without end; bytes have zeros beyond their end. */
export function bitsTest(
  { mode, positions }: Extract<FieldTest, { kind: 'bits' }>,
  meter: Meter | undefined,
): TestValue {
  const set = mode === 'allSet' || mode === 'anySet'
  const all = mode === 'allSet' || mode === 'allClear'
  return (value) => {
    const bitOf = bits(value)
    if (bitOf === undefined) return false
    meter?.work(positions.length * 4)
    return all
      ? positions.every((position) => bitOf(position) === set)
      : positions.some((position) => bitOf(position) === set)
  }
}

function bits(value: Value | undefined): BitOf | undefined {
  if (value instanceof Uint8Array) return (position) => (((value[position >> 3] ?? 0) >> (position & 7)) & 1) === 1
  if (typeof value === 'number') {
    if (!Number.isInteger(value) || value < -(2 ** 63) || value >= 2 ** 63) return undefined
    if ((value | 0) === value) return (position) => ((value >> Math.min(position, 31)) & 1) === 1
    return bitsOfInteger(BigInt(value))
  }
  return typeof value === 'bigint' ? bitsOfInteger(value) : undefined
}

function bitsOfInteger(value: bigint): BitOf {
  return (position) => ((value >> BigInt(Math.min(position, 63))) & 1n) === 1n
}
