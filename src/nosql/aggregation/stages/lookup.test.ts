import { describe, expect, it } from 'vitest'
import { refusalOf, runPipeline, sourceOf } from '../../../../test/support/aggregation/run-pipeline.ts'
import type { Document } from '../../query/value.ts'

describe('$lookup', () => {
  const source = sourceOf({
    authors: [{ _id: 1, name: 'Ada' }, { _id: 2, name: 'Bob' }, { _id: 3 }],
    tagged: [
      { _id: 1, tags: ['a', 'b'] },
      { _id: 2, tags: 'c' },
      { _id: 3, tags: null },
      { _id: 4 },
      { _id: 5, tags: [] },
    ],
  })

  it('joins by equality, through arrays on both sides', async () => {
    const stages = [
      { $lookup: { from: 'tagged', localField: 'want', foreignField: 'tags', as: 'found' } },
      { $set: { found: '$found._id' } },
    ]
    const documents = [{ want: 'a' }, { want: ['b', 'c'] }, { want: 'nope' }]
    const made = await runPipeline(stages, documents, { source })
    expect(made.map(({ found }) => found)).toEqual([[1], [1, 2], []])
  })

  it('takes null and a missing field for one value', async () => {
    const stages = [
      { $lookup: { from: 'tagged', localField: 'want', foreignField: 'tags', as: 'found' } },
      { $set: { found: '$found._id' } },
    ]
    const made = await runPipeline(stages, [{ want: null }, {}], { source })
    expect(made.map(({ found }) => found)).toEqual([
      [3, 4],
      [3, 4],
    ])
  })

  it('looks for null only where nothing is at the path', async () => {
    const stages = [
      { $lookup: { from: 'tagged', localField: 'a.x', foreignField: 'tags', as: 'found' } },
      { $set: { found: '$found._id' } },
    ]
    const documents: Document[] = [
      { a: [{ x: 'c' }, { y: 1 }] },
      { a: [{ y: 1 }] },
      { a: [] },
      { a: [1, { x: [] }] },
      {},
    ]
    const made = await runPipeline(stages, documents, { source })
    expect(made.map(({ found }) => found)).toEqual([[2], [3, 4], [3, 4], [3, 4], [3, 4]])
    const [byPlace] = await runPipeline(
      [{ $lookup: { from: 'tagged', localField: 'a.0.x', foreignField: 'tags', as: 'found' } }],
      [{ a: [{ x: 'c' }, { x: 'a' }] }],
      { source },
    )
    expect(byPlace?.['found']).toEqual([{ _id: 2, tags: 'c' }])
  })

  it('runs a pipeline with variables of the outer document', async () => {
    const stages = [
      {
        $lookup: {
          from: 'authors',
          let: { wanted: '$author' },
          pipeline: [{ $match: { $expr: { $eq: ['$_id', '$$wanted'] } } }, { $project: { _id: 0, name: 1 } }],
          as: 'author.names',
        },
      },
    ]
    expect(await runPipeline(stages, [{ author: 2 }, { author: 9 }], { source })).toEqual([
      { author: { names: [{ name: 'Bob' }] } },
      { author: { names: [] } },
    ])
  })

  it('nests both forms', async () => {
    const stages = [
      {
        $lookup: {
          from: 'authors',
          localField: 'ids',
          foreignField: '_id',
          let: { low: '$low' },
          pipeline: [
            { $match: { $expr: { $gte: ['$_id', '$$low'] } } },
            {
              $lookup: {
                from: 'tagged',
                pipeline: [{ $match: { $expr: { $eq: ['$_id', '$$low'] } } }, { $count: 'n' }],
                as: 'deep',
              },
            },
          ],
          as: 'r',
        },
      },
    ]
    expect(await runPipeline(stages, [{ ids: [1, 2], low: 2 }], { source })).toEqual([
      { ids: [1, 2], low: 2, r: [{ _id: 2, name: 'Bob', deep: [{ n: 1 }] }] },
    ])
  })

  it('makes its own documents without a collection', async () => {
    const stages = [{ $lookup: { pipeline: [{ $documents: [{ x: 1 }] }], as: 'r' } }]
    expect(await runPipeline(stages, [{ a: 1 }])).toEqual([{ a: 1, r: [{ x: 1 }] }])
  })

  it('reads the other collection once per batch, asking for the values that it needs', async () => {
    const filters: Document[] = []
    const counting = {
      read: (name: string, filter: Document) => {
        filters.push(filter)
        return source.read(name, filter)
      },
    }
    const documents = [1, 2, 1, 9].map((author) => ({ author }))
    await runPipeline(
      [{ $lookup: { from: 'authors', localField: 'author', foreignField: '_id', as: 'r' } }],
      documents,
      {
        source: counting,
      },
    )
    expect(filters).toEqual([{ _id: { $in: [1, 2] } }, { _id: { $in: [1, 9] } }])
  })

  it.each([
    [1, 'FailedToParse'],
    [{ from: 'x', as: 'r' }, 'FailedToParse'],
    [{ from: 'x', localField: 'a', as: 'r' }, 'FailedToParse'],
    [{ from: 'x', pipeline: [] }, 'TypeMismatch'],
    [{ from: 'x', pipeline: 1, as: 'r' }, 'TypeMismatch'],
    [{ from: 1, pipeline: [], as: 'r' }, 'FailedToParse'],
    [{ pipeline: [], as: 'r' }, 'InvalidNamespace'],
    [{ from: 'x', pipeline: [{ $out: 'y' }], as: 'r' }, 'Location40600'],
    [{ from: 'x', let: { Big: 1 }, pipeline: [], as: 'r' }, 'Location16867'],
    [{ from: 'x', localField: 'a', foreignField: 'b', as: '$r' }, 'Location16410'],
  ])('refuses %j', async (spec, reason) => {
    expect(await refusalOf([{ $lookup: spec }])).toBe(reason)
  })

  it('releases what a nested pipeline held before it goes on', async () => {
    const many = sourceOf({ many: Array.from({ length: 20 }, (_, n) => ({ n })) })
    const stages = [
      {
        $lookup: {
          from: 'many',
          let: { top: '$n' },
          pipeline: [{ $match: { $expr: { $lt: ['$n', '$$top'] } } }, { $sort: { n: -1 } }],
          as: 'r',
        },
      },
      { $count: 'n' },
    ]
    const documents = Array.from({ length: 500 }, () => ({ n: 10 }))
    const options = { source: many, budget: { maxBytes: 5000 } }
    expect(await runPipeline(stages, documents, options)).toEqual([{ n: 500 }])
    expect(await refusalOf(stages, documents, { ...options, budget: { maxBytes: 600 } })).toBe('LEX_ERR_NOSQL_010')
  })

  it('needs a store', async () => {
    const stages = [{ $lookup: { from: 'x', localField: 'a', foreignField: 'b', as: 'r' } }]
    expect(await refusalOf(stages, [{}])).toBe('LEX_ERR_NOSQL_009')
  })
})
