import { describe, expect, it } from 'vitest'
import { NoSQLFilterError, UnsupportedOperationError } from '../../errors.ts'
import { parseFilter } from '../filter/parse-filter.ts'
import type { Document } from '../value.ts'
import { compileProjection } from './compile-projection.ts'
import { parseProjection } from './parse-projection.ts'

function project(projection: object, document: Document, filter: object = {}): Document {
  return compileProjection(parseProjection(projection, { filter: parseFilter(filter) }))(document)
}

const document = { _id: 1, a: 1, b: { c: 2, d: 3 }, list: [{ c: 4, d: 5 }, 6, [{ c: 7 }]], n: [1, 2, 3] }

describe('a projection', () => {
  it('includes the _id unless it is excluded', () => {
    expect(project({ a: 1 }, document)).toEqual({ _id: 1, a: 1 })
    expect(project({ a: true, _id: 0 }, document)).toEqual({ a: 1 })
    expect(project({ 'b.c': 1, 'a.x': 1 }, document)).toEqual({ _id: 1, b: { c: 2 } })
    expect(project({ list: { c: 1 } }, document)).toEqual({ _id: 1, list: [{ c: 4 }, [{ c: 7 }]] })
    expect(project({ _id: 1 }, document)).toEqual({ _id: 1 })
  })

  it('keeps values that are not objects when it excludes', () => {
    expect(project({ list: 0, n: 0, b: 0 }, document)).toEqual({ _id: 1, a: 1 })
    expect(project({ _id: 0, 'list.c': 0, 'a.x': 0, n: 0, b: 0 }, document)).toEqual({
      a: 1,
      list: [{ d: 5 }, 6, [{}]],
    })
    expect(project({ _id: 0 }, { _id: 1, a: 1 })).toEqual({ a: 1 })
    expect(project({}, document)).toBe(document)
  })

  it('keeps the other fields beside a slice', () => {
    expect(project({ n: { $slice: 2 } }, { _id: 1, n: [1, 2, 3], a: 1 })).toEqual({ _id: 1, n: [1, 2], a: 1 })
    expect(project({ n: { $slice: -1 }, a: 1 }, document)).toEqual({ _id: 1, a: 1, n: [3] })
    expect(project({ n: { $slice: [1, 5] }, _id: 1 }, document)).toEqual({ _id: 1, n: [2, 3] })
    expect(project({ n: { $slice: [-5, 2] }, b: 0, list: 0 }, document)).toEqual({ _id: 1, a: 1, n: [1, 2] })
    expect(project({ n: { $slice: 1 } }, { n: 5 })).toEqual({ n: 5 })
  })

  it('picks the first element that matches', () => {
    expect(project({ n: { $elemMatch: { $gt: 1 } } }, document)).toEqual({ _id: 1, n: [2] })
    expect(project({ list: { $elemMatch: { c: 4 } }, a: 1 }, document)).toEqual({
      _id: 1,
      a: 1,
      list: [{ c: 4, d: 5 }],
    })
    expect(project({ n: { $elemMatch: { $gt: 9 } } }, document)).toEqual({ _id: 1 })
    expect(project({ a: { $elemMatch: { $gt: 0 } } }, document)).toEqual({ _id: 1 })
  })

  it('returns the element that the filter matched', () => {
    expect(project({ 'n.$': 1 }, document, { n: { $gte: 2 } })).toEqual({ _id: 1, n: [2] })
    expect(project({ 'list.$': 1 }, document, { 'list.d': 5 })).toEqual({ _id: 1, list: [{ c: 4, d: 5 }] })
    expect(project({ 'a.$': 1 }, document, { a: 1 })).toEqual({ _id: 1, a: 1 })
    expect(project({ 'x.$': 1 }, document, { a: 1 })).toEqual({ _id: 1 })
    expect(() => project({ 'n.$': 1 }, document, { a: 1 })).toThrow(NoSQLFilterError)
  })

  it('computes what the engine computes, anew where it is in arrays', () => {
    const engine = {
      expression: () => (given: Document) => given['a'],
      transform: () => (given: Document) => given,
      pipeline: () => {
        throw new Error('not asked for')
      },
    }
    const computed = compileProjection(parseProjection({ x: '$a', 'list.y': '$a', 'z.y': '$a', s: 'text' }, { engine }))
    expect(computed(document)).toEqual({
      _id: 1,
      list: [{ y: 1 }, { y: 1 }, [{ y: 1 }]],
      x: 1,
      z: { y: 1 },
      s: 'text',
    })
    expect(() => parseProjection({ x: '$a' })).toThrow(UnsupportedOperationError)
  })

  it.each<readonly [object]>([
    [{ a: 1, b: 0 }],
    [{ a: { x: 0, y: 1 } }],
    [{ a: 0, b: 'computed' }],
    [{ a: 1, 'a.b': 1 }],
    [{ 'a.b': 1, a: 1 }],
    [{ n: { $slice: 1 }, 'n.x': 1 }],
    [{ a: {} }],
    [{ '': 1 }],
    [{ 'a.': 1 }],
    [{ 'a..b': 1 }],
    [{ $a: 1 }],
    [{ $: 1 }],
    [{ 'a.$b': 1 }],
    [{ 'a.$.b': 1 }],
    [{ 'a.$': 0 }],
    [{ 'a.$': 'x' }],
    [{ 'a.$': {} }],
    [{ 'a.$': 1, 'b.$': 1 }],
    [{ 'a.$': 1, b: { $elemMatch: { c: 1 } } }],
    [{ b: { $elemMatch: { c: 1 } }, 'a.$': 1 }],
    [{ 'a.$': 1, b: 0 }],
    [{ a: { $elemMatch: 1 } }],
    [{ a: { $elemMatch: { $nope: 1 } } }],
    [{ 'a.b': { $elemMatch: { c: 1 } } }],
    [{ a: { $elemMatch: { c: 1 }, $slice: 1 } }],
    [{ a: { $slice: [0, 0] } }],
    [[1]],
  ])('refuses %o', (projection) => {
    expect(() => parseProjection(projection)).toThrow(NoSQLFilterError)
  })
})
