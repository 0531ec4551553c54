import { describe, expect, it } from 'vitest'
import { aggregation } from './index.ts'

const engine = aggregation({ now: () => new Date(5), random: () => 0.25 })

describe('expressions of the engine', () => {
  it('see the variables of each call', () => {
    const evaluate = engine.expression({ $add: ['$a', '$$b'] }, { variables: ['b'] })
    const variables = { b: 10 }
    expect([evaluate({ a: 1 }, variables), evaluate({ a: 2 }, variables), evaluate({ a: 1 }, { b: 20 })]).toEqual([
      11, 12, 21,
    ])
    expect(evaluate({ a: 1 })).toBeNull()
    expect(() => engine.expression('$$b')).toThrow(expect.objectContaining({ reason: 'Location17276' }))
  })

  it('take the time and the randomness that they are given', () => {
    expect(engine.expression('$$NOW')({})).toEqual(new Date(5))
    expect(engine.expression('$$NOW')({}, { NOW: new Date(7) })).toEqual(new Date(7))
    expect(engine.expression({ $rand: {} })({})).toBe(0.25)
  })
})

describe('transforms of the engine', () => {
  it('run an update pipeline on one document', () => {
    const change = engine.transform([{ $set: { b: { $add: ['$a', '$$more'] }, at: '$$NOW' } }, { $unset: 'a' }], {
      variables: ['more'],
    })
    const variables = { more: 1, NOW: new Date(7) }
    expect(change({ a: 1 }, variables)).toEqual({ b: 2, at: new Date(7) })
    expect(change({ a: 5 }, variables)).toEqual({ b: 6, at: new Date(7) })
    expect(change({ a: 5 }, { more: 2 })).toEqual({ b: 7, at: new Date(5) })
    const unchanged = { a: 1 }
    expect(engine.transform([])(unchanged)).toBe(unchanged)
  })

  it.each(['$match', '$group', '$lookup', '$limit', '$out'])('refuse %s', (stage) => {
    expect(() => engine.transform([{ [stage]: {} }])).toThrow(expect.objectContaining({ code: 'LEX_ERR_NOSQL_007' }))
  })
})

describe('plans of the engine', () => {
  const leading = (...stages: unknown[]) => engine.pipeline(stages, {}).leadingFilter

  it('report a leading filter that a backend can plan', () => {
    expect(leading({ $match: { a: { $gt: 1 } } }, { $limit: 1 })).toEqual({ a: { $gt: 1 } })
    expect(leading({ $limit: 1 }, { $match: { a: 1 } })).toBeUndefined()
    expect(leading({ $match: { $or: [{ $expr: true }, { a: 1 }] } })).toBeUndefined()
  })
})
