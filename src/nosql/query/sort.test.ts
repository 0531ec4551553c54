import { describe, expect, it } from 'vitest'
import { NoSQLFilterError } from '../errors.ts'
import { compileSortValues, parseSort, sortDocuments } from './sort.ts'
import type { Document } from './value.ts'

const sorted = (documents: readonly Document[], sort: unknown): unknown[] =>
  sortDocuments(documents, parseSort(sort)).map((document) => document['_id'])

describe('a sort', () => {
  it('goes by class of value, missing being null, ties as they were', () => {
    const values = [new Date(0), true, new Uint8Array(1), [5], { x: 1 }, 'x', 1, null]
    const documents = [{ _id: 8 }, ...values.map((a, _id) => ({ _id, a }))]
    expect(sorted(documents, { a: 1 })).toEqual([8, 7, 6, 3, 5, 4, 2, 1, 0])
    expect(sorted(documents, { a: -1 })).toEqual([0, 1, 2, 4, 5, 3, 6, 8, 7])
  })

  it('takes the smallest or largest element of an array', () => {
    const documents = [
      { _id: 1, a: [3, 9] },
      { _id: 2, a: 5 },
      { _id: 5, a: [[1]] },
    ]
    expect(sorted(documents, { a: 1 })).toEqual([1, 2, 5])
    expect(sorted(documents, { a: -1 })).toEqual([5, 1, 2])
  })

  it('takes an empty array before null', () => {
    const documents = [{ _id: 2, a: 5 }, { _id: 3, a: [] }, { _id: 4 }]
    expect(sorted(documents, { a: 1 })).toEqual([3, 4, 2])
    expect(sorted(documents, { a: -1 })).toEqual([2, 4, 3])
  })

  it('takes the values of several keys from one element', () => {
    const documents = [
      {
        _id: 1,
        l: [
          { x: 1, y: 9 },
          { x: 5, y: 0 },
        ],
      },
      { _id: 2, l: [{ x: 1, y: 3 }] },
    ]
    expect(sorted(documents, { 'l.x': 1, 'l.y': 1 })).toEqual([2, 1])
    expect(
      sorted(documents, [
        ['l.1.x', -1],
        ['_id', 1],
      ]),
    ).toEqual([1, 2])
    expect(() => compileSortValues(parseSort({ a: 1, b: 1 }))({ a: [1], b: [2] })).toThrow(NoSQLFilterError)
  })

  it.each([
    ['a position', { 'a.0': 1 }, { a: [2, 9] }, 2],
    ['a position beyond the end', { 'a.5': 1 }, { a: [{ 5: 7 }] }, 7],
    ['a list in a position, whole', { 'a.0': 1 }, { a: [[3, 1], 0] }, [3, 1]],
    ['a field below a position', { 'a.0.b': -1 }, { a: [{ b: [1, 4] }, { b: 9 }] }, 4],
    ['a field of an object in a list in a position', { 'a.0.b': 1 }, { a: [[{ b: 6 }]] }, 6],
    ['a field of what is not an object', { 'a.b': 1 }, { a: [1, [{ b: 2 }]] }, null],
    ['a field below an empty list', { 'a.b': 1 }, { a: [] }, null],
    ['a list in the field of an element', { 'a.b': 1 }, { a: [{ b: [8, 3] }] }, 3],
    ['an element that is a list', { a: 1 }, { a: [[1]] }, [1]],
  ])('goes by %s', (_title, sort, document, expected) => {
    expect(compileSortValues(parseSort(sort))(document)).toEqual([expected])
  })

  it('is refused where a number may be a position and a field', () => {
    expect(() => compileSortValues(parseSort({ 'a.0': 1 }))({ a: [{ 0: 1 }] })).toThrow(NoSQLFilterError)
  })

  it.each([
    [null],
    [{}],
    [[]],
    [{ a: 0 }],
    [{ a: 2 }],
    [{ a: 'asc' }],
    [{ a: true }],
    [{ '': 1 }],
    [{ 'a..b': 1 }],
    [{ $a: 1 }],
    [{ a: { $meta: 'textScore' } }],
    [['a']],
  ])('is refused when it is %o', (sort) => {
    expect(() => parseSort(sort)).toThrow(NoSQLFilterError)
  })
})
