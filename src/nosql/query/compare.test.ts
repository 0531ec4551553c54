import { describe, expect, it } from 'vitest'
import { compareValues, equalValues, identicalValues } from './compare.ts'
import type { Value } from './value.ts'

const inOrder: readonly (Value | undefined)[] = [
  undefined,
  null,
  Number.NaN,
  -(2n ** 63n),
  -1,
  0,
  0.5,
  1n,
  2 ** 53,
  2n ** 53n + 1n,
  '',
  'a',
  'ab',
  '\u{ff61}',
  '\u{1f600}',
  {},
  { a: 1 },
  { a: 1, b: 1 },
  { b: 0 },
  { a: 'x' },
  [],
  [1],
  [1, 2],
  [2],
  new Uint8Array([9]),
  new Uint8Array([1, 1]),
  new Uint8Array([1, 2]),
  false,
  true,
  new Date(-1),
  new Date(1),
]

describe('compareValues', () => {
  it('orders values of one class or several as MongoDB does', () => {
    for (const [left, a] of inOrder.entries()) {
      for (const [right, b] of inOrder.entries()) {
        expect([left, right, Math.sign(compareValues(a, b))]).toEqual([left, right, Math.sign(left - right)])
      }
    }
  })
})

describe('equality', () => {
  it('counts the order of keys and meets numbers with bigints', () => {
    expect(equalValues({ a: 1, b: 2 }, { b: 2, a: 1 })).toBe(false)
    expect(equalValues([1n], [1])).toBe(true)
    expect(equalValues(2 ** 53, 2n ** 53n + 1n)).toBe(false)
  })

  it('is strict about types where it asks for identity', () => {
    expect(identicalValues({ a: [1] }, { a: [1] })).toBe(true)
    expect(identicalValues({ a: [1] }, { a: [1n] })).toBe(false)
    expect(identicalValues(new Date(1), new Date(1))).toBe(true)
  })
})
