import fc from 'fast-check'
import { StoredObjectId } from '../query/object-id.ts'
import { describe, expect, it } from 'vitest'
import { compareValues } from '../query/compare.ts'
import type { Value } from '../query/value.ts'
import { anyScalar, anyValue } from '../../../test/support/documents/any-value.ts'
import { cutKey, keyRange } from './key-range.ts'
import { compareKeys, orderedKey, orderedValue } from './ordered-key.ts'
import { sideOf, type Interval } from '../plan/intervals.ts'

const direction = fc.constantFrom(1 as const, -1 as const)
const sign = (a: Value | undefined, b: Value | undefined) => Math.sign(compareValues(a, b))

describe('the ordered key of a value', () => {
  it('sorts as the value does', () => {
    fc.assert(
      fc.property(anyValue, anyValue, (a, b) => {
        expect(Math.sign(compareKeys(orderedValue(a), orderedValue(b)))).toBe(sign(a, b))
      }),
      { numRuns: 20_000 },
    )
  })

  it('sorts descending as the value does, the other way round', () => {
    fc.assert(
      fc.property(anyValue, anyValue, (a, b) => {
        const order = compareKeys(orderedKey([[a, -1]]), orderedKey([[b, -1]]))
        expect(Math.sign(order) + sign(a, b)).toBe(0)
      }),
      { numRuns: 10_000 },
    )
  })

  it.each([
    [1, 1n],
    [0, -0],
    [2 ** 53, 2n ** 53n],
    [-(2 ** 63), -(2n ** 63n)],
  ])('is the same for %o and %o', (a, b) => {
    expect(orderedValue(a)).toEqual(orderedValue(b))
  })

  it('distinguishes whole numbers that are one double', () => {
    const numbers = [2n ** 53n, 2n ** 53n + 1n, 2n ** 53n + 2n, 2n ** 63n - 2n, 2n ** 63n - 1n, -(2n ** 53n) - 1n]
    const sorted = [...numbers].sort((a, b) => compareKeys(orderedValue(a), orderedValue(b)))
    expect(sorted).toEqual([...numbers].sort(compareValues))
    expect(new Set(numbers.map((number) => String(orderedValue(number)))).size).toBe(numbers.length)
  })

  it('puts NaN below all numbers and infinities at their ends', () => {
    const numbers = [Infinity, -Infinity, NaN, Number.MAX_VALUE, -Number.MAX_VALUE, 2 ** 63]
    expect(numbers.sort((a, b) => compareKeys(orderedValue(a), orderedValue(b)))).toEqual([
      NaN,
      -Infinity,
      -Number.MAX_VALUE,
      2 ** 63,
      Number.MAX_VALUE,
      Infinity,
    ])
  })

  it('orders an ObjectId between bytes and booleans, by its bytes', () => {
    const id = (byte: number) => new StoredObjectId(byte.toString(16).padStart(2, '0').repeat(12))
    const sorted = [new Uint8Array([255]), id(1), id(2), false].map(orderedValue)
    expect([...sorted].sort(compareKeys)).toEqual(sorted)
  })
})

describe('a compound key', () => {
  const parts = fc.tuple(direction, direction)

  it('sorts by its parts, one after the other', () => {
    fc.assert(
      fc.property(parts, fc.tuple(anyValue, anyValue), fc.tuple(anyValue, anyValue), ([first, second], a, b) => {
        const key = ([x, y]: readonly [Value, Value]) =>
          orderedKey([
            [x, first],
            [y, second],
          ])
        expect(Math.sign(compareKeys(key(a), key(b)))).toBe(sign(a[0], b[0]) * first || sign(a[1], b[1]) * second || 0)
      }),
      { numRuns: 10_000 },
    )
  })

  it('keeps its order when it is cut', () => {
    fc.assert(
      fc.property(anyValue, anyValue, fc.integer({ min: 1, max: 12 }), (a, b, limit) => {
        const order = compareKeys(cutKey(orderedValue(a), limit), cutKey(orderedValue(b), limit))
        expect(order === 0 || Math.sign(order) === sign(a, b)).toBe(true)
      }),
      { numRuns: 5000 },
    )
  })
})

describe('the range of keys of an interval', () => {
  const end = fc.tuple(anyScalar, fc.boolean()).map(([value, inclusive]) => ({ value, inclusive }))
  const interval: fc.Arbitrary<Interval> = fc.oneof(
    fc.constant({}),
    end.map((lower) => ({ lower })),
    end.map((upper) => ({ upper })),
    fc
      .tuple(anyScalar, fc.boolean(), fc.boolean())
      .chain(([value, low, high]) =>
        fc.constant({ lower: { value, inclusive: low }, upper: { value, inclusive: high } }),
      ),
  )
  const ofIndex = fc.tuple(direction, direction)
  const limits = fc.oneof(fc.constant(Infinity), fc.integer({ min: 2, max: 20 }))

  it('holds the keys of its values, exactly unless it was cut', () => {
    fc.assert(
      fc.property(
        fc.record({
          interval,
          ofIndex,
          limit: limits,
          equal: anyScalar,
          other: anyScalar,
          value: anyScalar,
          id: fc.nat(),
        }),
        ({ interval: wanted, ofIndex: [first, second], limit, equal, other, value, id }) => {
          const key = [
            ['a', first],
            ['b', second],
          ] as const
          const range = keyRange([equal], wanted, { key, limit })
          for (const start of [equal, other]) {
            const stored = cutKey(
              orderedKey([
                [start, first],
                [value, second],
                [id, 1],
              ]),
              limit,
            )
            const inside = compareKeys(range.from, stored) <= 0 && compareKeys(stored, range.to) <= 0
            const expected = compareValues(start, equal) === 0 && sideOf(value, wanted) === 0
            if (range.exact || expected) expect(inside).toBe(expected)
          }
        },
      ),
      { numRuns: 20_000 },
    )
  })
})
