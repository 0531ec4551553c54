import { describe, expect, it } from 'vitest'
import { and } from '../../core/specification/combine.ts'
import { fieldEq, fieldGt } from '../../core/specification/field.ts'
import { AggregationOp } from './accumulators.ts'
import { AggregationPipeline } from './pipeline-builder.ts'

const pipeline = () => new AggregationPipeline()

describe('AggregationPipeline', () => {
  it('builds what the guide writes', () => {
    const built = pipeline()
      .match({ status: 'active' })
      .group('_id', { total: AggregationOp.SUM(1) })
      .sort([['total', -1]])
      .build()
    expect(built).toEqual([
      { $match: { status: 'active' } },
      { $group: { _id: '$_id', total: { $sum: 1 } } },
      { $sort: { total: -1 } },
    ])
  })

  it('takes accumulators as the query language writes them', () => {
    expect(
      pipeline()
        .group('dept', { count: { $sum: 1 }, avg_score: { $avg: '$score' } })
        .build(),
    ).toEqual([{ $group: { count: { $sum: 1 }, avg_score: { $avg: '$score' }, _id: '$dept' } }])
  })

  it('groups by an expression, by everything, or by a whole stage', () => {
    const accumulators = { n: AggregationOp.COUNT() }
    const key = { year: { $year: '$at' } }
    expect(pipeline().group(key, accumulators).group(null, accumulators).group('$a.b', accumulators).build()).toEqual([
      { $group: { _id: key, n: { $count: {} } } },
      { $group: { _id: null, n: { $count: {} } } },
      { $group: { _id: '$a.b', n: { $count: {} } } },
    ])
    expect(
      pipeline()
        .group({ _id: '$dept', n: AggregationOp.SUM(1) })
        .build(),
    ).toEqual([{ $group: { _id: '$dept', n: { $sum: 1 } } }])
  })

  it('matches specifications', () => {
    expect(
      pipeline()
        .match(and(fieldEq('a', 1), fieldGt('b', 2)))
        .build(),
    ).toEqual([{ $match: { a: 1, b: { $gt: 2 } } }])
  })

  it('matches several conditions at once', () => {
    expect(pipeline().match({ a: 1 }, fieldEq('a', 2)).build()).toEqual([{ $match: { $and: [{ a: 1 }, { a: 2 }] } }])
  })

  it('writes every stage in the query language', () => {
    const built = pipeline()
      .sort({ a: 1, b: -1 })
      .project({ name: 1, total: { $add: ['$a', '$b'] } })
      .addFields({ x: '$y' })
      .unset('x', 'y')
      .unwind('tags')
      .unwind('$items', { preserveNullAndEmptyArrays: true, includeArrayIndex: 'at' })
      .lookup({ from: 'users', localField: 'userId', foreignField: '_id', as: 'users' })
      .lookup({ from: 'logs', let: { id: '$_id' }, pipeline: pipeline().match({ level: 'warn' }).limit(1), as: 'logs' })
      .facet({ top: pipeline().limit(3), all: [{ $count: 'n' }] })
      .limit(10)
      .skip(5)
      .sortByCount('dept')
      .bucket({ groupBy: 'price', boundaries: [0, 10, 20], default: 'more', output: { n: AggregationOp.SUM(1) } })
      .bucketAuto({ groupBy: '$price', buckets: 4 })
      .replaceRoot('address')
      .replaceRoot({ $mergeObjects: ['$$ROOT', '$address'] })
      .sample(3)
      .unionWith('archive')
      .unionWith('archive', pipeline().match({ a: 1 }))
      .stage({ $redact: '$$KEEP' })
      .count()
      .count('people')
      .build()
    expect(built).toEqual([
      { $sort: { a: 1, b: -1 } },
      { $project: { name: 1, total: { $add: ['$a', '$b'] } } },
      { $addFields: { x: '$y' } },
      { $unset: ['x', 'y'] },
      { $unwind: '$tags' },
      { $unwind: { path: '$items', preserveNullAndEmptyArrays: true, includeArrayIndex: 'at' } },
      { $lookup: { from: 'users', localField: 'userId', foreignField: '_id', as: 'users' } },
      {
        $lookup: {
          from: 'logs',
          let: { id: '$_id' },
          as: 'logs',
          pipeline: [{ $match: { level: 'warn' } }, { $limit: 1 }],
        },
      },
      { $facet: { top: [{ $limit: 3 }], all: [{ $count: 'n' }] } },
      { $limit: 10 },
      { $skip: 5 },
      { $sortByCount: '$dept' },
      {
        $bucket: { groupBy: '$price', boundaries: [0, 10, 20], default: 'more', output: { n: { $sum: 1 } } },
      },
      { $bucketAuto: { groupBy: '$price', buckets: 4 } },
      { $replaceRoot: { newRoot: '$address' } },
      { $replaceRoot: { newRoot: { $mergeObjects: ['$$ROOT', '$address'] } } },
      { $sample: { size: 3 } },
      { $unionWith: 'archive' },
      { $unionWith: { coll: 'archive', pipeline: [{ $match: { a: 1 } }] } },
      { $redact: '$$KEEP' },
      { $count: 'count' },
      { $count: 'people' },
    ])
  })

  it('returns a new pipeline with every step', () => {
    const base = pipeline().match({ a: 1 })
    base.limit(1)
    expect(base.build()).toEqual([{ $match: { a: 1 } }])
  })

  it('makes accumulators as plain data', () => {
    expect(AggregationOp.AVG('$score')).toStrictEqual({ $avg: '$score' })
    expect(AggregationOp.TOP_N({ score: -1 }, '$name', 3)).toStrictEqual({
      $topN: { sortBy: { score: -1 }, output: '$name', n: 3 },
    })
    expect(AggregationOp.MIN_N('$a', 2)).toStrictEqual({ $minN: { input: '$a', n: 2 } })
    expect(AggregationOp.MEDIAN('$a')).toStrictEqual({ $median: { input: '$a', method: 'approximate' } })
  })

  it('refuses a stage that is not one operator', () => {
    const usage = expect.objectContaining({ code: 'LEX_ERR_USE_001' })
    expect(() => pipeline().stage({ $limit: 1, $skip: 1 })).toThrow(usage)
    expect(() => pipeline().stage(JSON.parse('{"limit":1}'))).toThrow(usage)
  })

  it('refuses a group without a key', () => {
    const usage = expect.objectContaining({ code: 'LEX_ERR_USE_001' })
    expect(() => pipeline().group(JSON.parse('"dept"'))).toThrow(usage)
  })
})
