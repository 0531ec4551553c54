import { describe, expect, it } from 'vitest'
import { DocumentValidationError, NoSQLFilterError } from '../../errors.ts'
import { parseFilter } from '../filter/parse-filter.ts'
import type { Document } from '../value.ts'
import { applyUpdate, type Updated } from './apply-update.ts'
import { upsertDocument } from './upsert-document.ts'
import { parseUpdate } from './parse-update.ts'

const now = new Date('2026-01-02T03:04:05Z')

interface Extra {
  readonly arrayFilters?: readonly object[]
  readonly position?: number
}

function apply(update: unknown, document: Document, { arrayFilters, position }: Extra = {}): Updated {
  return applyUpdate(parseUpdate(update, { arrayFilters }), document, { now, position })
}

/** [update, before, after] */
type Row = readonly [update: object, before: Document, after: Document, extra?: Extra]

function check(rows: readonly Row[]): void {
  for (const [update, before, after, extra] of rows) {
    expect([update, apply(update, before, extra).document]).toStrictEqual([update, after])
  }
}

describe('field operators', () => {
  it('set and unset, making what is missing on the way', () => {
    check([
      [{ $set: { 'a.b.c': 1 } }, {}, { a: { b: { c: 1 } } }],
      [{ $set: { 'a.0': 1 } }, {}, { a: { 0: 1 } }],
      [{ $set: { 'a.3': 1 } }, { a: [0] }, { a: [0, null, null, 1] }],
      [{ $set: { 'a.0.b': 1 } }, { a: [{ c: 1 }] }, { a: [{ c: 1, b: 1 }] }],
      [
        { $unset: { a: '', 'b.x': 1, 'c.0': 1, 'd.e.f': 1, z: 1 } },
        { a: 1, b: { x: 1 }, c: [1, 2], d: 5 },
        { b: {}, c: [null, 2], d: 5 },
      ],
      [{ $setOnInsert: { a: 1 } }, {}, {}],
      [{ $min: { a: 1, b: 'x', c: 0 } }, { a: 2, b: 5, c: -1 }, { a: 1, b: 5, c: -1 }],
      [{ $max: { a: 3, b: 'x', c: 0 } }, { a: 2, b: 5 }, { a: 3, b: 'x', c: 0 }],
      [{ $currentDate: { a: true, b: { $type: 'date' } } }, { b: 0 }, { b: now, a: now }],
      [{ $rename: { a: 'x.y', b: 'c', nothing: 'd' } }, { a: 1, b: 2, c: 3 }, { c: 2, x: { y: 1 } }],
    ])
  })

  it('calculate, bigints staying bigints', () => {
    check([
      [
        { $inc: { a: 1, b: 0.5, c: 2n, d: 2, n: 3 } },
        { a: 1, b: 1n, c: 1, d: 1n },
        { a: 2, b: 1.5, c: 3n, d: 3n, n: 3 },
      ],
      [{ $mul: { a: 2, b: 2n, n: 3n, z: 1 } }, { a: 3, b: 4 }, { a: 6, b: 8n, n: 0n, z: 0 }],
      [{ $bit: { a: { and: 6, or: 8 }, b: { xor: 5n }, n: { or: 3 } } }, { a: 5, b: 1 }, { a: 12, b: 4n, n: 3 }],
      [{ $bit: { a: { or: -(2 ** 31) } } }, { a: 1 }, { a: 1 - 2 ** 31 }],
    ])
  })

  it('leave no negative zero', () => {
    check([
      [{ $inc: { a: -0 } }, {}, { a: 0 }],
      [{ $mul: { a: -1 } }, { a: 0 }, { a: 0 }],
      [{ $set: { a: -0 } }, {}, { a: 0 }],
    ])
  })

  it('add new fields by name, numbers first', () => {
    const { document } = apply({ $set: { z: 1, b: 1, 'n.10': 1, 'n.9': 1 }, $inc: { a: 1 } }, { y: 0 })
    expect(Object.keys(document)).toEqual(['y', 'a', 'b', 'n', 'z'])
  })
})

describe('array operators', () => {
  it('push with all of their modifiers', () => {
    check([
      [{ $push: { a: 1, b: [2] } }, { a: [0] }, { a: [0, 1], b: [[2]] }],
      [{ $push: { a: { $each: [9, 8], $position: 1 } } }, { a: [1, 2] }, { a: [1, 9, 8, 2] }],
      [{ $push: { a: { $each: [9], $position: -1 } } }, { a: [1, 2] }, { a: [1, 9, 2] }],
      [{ $push: { a: { $slice: -2, $sort: 1, $each: [0, 5] } } }, { a: [3, 1] }, { a: [3, 5] }],
      [{ $push: { a: { $each: [], $slice: 0 } } }, { a: [1] }, { a: [] }],
      [
        { $push: { a: { $each: [{ x: 1 }], $sort: { x: -1 } } } },
        { a: [{ x: 0 }, 5, { x: 2 }] },
        { a: [{ x: 2 }, { x: 1 }, { x: 0 }, 5] },
      ],
    ])
  })

  it('add, pop and pull', () => {
    check([
      [{ $addToSet: { a: { $each: [1, 2, 2, 3n] }, b: 1 } }, { a: [1, 3, 3] }, { a: [1, 3, 3, 2], b: [1] }],
      [{ $pop: { a: 1, b: -1, c: 1 } }, { a: [1, 2], b: [1, 2] }, { a: [1], b: [2] }],
      [
        { $pull: { a: 1, b: { $gte: 2 }, c: { x: 1 }, d: [1] } },
        { a: [1, 2, 1n], b: [1, 2, 3], c: [{ x: 1, y: 2 }, 1, {}], d: [1, [1]] },
        { a: [2], b: [1], c: [1, {}], d: [1] },
      ],
      [
        { $pull: { a: { $or: [{ x: 1 }, { y: { $gt: 1 } }] }, b: /^x/, c: null } },
        { a: [{ x: 1 }, { y: 2 }, { y: 1 }], b: ['xy', 'y'], c: [null, 0] },
        { a: [{ y: 1 }], b: ['y'], c: [0] },
      ],
      [{ $pullAll: { a: [1, { x: 1 }] } }, { a: [1, 2, { x: 1 }, { x: 1, y: 1 }] }, { a: [2, { x: 1, y: 1 }] }],
    ])
  })

  it('change the elements that positional operators stand for', () => {
    const grades = { g: [{ n: 1 }, { n: 5 }, { n: 9, tags: ['a', 'b'] }] }
    check([
      [{ $set: { 'g.$.n': 0 } }, grades, { g: [{ n: 1 }, { n: 0 }, { n: 9, tags: ['a', 'b'] }] }, { position: 1 }],
      [{ $inc: { 'g.$[].n': 1 } }, grades, { g: [{ n: 2 }, { n: 6 }, { n: 10, tags: ['a', 'b'] }] }],
      [
        { $set: { 'g.$[big].tags.$[t]': 'x' } },
        grades,
        { g: [{ n: 1 }, { n: 5 }, { n: 9, tags: ['a', 'x'] }] },
        { arrayFilters: [{ 'big.n': { $gt: 5 } }, { $or: [{ t: 'b' }, { t: 'c' }] }] },
      ],
      [
        { $set: { 'a.$[x].v': 1 }, $unset: { 'a.$[y].w': '' } },
        { a: [{ w: 1 }] },
        { a: [{ v: 1 }] },
        { arrayFilters: [{ 'x.w': 1 }, { 'y.w': { $exists: true } }] },
      ],
    ])
  })
})

describe('an update', () => {
  it('returns the same document when nothing changed', () => {
    const document = { _id: 1, a: 1, list: [1], at: new Date(0) }
    const without: readonly unknown[] = [
      { $set: { a: 1, at: new Date(0) } },
      { $inc: { a: 0 } },
      { $max: { a: 0 } },
      { $addToSet: { list: 1 } },
      { $push: { list: { $each: [] } } },
      { $pull: { list: 7 } },
      { $unset: { zzz: '', 'a.b': '', 'list.b': '' } },
      { $pop: { 'zzz.b': 1, 'list.5': 1 } },
      { $pullAll: { 'list.5': [1] } },
      { $set: {} },
      { _id: 1, a: 1, list: [1], at: new Date(0) },
      { $rename: { zzz: 'a' } },
    ]
    for (const update of without) {
      const result = apply(update, document)
      expect([update, result.modified]).toEqual([update, false])
      expect(result.document).toBe(document)
    }
    expect(apply({ $set: { a: 1n } }, document).modified).toBe(true)
  })

  it('replaces all but the _id', () => {
    expect(apply({ b: 2 }, { _id: 1, a: 1 })).toEqual({ document: { _id: 1, b: 2 }, modified: true })
    expect(() => apply({ _id: 2 }, { _id: 1 })).toThrow(DocumentValidationError)
  })

  it.each<readonly [reason: string, update: object, document: Document]>([
    ['TypeMismatch', { $inc: { a: 1 } }, { a: 'x' }],
    ['TypeMismatch', { $inc: { a: 1 } }, { a: null }],
    ['TypeMismatch', { $mul: { a: 1 } }, { a: [] }],
    ['TypeMismatch', { $pop: { a: 1 } }, { a: 1 }],
    ['BadValue', { $push: { a: 1 } }, { a: 1 }],
    ['BadValue', { $addToSet: { a: 1 } }, { a: {} }],
    ['BadValue', { $pull: { a: 1 } }, { a: 1 }],
    ['BadValue', { $pullAll: { a: [1] } }, { a: 'x' }],
    ['BadValue', { $bit: { a: { and: 1 } } }, { a: 1.5 }],
    ['BadValue', { $inc: { a: 1n } }, { a: 2n ** 63n - 1n }],
    ['BadValue', { $mul: { a: 10 } }, { a: 1e308 }],
    ['BadValue', { $set: { 'a.$[]': 1 } }, {}],
    ['BadValue', { $set: { 'a.$[]': 1 } }, { a: 1 }],
    ['BadValue', { $set: { 'a.$': 1 } }, { a: [1] }],
    ['BadValue', { $set: { 'a.9999999': 1 } }, { a: [] }],
    ['BadValue', { $rename: { 'a.0': 'b' } }, { a: [1] }],
    ['BadValue', { $rename: { b: 'a.0' } }, { a: [1], b: 1 }],
    ['PathNotViable', { $set: { 'a.b': 1 } }, { a: 1 }],
    ['PathNotViable', { $inc: { 'a.b': 1 } }, { a: null }],
    ['PathNotViable', { $set: { 'a.b': 1 } }, { a: [1] }],
    ['PathNotViable', { $pop: { 'a.b': 1 } }, { a: 'x' }],
    ['PathNotViable', { $pull: { 'a.b.c': { $lt: 1 } } }, { a: null }],
    ['PathNotViable', { $pullAll: { 'a.b': [1] } }, { a: [{ b: [1] }] }],
    ['PathNotViable', { $rename: { 'a.b': 'c' } }, { a: 1 }],
    ['PathNotViable', { $rename: { c: 'a.b' } }, { a: 1, c: 1 }],
    ['ImmutableField', { $set: { _id: 2 } }, { _id: 1 }],
    ['ImmutableField', { $unset: { _id: 1 } }, { _id: 1 }],
    ['ImmutableField', { $rename: { _id: 'a' } }, { _id: 1 }],
    ['ImmutableField', { $set: { '_id.x': 2 } }, { _id: { x: 1 } }],
  ])('fails with %s for %o of %o', (reason, update, document) => {
    expect(() => apply(update, document)).toThrow(DocumentValidationError)
    expect(() => apply(update, document)).toThrow(expect.objectContaining({ reason }))
  })

  it('renames a number of another program that is not finite', () => {
    check([[{ $rename: { a: 'b' } }, { a: [Number.NaN, -Infinity] }, { b: [Number.NaN, -Infinity] }]])
  })

  it('never makes a document that is too deep', () => {
    const nested = (depth: number): Document => (depth === 1 ? { x: 1 } : { a: nested(depth - 1) })
    const path = Array.from({ length: 32 }, () => 'p').join('.')
    expect(apply({ $set: { [path]: 1 } }, {}).modified).toBe(true)
    expect(() => apply({ $set: { [`${path}.p`]: 1 } }, {})).toThrow(expect.objectContaining({ reason: 'Overflow' }))
    expect(() => apply({ $set: { [path]: {} } }, {})).toThrow(expect.objectContaining({ reason: 'Overflow' }))
    const renamed = { a: nested(20), _id: 1 }
    expect(() => apply({ $rename: { a: 'b.c.d.e.f.g.h.i.j.k.l.m.n' } }, renamed)).toThrow(
      expect.objectContaining({ reason: 'Overflow' }),
    )
  })

  it('finds conflicts that show only when positions are known', () => {
    expect(() => apply({ $set: { 'a.$': 1, 'a.0': 2 } }, { a: [0] }, { position: 0 })).toThrow(NoSQLFilterError)
    const arrayFilters = [{ x: 1 }, { y: { $lt: 2 } }]
    const update = { $set: { 'a.$[x]': 1, 'a.$[y]': 2 } }
    expect(() => apply(update, { a: [1] }, { arrayFilters })).toThrow(/same path/)
    expect(apply(update, { a: [0] }, { arrayFilters }).document).toEqual({ a: [2] })
  })
})

describe('an upsert', () => {
  const upsert = (filter: object, update: unknown): Document =>
    upsertDocument(parseUpdate(update), parseFilter(filter), { now })

  it('begins with the equalities of the filter', () => {
    const filter = {
      a: 1,
      'b.c': { $eq: 2 },
      $and: [{ d: { $in: [3] } }, { e: { $all: [4] } }],
      f: { $gt: 5 },
      $or: [{ g: 6 }],
    }
    expect(upsert(filter, { $set: { z: 0 } })).toEqual({ a: 1, b: { c: 2 }, d: 3, e: 4, g: 6, z: 0 })
    expect(upsert({ a: { $ne: 1 }, $nor: [{ b: 1 }], c: /x/ }, { $setOnInsert: { n: 1 } })).toEqual({ n: 1 })
    expect(Object.keys(upsert({ a: 1, _id: 5 }, { $inc: { n: 1 } }))).toEqual(['_id', 'a', 'n'])
  })

  it('takes alternatives that all say the same for one', () => {
    const of = (filter: object): Document => upsert(filter, { $set: { z: 0 } })
    expect(of({ $or: [{ a: 1 }, { a: { $in: [1, 1n] } }, { $or: [{ a: 1 }, { a: 1 }] }] })).toEqual({ a: 1, z: 0 })
    expect(of({ $or: [{ a: [1] }, { $and: [{ a: [1] }] }], b: { $in: [null, null] } })).toEqual({
      a: [1],
      b: null,
      z: 0,
    })
    expect(upsert({ $or: [{ _id: 1 }, { _id: 1 }] }, { b: 2 })).toEqual({ _id: 1, b: 2 })
    expect(of({ $or: [{ a: 1 }, { b: 1 }] })).toEqual({ z: 0 })
    expect(of({ $or: [{ a: 1 }, { a: 1, b: 1 }], c: { $in: [1, /1/] } })).toEqual({ z: 0 })
    expect(() => of({ $and: [{ a: 1 }, { a: 1 }] })).toThrow(/once/)
  })

  it('takes only the _id for a replacement', () => {
    expect(upsert({ _id: 1, a: 1 }, { b: 2 })).toEqual({ _id: 1, b: 2 })
    expect(upsert({ _id: 1, a: { $all: [1, 2] }, b: 1, 'b.c': 2 }, { b: 2 })).toEqual({ _id: 1, b: 2 })
    expect(() => upsert({ _id: 1, $and: [{ _id: 2 }] }, { b: 2 })).toThrow(/once/)
    expect(() => upsert({ _id: 1 }, { _id: 2 })).toThrow(DocumentValidationError)
  })

  it('refuses what cannot become one document', () => {
    expect(() => upsert({ a: 1, $and: [{ a: 2 }] }, { $set: { b: 1 } })).toThrow(
      expect.objectContaining({ reason: 'NotSingleValueField' }),
    )
    expect(() => upsert({ _id: 1 }, { $setOnInsert: { _id: 2 } })).toThrow(
      expect.objectContaining({ reason: 'ImmutableField' }),
    )
    expect(() => upsert({ a: 1 }, { $set: { 'a.$': 1 } })).toThrow(DocumentValidationError)
  })
})
