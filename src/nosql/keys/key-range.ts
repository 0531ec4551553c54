import type { IndexModel } from '../contract/index-model.ts'
import type { Interval } from '../plan/intervals.ts'
import type { Seek } from '../plan/seek.ts'
import type { Value } from '../query/value.ts'
import { ByteWriter } from './byte-writer.ts'
import { compareKeys, tagOfValue, writePart } from './ordered-key.ts'

/**
 * The keys of a stretch of an index, from one end to the other. A key that ends in an `_id`, as those of an index do, is
 * never equal to an end, so that it is all the same whether a backend counts the ends in.
 */
export interface KeyRange {
  readonly from: Uint8Array
  readonly to: Uint8Array
  /** False where an end had to be cut: what is at the ends may be too much, and is never too little. */
  readonly exact: boolean
}

export interface KeyRangeOptions {
  /** Paths and directions of the index. */
  readonly key: IndexModel['key']
  /** Bytes to which the backend's keys are cut by `cutKey`. @default no limit */
  readonly limit?: number
}

/**
 * The range of the keys whose first parts equal the values and whose next part lies in the interval.
 *
 * @example
 * const key = [['team', 1], ['joined', -1]] as const
 * keyRange(['red'], { lower: { value: 5, inclusive: true } }, { key }) // team = 'red', joined >= 5
 */
export function keyRange(equal: readonly Value[], interval: Interval, options: KeyRangeOptions): KeyRange {
  const { key, limit = Infinity } = options
  const ascending = key[equal.length]?.[1] !== -1
  const at = (edge: Edge): Uint8Array => {
    const out = new ByteWriter()
    for (const [i, value] of equal.entries()) writePart([value, key[i]?.[1] ?? 1], out)
    writeEdge(edge, ascending ? 1 : -1, out)
    return out.finish()
  }
  const { least, most } = edgesOf(interval)
  const from = at(ascending ? least : most)
  const to = at(ascending ? most : least)
  return { from: cutKey(from, limit), to: cutKey(to, limit), exact: from.length < limit && to.length < limit }
}

/**
 * The part of a range that is after a position, in the direction in which it is read. What is at the position
 * may come with it, and more where keys are cut: drop it with `isAfter` of `plan/pages.ts`.
 *
 * @param range of the same equal values and options
 * @param seek what `seekRun` found
 */
export function rangeFrom(
  range: KeyRange,
  seek: Seek,
  options: KeyRangeOptions & { readonly equal: readonly Value[]; readonly order: 1 | -1 },
): KeyRange {
  const { key, equal, order, limit = Infinity } = options
  const out = new ByteWriter()
  for (const [at, value] of [...equal, ...seek.values].entries()) writePart([value, key[at]?.[1] ?? 1], out)
  // Read forwards, what has these values comes before what does not; read backwards, after it.
  if ((seek.side === 'past') === (order === 1)) out.byte(afterAll)
  const edge = cutKey(out.finish(), limit)
  if (order === 1) return compareKeys(edge, range.from) > 0 ? { ...range, from: edge } : range
  return compareKeys(edge, range.to) < 0 ? { ...range, to: edge } : range
}

/** A key as a backend with a limit holds it: cut, which keeps the order but for keys that become equal. */
export function cutKey(key: Uint8Array, limit: number): Uint8Array {
  return key.length > limit ? key.subarray(0, limit) : key
}

/** A place between values: before or after all that begin with a value, all of its class, or all there are. */
interface Edge {
  readonly of: 'value' | 'class' | 'all'
  readonly value: Value
  readonly isAfter: boolean
}

function edgesOf({ lower, upper }: Interval): { readonly least: Edge; readonly most: Edge } {
  const of = lower === undefined && upper === undefined ? 'all' : 'class'
  const value = (lower ?? upper)?.value ?? null
  return {
    least: lower === undefined ? { of, value, isAfter: false } : { of: 'value', value, isAfter: !lower.inclusive },
    most:
      upper === undefined
        ? { of, value, isAfter: true }
        : { of: 'value', value: upper.value, isAfter: upper.inclusive },
  }
}

/** Above the first byte of every part, ascending or descending; what is filed apart begins with it. */
const afterAll = 0xfe

function writeEdge({ of, value, isAfter }: Edge, direction: 1 | -1, out: ByteWriter): void {
  const after = isAfter === (direction === 1)
  if (of === 'class') {
    const tag = direction === 1 ? tagOfValue(value) : 0xff - tagOfValue(value)
    return out.byte(after ? tag + 1 : tag)
  }
  if (of === 'value') writePart([value, direction], out)
  if (after) out.byte(afterAll)
}
