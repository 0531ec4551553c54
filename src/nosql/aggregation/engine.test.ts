import { describe, expect, it } from 'vitest'
import type { Variables } from '../query/expression-engine.ts'
import type { Document } from '../query/value.ts'
import { aggregation } from './index.ts'

const engine = aggregation({ now: () => new Date(5), random: () => 0.25 })

async function* batchesOf(documents: readonly Document[]): AsyncIterable<readonly Document[]> {
  yield documents
}

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

describe('variables of a pipeline', () => {
  const run = async (stages: unknown, documents: readonly Document[], variables: Variables) =>
    (await engine.pipeline(stages, { variables }).run(batchesOf(documents))[Symbol.asyncIterator]().next()).value

  it('are constants where a stage needs one', async () => {
    const percentile = { $percentile: { input: '$a', p: '$$shares', method: 'approximate' } }
    const stages = [{ $group: { _id: null, p: percentile } }]
    expect(await run(stages, [{ a: 1 }, { a: 9 }], { shares: [0, 1] })).toEqual([{ _id: null, p: [1, 9] }])
    const boundaries = [{ $subtract: ['$$NOW', 5] }, '$$NOW', '$$limits.far']
    const variables = { limits: { far: new Date(99) } }
    expect(await run([{ $bucket: { groupBy: '$a', boundaries } }], [{ a: new Date(5) }], variables)).toEqual([
      { _id: new Date(5), count: 1 },
    ])
  })

  it('give way to those that a nested pipeline declares', async () => {
    const nested = { pipeline: [{ $documents: [{ x: '$$v' }] }], let: { v: '$a' }, as: 'r' }
    const documents = [{ a: 1 }, { a: 2 }]
    const made = [
      { a: 1, r: [{ x: 1 }] },
      { a: 2, r: [{ x: 2 }] },
    ]
    expect(await run([{ $lookup: nested }], documents, { v: 9 })).toEqual(made)
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
