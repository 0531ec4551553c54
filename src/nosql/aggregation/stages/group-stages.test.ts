import { describe, expect, it } from 'vitest'
import { refusalOf, runPipeline } from '../../../../test/support/aggregation/run-pipeline.ts'
import type { Document } from '../../query/value.ts'

describe('$group', () => {
  it('holds values equal as MongoDB does', async () => {
    const documents = [
      { k: 1 },
      { k: 1n },
      { k: '1' },
      {},
      { k: null },
      { k: { a: 1, b: 2 } },
      { k: { b: 2, a: 1 } },
      { k: [1] },
    ]
    const groups = await runPipeline([{ $group: { _id: '$k', n: { $count: {} } } }], documents)
    expect(groups.map(({ n }) => n)).toEqual([2, 1, 2, 1, 1, 1])
  })

  it('takes an object as key, where missing differs from null', async () => {
    const groups = await runPipeline([{ $group: { _id: { a: '$a' } } }], [{ a: 1 }, {}, { a: null }, { a: 1 }])
    expect(groups).toEqual([{ _id: { a: 1 } }, { _id: {} }, { _id: { a: null } }])
  })

  it.each([
    [{}, 'Location15955'],
    [1, 'Location15947'],
    [{ _id: { a: 1 } }, 'Location17390'],
    [{ _id: 1, 'a.b': { $sum: 1 } }, 'Location40235'],
    [{ _id: 1, $a: { $sum: 1 } }, 'Location40236'],
    [{ _id: 1, a: 1 }, 'Location40234'],
    [{ _id: 1, a: { $sum: 1, $avg: 1 } }, 'Location40238'],
    [{ _id: 1, a: { $nope: 1 } }, 'Location15952'],
    [{ _id: 1, a: { $sum: [1, 2] } }, 'Location40237'],
    [{ _id: 1, a: { $rank: {} } }, 'Location15952'],
    [{ _id: 1, a: { $accumulator: {} } }, 'LEX_ERR_NOSQL_009'],
  ])('refuses %j', async (spec, reason) => {
    expect(await refusalOf([{ $group: spec }])).toBe(reason)
  })
})

describe('$sortByCount', () => {
  it('counts values, the most frequent first', async () => {
    expect(await runPipeline([{ $sortByCount: '$k' }], [{ k: 'a' }, { k: 'b' }, { k: 'b' }])).toEqual([
      { _id: 'b', count: 2 },
      { _id: 'a', count: 1 },
    ])
  })

  it.each([
    ['k', 'Location40148'],
    [{ k: 1 }, 'Location40147'],
    [1, 'Location40149'],
    [null, 'Location40149'],
  ])('refuses %j', async (spec, reason) => {
    expect(await refusalOf([{ $sortByCount: spec }])).toBe(reason)
  })
})

describe('$bucket', () => {
  const documents = [{ v: 1 }, { v: 5 }, { v: 9 }, { v: 20 }, { v: 'x' }]

  it('sorts values into ranges, the lower bound included', async () => {
    const stages = [
      { $bucket: { groupBy: '$v', boundaries: [1, 5, 10], default: 'other', output: { all: { $push: '$v' } } } },
    ]
    expect(await runPipeline(stages, documents)).toEqual([
      { _id: 1, all: [1] },
      { _id: 5, all: [5, 9] },
      { _id: 'other', all: [20, 'x'] },
    ])
  })

  it('refuses a value outside when it has no default', async () => {
    expect(await refusalOf([{ $bucket: { groupBy: '$v', boundaries: [0, 10] } }], documents)).toBe('Location7157600')
  })

  it.each([
    [{ groupBy: '$v' }, 'Location40198'],
    [{ groupBy: 'v', boundaries: [1, 2] }, 'Location40202'],
    [{ groupBy: '$v', boundaries: [1] }, 'Location40192'],
    [{ groupBy: '$v', boundaries: [2, 1] }, 'Location40194'],
    [{ groupBy: '$v', boundaries: [1, 'a'] }, 'Location40193'],
    [{ groupBy: '$v', boundaries: [1, '$b'] }, 'Location40191'],
    [{ groupBy: '$v', boundaries: [1, 3], default: 2 }, 'Location40199'],
    [{ groupBy: '$v', boundaries: [1, 3], output: 1 }, 'Location40196'],
  ])('refuses %j', async (spec, reason) => {
    expect(await refusalOf([{ $bucket: spec }])).toBe(reason)
  })
})

describe('$bucketAuto', () => {
  const values = (...list: number[]): Document[] => list.map((v) => ({ v }))

  it('makes ranges of about as many documents', async () => {
    expect(await runPipeline([{ $bucketAuto: { groupBy: '$v', buckets: 2 } }], values(4, 1, 3, 2))).toEqual([
      { _id: { min: 1, max: 3 }, count: 2 },
      { _id: { min: 3, max: 4 }, count: 2 },
    ])
  })

  it('keeps equal values in one range', async () => {
    expect(await runPipeline([{ $bucketAuto: { groupBy: '$v', buckets: 3 } }], values(1, 1, 1, 1, 2))).toEqual([
      { _id: { min: 1, max: 2 }, count: 4 },
      { _id: { min: 2, max: 2 }, count: 1 },
    ])
  })

  it('rounds its bounds to preferred numbers', async () => {
    const bounds = async (granularity: string, ...list: number[]) =>
      (await runPipeline([{ $bucketAuto: { groupBy: '$v', buckets: 2, granularity } }], values(...list))).map(
        ({ _id }) => _id,
      )
    expect(await bounds('POWERSOF2', 1, 3, 9, 17)).toEqual([
      { min: 0.5, max: 4 },
      { min: 4, max: 32 },
    ])
    expect(await bounds('1-2-5', 7, 8, 30, 90)).toEqual([
      { min: 5, max: 10 },
      { min: 10, max: 100 },
    ])
    expect(await bounds('E6', 0, 0, 16, 30)).toEqual([
      { min: 0, max: 15 },
      { min: 15, max: 33 },
    ])
  })

  it('fills each bucket in the order of the input', async () => {
    const stages = [
      { $bucketAuto: { groupBy: '$v', buckets: 1, output: { all: { $push: '$v' }, first: { $first: '$v' } } } },
    ]
    expect(await runPipeline(stages, values(3, 1, 2))).toEqual([{ _id: { min: 1, max: 3 }, all: [3, 1, 2], first: 3 }])
  })

  it.each([
    [{ groupBy: '$v' }, 'Location40246'],
    [{ groupBy: 1, buckets: 1 }, 'Location40202'],
    [{ groupBy: '$v', buckets: 0 }, 'Location40243'],
    [{ groupBy: '$v', buckets: 1.5 }, 'Location40242'],
    [{ groupBy: '$v', buckets: 'x' }, 'Location40241'],
    [{ groupBy: '$v', buckets: 1, granularity: 'R7' }, 'Location40257'],
    [{ groupBy: '$v', buckets: 1, output: { r: { $firstN: { input: '$v', n: '$min' } } } }, 'Location4544714'],
    [
      { groupBy: '$v', buckets: 1, output: { r: { $topN: { sortBy: { v: 1 }, output: '$v', n: '$min' } } } },
      'Location4544714',
    ],
  ])('refuses %j', async (spec, reason) => {
    expect(await refusalOf([{ $bucketAuto: spec }])).toBe(reason)
  })

  it('takes only numbers with a granularity', async () => {
    const stages = [{ $bucketAuto: { groupBy: '$v', buckets: 1, granularity: 'R5' } }]
    expect(await refusalOf(stages, [{ v: 'x' }])).toBe('Location40258')
    expect(await refusalOf(stages, [{ v: -1 }])).toBe('Location40260')
  })
})

describe('$facet', () => {
  it('runs several pipelines over the same documents', async () => {
    const stages = [
      { $facet: { total: [{ $count: 'n' }], high: [{ $match: { v: { $gt: 1 } } }], none: [{ $match: { v: 9 } }] } },
    ]
    expect(await runPipeline(stages, [{ v: 1 }, { v: 2 }])).toEqual([{ total: [{ n: 2 }], high: [{ v: 2 }], none: [] }])
    expect(await runPipeline(stages)).toEqual([{ total: [], high: [], none: [] }])
  })

  it.each([
    [{}, 'Location40169'],
    [{ a: 1 }, 'Location40170'],
    [{ 'a.b': [] }, 'Location40412'],
  ])('refuses %j', async (spec, reason) => {
    expect(await refusalOf([{ $facet: spec }])).toBe(reason)
  })
})
