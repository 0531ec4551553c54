import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SortedEntries } from './sorted-entries.ts'

const numbers = () => new SortedEntries<number>((a, b) => a - b)

describe('SortedEntries', () => {
  it('holds the order of a sorted array, whatever is added and removed', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 3000 }), { maxLength: 3000 }), fc.integer(), (values, from) => {
        const entries = numbers()
        for (const value of values) entries.add(value)
        for (const value of values.slice(0, values.length / 2)) entries.remove(value)
        const expected = values.slice(values.length / 2).sort((a, b) => a - b)
        const start = from % 3000
        expect([...entries.from(() => true)]).toEqual(expected)
        expect([...entries.from((value) => value >= start)]).toEqual(expected.filter((value) => value >= start))
        expect(entries.lastBefore((value) => value >= start)).toBe(expected.filter((value) => value < start).at(-1))
      }),
      { numRuns: 50 },
    )
  })

  it('goes on after the entry read last when entries come and go', () => {
    const entries = numbers()
    for (let value = 0; value < 2000; value += 2) entries.add(value)
    const seen: number[] = []
    for (const value of entries.from(() => true)) {
      seen.push(value)
      entries.remove(value)
      if (value % 10 === 0) entries.add(value - 1)
      if (value === 100) entries.add(101)
    }
    const even = Array.from({ length: 1000 }, (_, i) => i * 2)
    expect(seen).toEqual([...even, 101].sort((a, b) => a - b))
  })

  it('ignores the removal of what it does not hold', () => {
    const entries = numbers()
    entries.add(1)
    entries.remove(2)
    expect([...entries.from(() => true)]).toEqual([1])
  })
})
