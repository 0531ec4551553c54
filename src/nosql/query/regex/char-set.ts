/** Sets of code points as sorted, disjoint ranges; supersets where exactness costs too much. */

export type CharSet = readonly (readonly [first: number, last: number])[]

const lastCodePoint = 0x10ffff
export const anything: CharSet = [[0, lastCodePoint]]
export const nothing: CharSet = []

export function union(...sets: readonly CharSet[]): CharSet {
  const ranges = sets.flat().sort((a, b) => a[0] - b[0])
  const merged: [number, number][] = []
  for (const [first, last] of ranges) {
    const previous = merged.at(-1)
    if (previous !== undefined && first <= previous[1] + 1) previous[1] = Math.max(previous[1], last)
    else merged.push([first, last])
  }
  return merged
}

export function complement(set: CharSet): CharSet {
  const gaps: [number, number][] = []
  let next = 0
  for (const [first, last] of union(set)) {
    if (first > next) gaps.push([next, first - 1])
    next = last + 1
  }
  if (next <= lastCodePoint) gaps.push([next, lastCodePoint])
  return gaps
}

export function overlap(a: CharSet, b: CharSet): boolean {
  return a.some(([first, last]) => b.some(([from, to]) => first <= to && from <= last))
}

/** The set with the other case of its letters; all of the non-ASCII range when it touches that. */
export function foldCase(set: CharSet): CharSet {
  const folded = set.flatMap(([first, last]): CharSet => {
    const upper: readonly [number, number] = [Math.max(first, 0x41), Math.min(last, 0x5a)]
    const lower: readonly [number, number] = [Math.max(first, 0x61), Math.min(last, 0x7a)]
    return [
      ...(upper[0] <= upper[1] ? [[upper[0] + 32, upper[1] + 32] as const] : []),
      ...(lower[0] <= lower[1] ? [[lower[0] - 32, lower[1] - 32] as const] : []),
      ...(last >= 0x80 ? [[0x80, lastCodePoint] as const] : []),
    ]
  })
  // K and s have non-ASCII twins (the Kelvin sign, the long s).
  return union(set, folded, folded.length === 0 ? nothing : [[0x80, lastCodePoint]])
}
