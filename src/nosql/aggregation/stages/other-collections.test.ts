import { describe, expect, it } from 'vitest'
import { refusalOf, runPipeline, sourceOf } from '../../../../test/aggregation/run-pipeline.ts'
import { DuplicateKeyError } from '../../../errors.ts'
import type { PipelineTarget } from '../../query/expression-engine.ts'
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

  it('joins by equality, through arrays on both sides; null and missing are one', async () => {
    const stages = [
      { $lookup: { from: 'tagged', localField: 'want', foreignField: 'tags', as: 'found' } },
      { $set: { found: '$found._id' } },
    ]
    const documents = [{ want: 'a' }, { want: ['b', 'c'] }, { want: null }, {}, { want: 'nope' }]
    const made = await runPipeline(stages, documents, { source })
    expect(made.map(({ found }) => found)).toEqual([[1], [1, 2], [3, 4], [3, 4], []])
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

  it('combines both, and nests', async () => {
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

  it('needs a store', async () => {
    const stages = [{ $lookup: { from: 'x', localField: 'a', foreignField: 'b', as: 'r' } }]
    expect(await refusalOf(stages, [{}])).toBe('LEX_ERR_NOSQL_009')
  })
})

describe('$graphLookup', () => {
  const source = sourceOf({
    people: [
      { _id: 1, boss: 2, office: 'a' },
      { _id: 2, boss: 3, office: 'a' },
      { _id: 3, boss: 1, office: 'b' },
      { _id: 4, boss: [1, 2], office: 'a' },
    ],
  })
  const spec = { from: 'people', startWith: '$boss', connectFromField: 'boss', connectToField: '_id', as: 'chain' }
  const ids = async (more: object, documents: readonly Document[]) =>
    (
      await runPipeline([{ $graphLookup: { ...spec, ...more } }, { $set: { chain: '$chain._id' } }], documents, {
        source,
      })
    ).map(({ chain }) => chain)

  it('follows a field, through cycles and arrays, and meets each document once', async () => {
    expect(await ids({}, [{ boss: 2 }, { boss: [3, 4] }, { boss: 99 }, {}])).toEqual([[2, 3, 1], [3, 4, 1, 2], [], []])
  })

  it('stops at a depth, which it can note', async () => {
    const [made] = await runPipeline([{ $graphLookup: { ...spec, maxDepth: 1, depthField: 'at' } }], [{ boss: 2 }], {
      source,
    })
    expect(made?.['chain']).toEqual([
      { _id: 2, boss: 3, office: 'a', at: 0 },
      { _id: 3, boss: 1, office: 'b', at: 1 },
    ])
    expect(await ids({ maxDepth: 0 }, [{ boss: 2 }])).toEqual([[2]])
  })

  it('goes on only from documents that match', async () => {
    expect(await ids({ restrictSearchWithMatch: { office: 'a' } }, [{ boss: 2 }, { boss: [4] }])).toEqual([
      [2],
      [4, 1, 2],
    ])
  })

  it.each([
    [{ from: undefined }, 'FailedToParse'],
    [{ maxDepth: -1 }, 'Location40101'],
    [{ maxDepth: 1.5 }, 'Location40102'],
    [{ maxDepth: 'x' }, 'Location40100'],
    [{ connectFromField: '$boss' }, 'Location16410'],
    [{ connectToField: 1 }, 'Location40103'],
    [{ restrictSearchWithMatch: 1 }, 'Location40185'],
    [{ more: 1 }, 'FailedToParse'],
  ])('refuses %j', async (more, reason) => {
    expect(await refusalOf([{ $graphLookup: { ...spec, ...more } }])).toBe(reason)
  })
})

describe('$unionWith', () => {
  const source = sourceOf({ others: [{ n: 3 }, { n: 4 }] })

  it('adds another collection, as it is or through a pipeline', async () => {
    expect(await runPipeline([{ $unionWith: 'others' }], [{ n: 1 }], { source })).toEqual([
      { n: 1 },
      { n: 3 },
      { n: 4 },
    ])
    const stages = [{ $unionWith: { coll: 'others', pipeline: [{ $match: { n: 4 } }] } }]
    expect(await runPipeline(stages, [{ n: 1 }], { source })).toEqual([{ n: 1 }, { n: 4 }])
    expect(await runPipeline([{ $unionWith: 'nothing' }], [{ n: 1 }], { source })).toEqual([{ n: 1 }])
    expect(await runPipeline([{ $unionWith: { pipeline: [{ $documents: [{ n: 9 }] }] } }], [])).toEqual([{ n: 9 }])
  })

  it.each([
    [1, 'FailedToParse'],
    [{}, 'FailedToParse'],
    ['', 'InvalidNamespace'],
    [{ coll: 'x', pipeline: 1 }, 'TypeMismatch'],
    [{ pipeline: [{ $limit: 1 }] }, 'InvalidNamespace'],
    [{ coll: 'x', pipeline: [{ $merge: 'y' }] }, 'Location40600'],
    [{ coll: 'x', other: 1 }, 'FailedToParse'],
  ])('refuses %j', async (spec, reason) => {
    expect(await refusalOf([{ $unionWith: spec }])).toBe(reason)
  })
})

describe('$documents', () => {
  it('begins a pipeline', async () => {
    expect(await runPipeline([{ $documents: [{ a: { $add: [1, 2] } }] }, { $match: { a: 3 } }])).toEqual([{ a: 3 }])
  })

  it('refuses what is no list of objects', async () => {
    expect(await refusalOf([{ $documents: 1 }])).toBe('Location5858203')
    expect(await refusalOf([{ $documents: [1] }])).toBe('Location40228')
  })
})

describe('$out and $merge', () => {
  /** A collection `to` with a unique `_id`, and a unique `key` where asked for. */
  function store(documents: readonly Document[], unique: readonly string[] = ['_id']) {
    let kept = [...documents]
    const target: PipelineTarget = {
      async replaceAll(_name, all) {
        kept = [...all]
      },
      async insert(_name, document) {
        if (kept.some(({ _id }) => _id === document['_id'])) throw new DuplicateKeyError('there')
        kept.push(document)
      },
      async replace(_name, document) {
        kept = kept.map((old) => (old['_id'] === document['_id'] ? document : old))
      },
      isUnique: async (_name, paths) => unique.includes(paths.join()),
    }
    return {
      source: { read: (name: string, filter: Document) => sourceOf({ [name]: kept }).read(name, filter) },
      target,
      all: () => kept,
    }
  }
  const merged = async (
    spec: object,
    existing: readonly Document[],
    documents: readonly Document[],
    unique?: readonly string[],
  ) => {
    const { all, ...options } = store(existing, unique)
    expect(await runPipeline([{ $merge: { into: 'to', ...spec } }], documents, options)).toEqual([])
    return all()
  }

  it('$out replaces the collection', async () => {
    const { all, ...options } = store([{ _id: 1 }])
    expect(await runPipeline([{ $match: { _id: 2 } }, { $out: 'to' }], [{ _id: 2 }, { _id: 3 }], options)).toEqual([])
    expect(all()).toEqual([{ _id: 2 }])
  })

  it('$merge does what whenMatched and whenNotMatched say', async () => {
    const existing = [{ _id: 1, a: 1, b: 1 }]
    const documents = [{ _id: 1, a: 2 }, { _id: 2 }]
    expect(await merged({}, existing, documents)).toEqual([{ _id: 1, a: 2, b: 1 }, { _id: 2 }])
    expect(await merged({ whenMatched: 'replace' }, existing, documents)).toEqual([{ _id: 1, a: 2 }, { _id: 2 }])
    expect(await merged({ whenMatched: 'keepExisting', whenNotMatched: 'discard' }, existing, documents)).toEqual(
      existing,
    )
    const pipeline = [{ $set: { a: { $add: ['$a', '$$new.a', '$$more'] } } }]
    expect(await merged({ whenMatched: pipeline, let: { more: 10 } }, existing, documents)).toEqual([
      { _id: 1, a: 13, b: 1 },
      { _id: 2 },
    ])
  })

  it('$merge matches by other fields that are unique', async () => {
    const spec = { on: 'key', whenMatched: 'merge' }
    expect(await merged(spec, [{ _id: 1, key: 'k' }], [{ key: 'k', a: 1 }], ['key'])).toEqual([
      { _id: 1, key: 'k', a: 1 },
    ])
    expect(await refusalOf([{ $merge: { into: 'to', on: 'key' } }], [{ key: 'k' }], store([]))).toBe('Location51183')
    expect(await refusalOf([{ $merge: { into: 'to', on: 'key' } }], [{ a: 1 }], store([], ['key']))).toBe(
      'Location51132',
    )
  })

  it('$merge fails where it is told to, after the others are inserted', async () => {
    const { all, ...options } = store([{ _id: 1 }])
    expect(await refusalOf([{ $merge: { into: 'to', whenMatched: 'fail' } }], [{ _id: 1 }, { _id: 2 }], options)).toBe(
      'LEX_ERR_DB_005',
    )
    expect(all()).toEqual([{ _id: 1 }, { _id: 2 }])
    expect(await refusalOf([{ $merge: { into: 'to', whenNotMatched: 'fail' } }], [{ _id: 9 }], options)).toBe(
      'Location13113',
    )
  })

  it.each([
    [{ $merge: 1 }, 'TypeMismatch'],
    [{ $merge: {} }, 'FailedToParse'],
    [{ $merge: { into: 1 } }, 'Location51178'],
    [{ $merge: { into: 'x', on: [] } }, 'Location51187'],
    [{ $merge: { into: 'x', on: ['a', 'a'] } }, 'Location31465'],
    [{ $merge: { into: 'x', whenMatched: 'no' } }, 'BadValue'],
    [{ $merge: { into: 'x', whenNotMatched: 'no' } }, 'BadValue'],
    [{ $merge: { into: 'x', let: { a: 1 } } }, 'Location51199'],
    [{ $merge: { into: 'x', whenMatched: [{ $match: {} }] } }, 'Location40600'],
    [{ $merge: { into: 'x', whenMatched: [], let: { new: 1 } } }, 'Location51273'],
    [{ $out: 1 }, 'Location16990'],
    [{ $out: { coll: 'x' } }, 'FailedToParse'],
    [{ $out: { db: 'admin', coll: 'x' } }, 'Location31320'],
    [{ $out: 'a$b' }, 'InvalidNamespace'],
    [{ $out: 'x'.repeat(201) }, 'InvalidNamespace'],
  ])('refuse %j', async (stage, reason) => {
    expect(await refusalOf([stage])).toBe(reason)
  })

  it('need a place to write to', async () => {
    expect(await refusalOf([{ $out: 'x' }])).toBe('LEX_ERR_NOSQL_009')
  })
})
