/** `$bitsAllSet $bitsAllClear $bitsAnySet $bitsAnyClear` */

import type { BitsMode } from '../filter-node.ts'
import { badValue, failedToParse, inside } from '../refusal.ts'
import { field, type ParseOperator, placeOf } from './scope.ts'

const bits =
  (mode: BitsMode): ParseOperator =>
  (operand, scope) =>
    field(scope, { kind: 'bits', mode, positions: parsePositions(operand, placeOf(scope)) })

export const bitsOperators: Readonly<Record<string, ParseOperator>> = {
  $bitsAllSet: bits('allSet'),
  $bitsAllClear: bits('allClear'),
  $bitsAnySet: bits('anySet'),
  $bitsAnyClear: bits('anyClear'),
}

/** A mask as the positions of its set bits, lowest first: from a number, a list of positions, or bytes. */
function parsePositions(operand: unknown, at: string): readonly number[] {
  if (operand instanceof Uint8Array) return setBits([...operand])
  if (Array.isArray(operand)) {
    const positions = operand.map((element, index) => parsePosition(element, inside(at, index)))
    return [...new Set(positions)].sort((a, b) => a - b)
  }
  if (typeof operand !== 'number' && typeof operand !== 'bigint') {
    throw badValue('a bit mask must be a number, an array of positions, or bytes', at)
  }
  if ((typeof operand === 'number' && !Number.isInteger(operand)) || operand < 0 || operand >= 2n ** 63n) {
    throw failedToParse('a numeric bit mask must be a whole number from 0 to 2^63 - 1', at)
  }
  const mask = BigInt(operand)
  return setBits(Array.from({ length: 8 }, (_, byte) => Number((mask >> BigInt(8 * byte)) & 0xffn)))
}

function parsePosition(position: unknown, at: string): number {
  const value = typeof position === 'bigint' ? Number(position) : position
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > 0x7fff_ffff) {
    throw badValue('a bit position must be a whole number from 0 to 2^31 - 1', at)
  }
  return value
}

function setBits(bytes: readonly number[]): number[] {
  return bytes.flatMap((byte, index) =>
    [0, 1, 2, 3, 4, 5, 6, 7].filter((bit) => (byte >> bit) & 1).map((bit) => 8 * index + bit),
  )
}
