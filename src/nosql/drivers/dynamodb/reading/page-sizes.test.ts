import { describe, expect, it } from 'vitest'
import { pageSizes } from './page-sizes.ts'

const context = { now: 0 }

/** The sizes of the pages that are read until there is enough, where one item of so many is found. */
function sizesFor(enough: number, oneOf: number, least = 100): readonly number[] {
  const nextSize = pageSizes({ enough, exact: false, least }, context)
  const sizes: number[] = []
  let scanned = 0
  let count = 0
  for (let last: { scanned: number; count: number } | undefined; count < enough && sizes.length < 20;) {
    const size = Number(nextSize(last))
    sizes.push(size)
    const before = count
    scanned += size
    count = Math.floor(scanned / oneOf)
    last = { scanned: size, count: count - before }
  }
  return sizes
}

describe('a read that ends early', () => {
  it.each([
    [20, 1, [100]],
    [20, 5, [100]],
    [20, 20, [100, 375]],
    [20, 50, [100, 1125]],
    [1, 3000, [100, 1600, 25_600]],
    [20, 3000, [100, 1600, 25_600, 39_112]],
  ])('a read that ends early of %i where one of %i is found asks for %j', (enough, oneOf, sizes) => {
    expect(sizesFor(enough, oneOf)).toEqual(sizes)
  })

  it('asks for few where few are missing', () => {
    const nextSize = pageSizes({ enough: 20, exact: false }, context)
    expect(nextSize()).toBe(20)
    expect(nextSize({ scanned: 20, count: 19 })).toBeLessThan(10)
  })

  it('asks for more where those that were found do not match', () => {
    const nextSize = pageSizes({ enough: 10, exact: false }, context)
    expect([nextSize(), nextSize({ scanned: 10, count: 10 }), nextSize({ scanned: 40, count: 40 })]).toEqual([
      10, 40, 160,
    ])
  })

  it('asks for as many as an answer holds where all are read', () => {
    expect(pageSizes({ enough: Infinity, exact: false }, context)()).toBeUndefined()
  })
})
