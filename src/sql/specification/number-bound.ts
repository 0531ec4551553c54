import type { OrderKind } from './comparer.ts'

/** A bound among the values of a column, with the comparison that then means the same. */
export interface Bound<T> {
  readonly kind: OrderKind
  readonly value: T
}

export function isNumeric(value: unknown): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint'
}

/** Among whole numbers: what is above 1.5 is above 1. */
export function toIntegerBound(kind: OrderKind, bound: number | bigint): Bound<bigint> {
  if (typeof bound === 'bigint' || Number.isInteger(bound)) return { kind, value: BigInt(bound) }
  return { kind: kind === 'gt' || kind === 'gte' ? 'gt' : 'lte', value: BigInt(Math.floor(bound)) }
}

/** Among the numbers of JavaScript: a bigint between two of them is replaced by one of the two. */
export function toFloatBound(kind: OrderKind, bound: number | bigint): Bound<number> {
  const value = Number(bound)
  if (typeof bound === 'number' || isExactFloat(bound)) return { kind, value }
  const ascending = kind === 'gt' || kind === 'gte'
  const above = Number.isFinite(value) ? BigInt(value) > bound : value > 0
  if (above) return { kind: ascending ? 'gte' : 'lt', value }
  return { kind: ascending ? 'gt' : 'lte', value }
}

/** Whether a number of JavaScript has exactly this value. */
export function isExactFloat(value: bigint): boolean {
  const float = Number(value)
  return Number.isFinite(float) && BigInt(float) === value
}
