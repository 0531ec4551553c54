import { describe, expect, it } from 'vitest'
import { refusalOf, runPipeline } from '../../../../test/support/aggregation/run-pipeline.ts'
import type { Document } from '../../query/value.ts'

describe('$project', () => {
  const document: Document = { _id: 1, a: { b: 1, c: 2 }, list: [{ b: 1, c: 2 }, 'text', { b: 3 }], d: 4 }

  it.each<[unknown, Document]>([
    [{ d: 1 }, { _id: 1, d: 4 }],
    [{ d: true, _id: 0 }, { d: 4 }],
    [{ 'a.b': 1 }, { _id: 1, a: { b: 1 } }],
    [{ a: { b: 1 } }, { _id: 1, a: { b: 1 } }],
    [{ 'list.b': 1, _id: 0 }, { list: [{ b: 1 }, { b: 3 }] }],
    [
      { a: 0, list: 0 },
      { _id: 1, d: 4 },
    ],
    [
      { 'list.b': 0, a: 0, _id: 0 },
      { list: [{ c: 2 }, 'text', {}], d: 4 },
    ],
    [{ sum: { $add: ['$d', '$a.b'] } }, { _id: 1, sum: 5 }],
    [{ 'list.n': '$d', _id: 0 }, { list: [{ n: 4 }, { n: 4 }, { n: 4 }] }],
    [
      { d: '$$REMOVE', a: 1 },
      { _id: 1, a: { b: 1, c: 2 } },
    ],
    [{ _id: '$d' }, { _id: 4 }],
  ])('%j', async (spec, expected) => {
    expect(await runPipeline([{ $project: spec }], [document])).toEqual([expected])
  })

  it('lists kept fields in the order of the document and computed ones after them', async () => {
    const [made] = await runPipeline([{ $project: { z: { $literal: 1 }, d: 1, a: 1 } }], [document])
    expect(Object.keys(made ?? {})).toEqual(['_id', 'a', 'd', 'z'])
  })

  it.each([
    [1, 'Location15969'],
    [{}, 'Location51272'],
    [{ a: 1, b: 0 }, 'Location31253'],
    [{ a: 0, b: '$c' }, 'Location31253'],
    [{ a: {} }, 'Location51270'],
    [{ a: 1, 'a.b': 1 }, 'Location31249'],
    [{ 'a.b': 1, a: { b: 1 } }, 'Location31250'],
    [{ 'a.': 1 }, 'Location40353'],
    [{ 'a..b': 1 }, 'Location15998'],
    [{ $a: 1 }, 'Location16410'],
    [{ a: { $nope: 1 } }, 'InvalidPipelineOperator'],
    [{ '__proto__.x': 1 }, 'BadValue'],
  ])('refuses %j', async (spec, reason) => {
    expect(await refusalOf([{ $project: spec }])).toBe(reason)
  })
})

describe('$addFields and $set', () => {
  it('compute from the document as it came in', async () => {
    const stages = [{ $set: { a: '$b', b: '$a' } }]
    expect(await runPipeline(stages, [{ a: 1, b: 2 }])).toEqual([{ a: 2, b: 1 }])
  })

  it('reach into objects, arrays and whatever is in the way', async () => {
    const stages = [{ $addFields: { 'a.x': 9, 'b.x': 9, 'c.x': 9, d: { e: { f: 1 } } } }]
    expect(await runPipeline(stages, [{ a: { y: 1 }, b: [{ y: 1 }, 2], c: 'text' }])).toEqual([
      { a: { y: 1, x: 9 }, b: [{ y: 1, x: 9 }, { x: 9 }], c: { x: 9 }, d: { e: { f: 1 } } },
    ])
  })

  it('remove a field that computes to nothing', async () => {
    expect(await runPipeline([{ $set: { a: '$nope' } }], [{ a: 1, b: 2 }])).toEqual([{ b: 2 }])
  })

  it('leave the documents that they were given as they were', async () => {
    const given = Object.freeze({ a: Object.freeze({ b: 1 }) })
    await runPipeline([{ $set: { 'a.b': 2, 'a.c': 3 } }, { $unset: 'a.b' }], [given])
    expect(given).toEqual({ a: { b: 1 } })
  })
})

describe('$unset', () => {
  it('takes one path or several', async () => {
    const documents = [{ a: 1, b: { c: 1, d: 2 } }]
    expect(await runPipeline([{ $unset: 'a' }], documents)).toEqual([{ b: { c: 1, d: 2 } }])
    expect(await runPipeline([{ $unset: ['a', 'b.c'] }], documents)).toEqual([{ b: { d: 2 } }])
  })

  it.each([
    [[], 'Location31119'],
    [1, 'Location31120'],
    [['a', 1], 'Location31120'],
    [['a', 'a.b'], 'Location31249'],
  ])('refuses %j', async (spec, reason) => {
    expect(await refusalOf([{ $unset: spec }])).toBe(reason)
  })
})

describe('$replaceRoot and $replaceWith', () => {
  it('put another document in place', async () => {
    const documents = [{ a: { b: 1 } }]
    expect(await runPipeline([{ $replaceRoot: { newRoot: '$a' } }], documents)).toEqual([{ b: 1 }])
    expect(await runPipeline([{ $replaceWith: { n: '$a.b' } }], documents)).toEqual([{ n: 1 }])
  })

  it('refuse values that are not documents', async () => {
    expect(await refusalOf([{ $replaceWith: '$a' }], [{ a: 1 }])).toBe('Location40228')
    expect(await refusalOf([{ $replaceRoot: { newRoot: '$nope' } }], [{ a: 1 }])).toBe('Location40228')
    expect(await refusalOf([{ $replaceRoot: {} }])).toBe('FailedToParse')
  })
})

describe('$redact', () => {
  const stages = [{ $redact: { $cond: [{ $eq: ['$secret', true] }, '$$PRUNE', '$$DESCEND'] } }]

  it('decides for each document inside a document', async () => {
    const document = { _id: 1, a: { secret: true }, b: { c: 1 }, list: [1, { secret: true }, { d: 2 }] }
    expect(await runPipeline(stages, [document, { secret: true }])).toEqual([
      { _id: 1, b: { c: 1 }, list: [1, { d: 2 }] },
    ])
  })

  it('refuses any other decision', async () => {
    expect(await refusalOf([{ $redact: '$a' }], [{ a: 'x' }])).toBe('Location17053')
  })

  it('has variables that other stages do not', async () => {
    expect(await refusalOf([{ $set: { a: '$$PRUNE' } }], [{}])).toBe('Location17276')
  })
})
