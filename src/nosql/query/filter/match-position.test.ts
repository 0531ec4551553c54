import { describe, expect, it } from 'vitest'
import { compileMatchPosition } from './match-position.ts'
import { parseFilter } from './parse-filter.ts'

const position = (filter: object, document: Record<string, unknown>): number | undefined =>
  compileMatchPosition(parseFilter(filter))(document as never)

describe('the position of the matched element', () => {
  it('is that of the first element for which the condition holds', () => {
    expect(position({ a: { $gte: 2 } }, { a: [1, 2, 3] })).toBe(1)
    expect(position({ 'a.b': 2 }, { a: [{ b: 1 }, { b: [0, 2] }] })).toBe(1)
    expect(position({ a: { $elemMatch: { b: 2, c: 1 } } }, { a: [{ b: 2 }, { b: 2, c: 1 }] })).toBe(1)
    expect(position({ 'x.a': { $elemMatch: { $gt: 1 } } }, { x: { a: [1, 2] } })).toBe(1)
  })

  it('is unknown without a match, an array, or an element that was looked for', () => {
    expect(position({ a: 9 }, { a: [1] })).toBeUndefined()
    expect(position({ a: 1 }, { a: 1 })).toBeUndefined()
    expect(position({ a: [1] }, { a: [1] })).toBeUndefined()
    expect(position({ 'a.0': 1 }, { a: [1] })).toBeUndefined()
    expect(position({ a: { $not: { $gt: 5 } } }, { a: [1] })).toBeUndefined()
    expect(position({ a: { $ne: 5 } }, { a: [1] })).toBeUndefined()
  })

  it('follows the order in which MongoDB tests several conditions', () => {
    expect(position({ $and: [{ a: { $gt: 1 } }, { a: { $lt: 5 } }] }, { a: [1, 2, 3] })).toBe(1)
    expect(position({ $and: [{ a: { $lt: 5 } }, { a: { $gt: 1 } }] }, { a: [1, 2, 3] })).toBe(1)
  })

  it('takes only an $or of equalities for an $in', () => {
    expect(position({ $or: [{ a: 2 }, { a: 3 }] }, { a: [1, 2, 3] })).toBe(1)
    expect(position({ $or: [{ a: 2 }, { b: 3 }] }, { a: [1, 2, 3] })).toBeUndefined()
  })
})
