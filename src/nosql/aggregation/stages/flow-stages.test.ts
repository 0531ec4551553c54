import { describe, expect, it } from 'vitest'
import { refusalOf, runPipeline } from '../../../../test/support/aggregation/run-pipeline.ts'
import type { Document } from '../../query/value.ts'

const numbers = (count: number): Document[] => Array.from({ length: count }, (_, n) => ({ n }))

describe('$match', () => {
  it('filters, with expressions too', async () => {
    const stages = [{ $match: { n: { $gte: 1 }, $expr: { $lt: ['$n', 3] } } }]
    expect(await runPipeline(stages, numbers(5))).toEqual([{ n: 1 }, { n: 2 }])
  })

  it('sees the variables of the caller', async () => {
    const stages = [{ $match: { $expr: { $eq: ['$n', '$$wanted'] } } }]
    expect(await runPipeline(stages, numbers(5), { variables: { wanted: 3 } })).toEqual([{ n: 3 }])
    expect(await refusalOf(stages)).toBe('Location17276')
  })

  it('refuses code from data', async () => {
    expect(await refusalOf([{ $match: { $where: 'true' } }])).toBeDefined()
    expect(await refusalOf([{ $match: 1 }])).toBe('Location15959')
  })
})

describe('$sort, $skip, $limit and $count', () => {
  it('put documents in order and cut them', async () => {
    const stages = [{ $sort: { n: -1 } }, { $skip: 1 }, { $limit: 2 }]
    expect(await runPipeline(stages, numbers(5))).toEqual([{ n: 3 }, { n: 2 }])
    expect(await runPipeline([{ $count: 'total' }], numbers(5))).toEqual([{ total: 5 }])
    expect(await runPipeline([{ $count: 'total' }])).toEqual([])
  })

  it('find the same first documents whether or not all are kept', async () => {
    const documents = Array.from({ length: 5000 }, (_, n) => ({ n, key: (n * 7919) % 97 }))
    const all = await runPipeline([{ $sort: { key: 1 } }], documents)
    expect(await runPipeline([{ $sort: { key: 1 } }, { $limit: 300 }], documents)).toEqual(all.slice(0, 300))
  })

  it('order by type, arrays by their extreme', async () => {
    const values = [new Date(0), true, [3, 9], 'b', 4, null, { a: 1 }, [], 2n]
    const documents = values.map((v) => ({ v }))
    const sorted = await runPipeline([{ $sort: { v: 1 } }], documents)
    expect(sorted.map(({ v }) => v)).toEqual([[], null, 2n, [3, 9], 4, 'b', { a: 1 }, true, new Date(0)])
    const reversed = await runPipeline([{ $sort: { v: -1 } }, { $match: { v: { $type: 'number' } } }], documents)
    expect(reversed.map(({ v }) => v)).toEqual([[3, 9], 4, 2n])
  })

  it('order by several keys of one array as a query does', async () => {
    const lists = [
      [
        { b: 1, c: 9 },
        { b: 5, c: 1 },
      ],
      [{ b: 1, c: 5 }],
      [1, 2],
    ]
    const documents = lists.map((a, _id) => ({ _id, a }))
    const sorted = await runPipeline([{ $sort: { 'a.b': 1, 'a.c': 1 } }], documents)
    expect(sorted.map(({ _id }) => _id)).toEqual([2, 1, 0])
    expect(await refusalOf([{ $sort: { a: 1, b: 1 } }], [{ a: [1], b: [2] }])).toBe('BadValue')
  })

  it('stop reading once the limit is full', async () => {
    let read = 0
    const endless = async function* () {
      for (;;) yield [{ n: read++ }]
    }
    const { aggregation } = await import('../index.ts')
    const found: Document[] = []
    for await (const batch of aggregation()
      .pipeline([{ $limit: 3 }], {})
      .run(endless()))
      found.push(...batch)
    expect(found).toHaveLength(3)
    expect(read).toBe(3)
  })

  it.each([
    [{ $limit: 0 }, 'Location15958'],
    [{ $limit: -1 }, 'Location5107201'],
    [{ $limit: 1.5 }, 'FailedToParse'],
    [{ $skip: -1 }, 'Location5107200'],
    [{ $sort: {} }, 'Location15976'],
    [{ $sort: { a: 2 } }, 'Location15975'],
    [{ $sort: { a: 'up' } }, 'Location15974'],
    [{ $count: '' }, 'Location40157'],
    [{ $count: '$a' }, 'Location40158'],
    [{ $count: 'a.b' }, 'Location40160'],
  ])('refuse %j', async (stage, reason) => {
    expect(await refusalOf([stage])).toBe(reason)
  })
})

describe('$unwind', () => {
  it('makes a document per element', async () => {
    const documents = [{ a: [1, 2] }, { a: [] }, { a: null }, { b: 1 }, { a: 'x' }]
    expect(await runPipeline([{ $unwind: '$a' }], documents)).toEqual([{ a: 1 }, { a: 2 }, { a: 'x' }])
  })

  it('keeps documents with nothing to unwind under preserveNullAndEmptyArrays', async () => {
    const stages = [{ $unwind: { path: '$a.b', includeArrayIndex: 'at', preserveNullAndEmptyArrays: true } }]
    expect(await runPipeline(stages, [{ a: { b: ['x', 'y'] } }, { a: { b: [], c: 1 } }, { a: 1 }])).toEqual([
      { a: { b: 'x' }, at: 0n },
      { a: { b: 'y' }, at: 1n },
      { a: { c: 1 }, at: null },
      { a: 1, at: null },
    ])
  })

  it.each([
    ['a', 'Location28818'],
    ['', 'Location28812'],
    [{}, 'Location28812'],
    [{ path: 1 }, 'Location28808'],
    [{ path: '$a', includeArrayIndex: '$x' }, 'Location28822'],
    [{ path: '$a', preserveNullAndEmptyArrays: 1 }, 'Location28809'],
  ])('refuses %j', async (spec, reason) => {
    expect(await refusalOf([{ $unwind: spec }])).toBe(reason)
  })
})

describe('$sample', () => {
  it('chooses so many different documents', async () => {
    const chosen = await runPipeline([{ $sample: { size: 10 } }], numbers(100))
    expect(new Set(chosen.map(({ n }) => n)).size).toBe(10)
    expect(await runPipeline([{ $sample: { size: 10 } }], numbers(3))).toHaveLength(3)
  })

  it('chooses by the randomness that it is given', async () => {
    const options = { random: () => 0 }
    const first = await runPipeline([{ $sample: { size: 2 } }], numbers(20), options)
    expect(await runPipeline([{ $sample: { size: 2 } }], numbers(20), options)).toEqual(first)
  })
})

describe('a pipeline as a whole', () => {
  it.each([
    [{ $match: {} }, 'TypeMismatch'],
    [[1], 'TypeMismatch'],
    [[{}], 'Location40323'],
    [[{ $match: {}, $limit: 1 }], 'Location40323'],
    [[{ $nope: {} }], 'Location40324'],
    [[{ match: {} }], 'Location40324'],
    [[{ $out: 'x' }, { $limit: 1 }], 'Location40601'],
    [[{ $limit: 1 }, { $documents: [] }], 'Location40600'],
    [[{ $facet: { a: [{ $out: 'x' }] } }], 'Location40600'],
    [[{ $facet: { a: [{ $unionWith: { coll: 'x', pipeline: [{ $facet: { b: [] } }] } }] } }], 'Location40600'],
    [[{ $facet: { a: [{ $unionWith: { pipeline: [{ $documents: [{}] }] } }] } }], 'Location40600'],
    [[{ $facet: { a: [{ $lookup: { pipeline: [{ $documents: [{}] }], as: 'b' } }] } }], 'Location40600'],
    [Array.from({ length: 1001 }, () => ({ $limit: 1 })), 'Location7749501'],
  ])('is refused: %#', async (stages, reason) => {
    expect(await refusalOf(stages)).toBe(reason)
  })

  it('says where it is wrong without a value', async () => {
    const { aggregation } = await import('../index.ts')
    const bad = () => aggregation().pipeline([{ $match: {} }, { $facet: { a: [{ $limit: 'secret' }] } }], {})
    expect(bad).toThrow(expect.objectContaining({ path: 'pipeline[1].$facet[0].$limit', reason: 'TypeMismatch' }))
    expect(bad).not.toThrow(/secret/)
  })

  it('ends when its documents grow beyond the budget', async () => {
    const documents = numbers(2000)
    const bomb = [
      { $set: { a: { $range: [0, 1000] } } },
      { $unwind: '$a' },
      { $set: { b: { $range: [0, 1000] } } },
      { $unwind: '$b' },
    ]
    expect(await refusalOf([...bomb, { $count: 'n' }], documents, { budget: { maxDocuments: 10_000 } })).toBe(
      'LEX_ERR_NOSQL_010',
    )
    expect(await refusalOf([{ $sort: { n: 1 } }], documents, { budget: { maxBytes: 10_000 } })).toBe(
      'LEX_ERR_NOSQL_010',
    )
    expect(
      await refusalOf([{ $group: { _id: null, all: { $push: '$n' } } }], documents, { budget: { maxBytes: 10_000 } }),
    ).toBe('LEX_ERR_NOSQL_010')
    expect(
      await refusalOf([{ $limit: 10 }, { $sort: { n: 1 } }], documents, { budget: { maxBytes: 10_000 } }),
    ).toBeUndefined()
  })

  it('can be run twice, also at the same time', async () => {
    const { aggregation } = await import('../index.ts')
    const plan = aggregation().pipeline([{ $group: { _id: null, n: { $sum: 1 } } }], {})
    const run = async (count: number) => {
      const source = (async function* () {
        for (const document of numbers(count)) yield [document]
      })()
      const found: Document[] = []
      for await (const batch of plan.run(source)) found.push(...batch)
      return found[0]
    }
    expect(await Promise.all([run(3), run(5)])).toEqual([
      { _id: null, n: 3 },
      { _id: null, n: 5 },
    ])
  })
})
