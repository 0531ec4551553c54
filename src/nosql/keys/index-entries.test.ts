import { describe, expect, it } from 'vitest'
import { filedValues, indexEntries, type IndexRules } from './index-entries.ts'

const index: IndexRules = {
  key: [
    ['a.x', 1],
    ['b', 1],
  ],
}

describe('where a document stands in an index', () => {
  it.each([
    [{ a: { x: 1 }, b: 2 }, [[1, 2]], [1, 2]],
    [{ a: { x: 1 } }, [[1, null]], [1, null]],
    [{}, [[null, null]], [null, null]],
    [{ a: 5, b: null }, [[null, null]], [null, null]],
    [
      { a: { x: [3, 1, 3] }, b: 2 },
      [
        [1, 2],
        [3, 2],
      ],
      'many',
    ],
    [
      { a: [{ x: 1 }, { x: 2 }], b: 2 },
      [
        [1, 2],
        [2, 2],
      ],
      'many',
    ],
    [{ a: [], b: 2 }, [[null, 2]], 'many'],
    [{ a: { x: [] }, b: 2 }, [[[], 2]], 'many'],
    [{ a: { x: { y: [1] } }, b: 2 }, [[{ y: [1] }, 2]], [{ y: [1] }, 2]],
  ])('%j: entries %j, filed as %j', (document, entries, filed) => {
    expect(indexEntries(index, document)).toEqual(entries)
    expect(filedValues(index, document)).toEqual(filed)
  })

  it('is nowhere, if a sparse index holds none of its paths', () => {
    const sparse = { ...index, sparse: true }
    expect([indexEntries(sparse, {}), filedValues(sparse, {})]).toEqual([[], undefined])
    expect(filedValues(sparse, { b: null })).toEqual([null, null])
  })

  it('is nowhere, if a partial index does not include it', () => {
    const partial = { ...index, includes: () => false }
    expect([indexEntries(partial, { b: 1 }), filedValues(partial, { b: 1 })]).toEqual([[], undefined])
  })
})
