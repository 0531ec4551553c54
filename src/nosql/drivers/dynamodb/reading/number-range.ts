import type { End } from '../../../plan/intervals.ts'
import { decimalsReadAs } from '../codec/decimals.ts'
import { allDigits, encodeValue } from '../codec/value-codec.ts'

/** What a condition may be wrong in: it keeps documents that do not match, or it loses some that do. */
export type Aim = 'superset' | 'subset'

/** One side of a range, in DynamoDB's words. */
export interface NumberEnd {
  readonly inclusive: boolean
  readonly operand: string
}

/**
 * Where decimals begin or end that are read as numbers within a range. Exact, but for whole numbers beyond the safe range:
 * they are read with every digit where they have no fraction, and as doubles where they have one.
 */
export function numberEnd(side: 'lower' | 'upper', { value, inclusive }: End, aim: Aim): NumberEnd {
  const number = Number(value)
  const [below, above] = neighbours(value, number)
  const nearest = (side === 'lower') === (aim === 'superset') ? below : above
  // No double is the same: it is outside, or the next one inside.
  if (nearest !== undefined) return numberEnd(side, { value: nearest, inclusive: true }, aim)
  const { lowest, highest } = decimalsReadAs(number)
  const outer = side === 'lower' ? lowest : highest
  const inner = side === 'lower' ? highest : lowest
  if (!hasEveryDigit(number)) return { inclusive, operand: inclusive ? outer : inner }
  const itself = String(encodeValue(number)['N'])
  if (inclusive) return { inclusive, operand: aim === 'superset' ? outer : itself }
  return { inclusive, operand: aim === 'superset' ? itself : inner }
}

/** Whether the decimals between the ends of a number are read as it, every one of them. */
export function isReadAsOne(value: unknown): boolean {
  return !hasEveryDigit(Number(value))
}

function hasEveryDigit(number: number): boolean {
  return !Number.isSafeInteger(number) && Number.isInteger(number) && Math.abs(number) < allDigits
}

/** The doubles on both sides of a bigint; none where a double is the same number. */
function neighbours(value: unknown, nearest: number): readonly [below?: number, above?: number] {
  if (typeof value !== 'bigint' || BigInt(nearest) === value) return []
  return BigInt(nearest) < value ? [nearest, next(nearest, 1n)] : [next(nearest, -1n), nearest]
}

/** The next double: these numbers are large, so that neither is zero. */
function next(number: number, way: 1n | -1n): number {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, number)
  view.setBigInt64(0, view.getBigInt64(0) + (number > 0 ? way : -way))
  return view.getFloat64(0)
}
