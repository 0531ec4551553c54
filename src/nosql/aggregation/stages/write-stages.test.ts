import { describe, expect, it } from 'vitest'
import { refusalOf, runPipeline, sourceOf } from '../../../../test/support/aggregation/run-pipeline.ts'
import { DuplicateKeyError } from '../../../core/errors.ts'
import type { PipelineTarget } from '../../query/expression-engine.ts'
import type { Document } from '../../query/value.ts'

describe('$out and $merge', () => {
  /** A collection `to` with a unique `_id`, and a unique `key` where asked for. */
  function store(documents: readonly Document[], unique: readonly string[] = ['_id'], sparse?: 'sparse') {
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
      isUnique: async (_name, paths) => unique.includes(paths.join()) && (sparse ?? true),
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
    const lacking = [{ a: 1 }, { key: null, b: 2 }]
    expect(await merged(spec, [{ _id: 1 }], lacking, ['key'])).toEqual([{ _id: 1, a: 1, key: null, b: 2 }])
    expect(await merged(spec, [], [{ b: 1, a: 2 }], ['key'])).toEqual([{ key: null, a: 2, b: 1 }])
    expect(Object.keys((await merged({}, [{ _id: 1, z: 1 }], [{ _id: 1, b: 1, a: 2 }]))[0] ?? {}).join('')).toBe(
      '_idzab',
    )
    const replace = { on: 'key', whenMatched: 'replace' }
    expect(await merged(replace, [], [{ b: 1 }], ['key'])).toEqual([{ b: 1 }])
    expect(await refusalOf([{ $merge: { into: 'to', on: 'key' } }], lacking, store([], ['key'], 'sparse'))).toBe(
      'Location51132',
    )
  })

  it.each<[object, readonly string[]]>([
    [{ on: 'key', whenMatched: 'merge' }, ['key']],
    [{ on: 'key', whenMatched: 'replace' }, ['key']],
    [{ whenMatched: [{ $replaceWith: { _id: 2 } }] }, ['_id']],
  ])('$merge changes no _id: %j', async (spec, unique) => {
    const existing = [
      { _id: 1, key: 'k' },
      { _id: 2, key: 'other' },
    ]
    const { all, ...options } = store(existing, unique)
    const document = { _id: unique[0] === 'key' ? 2 : 1, key: 'k', a: 1 }
    expect(await refusalOf([{ $merge: { into: 'to', ...spec } }], [document], options)).toBe('ImmutableField')
    expect(all()).toEqual(existing)
  })

  it('$merge with whenMatched fail rejects after the other documents are inserted', async () => {
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
