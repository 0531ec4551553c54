import { describe, expect, it } from 'vitest'
import { and, or } from '../../core/specification/combine.ts'
import { fieldEq, fieldGt } from '../../core/specification/field.ts'
import { DocumentQueryBuilder } from './query-builder.ts'

const query = () => new DocumentQueryBuilder()

describe('DocumentQueryBuilder', () => {
  it('keeps two conditions on one field', () => {
    expect(query().whereGte('price', 10).whereLte('price', 100).build()).toEqual({
      filter: { $and: [{ price: { $gte: 10 } }, { price: { $lte: 100 } }] },
    })
    expect(query().where('a', 1).where('a', 2).where('b', 3).build().filter).toEqual({
      $and: [{ a: 1 }, { a: 2 }, { b: 3 }],
    })
  })

  it('writes each condition in the document query language', () => {
    const { filter } = query()
      .where('a', 1)
      .whereNe('b', null)
      .whereGt('c', 1)
      .whereLt('d', 'x')
      .whereIn('e', [1, 2])
      .whereNotIn('f', ['x'])
      .whereExists('g')
      .whereExists('h', false)
      .whereType('i', 'string')
      .whereRegex('j', '^a', 'i')
      .whereRegex('k', 'a')
      .build()
    expect(filter).toEqual({
      a: 1,
      b: { $ne: null },
      c: { $gt: 1 },
      d: { $lt: 'x' },
      e: { $in: [1, 2] },
      f: { $nin: ['x'] },
      g: { $exists: true },
      h: { $exists: false },
      i: { $type: 'string' },
      j: { $regex: '^a', $options: 'i' },
      k: { $regex: 'a' },
    })
  })

  it('includes both ends of whereBetween', () => {
    expect(query().whereBetween('n', 1, 5).build().filter).toEqual({
      $and: [{ n: { $gte: 1 } }, { n: { $lte: 5 } }],
    })
  })

  it('treats operators inside values as data', () => {
    expect(query().where('password', { $ne: '' }).build().filter).toEqual({ password: { $eq: { $ne: '' } } })
  })

  it('joins groups of alternatives with the other conditions', () => {
    const built = query()
      .where('a', 1)
      .orWhere({ b: 1 }, fieldGt('c', 2))
      .orWhere({ d: 1 }, { e: 1 })
      .andWhere(or(fieldEq('f', 1), fieldEq('g', 1)), { h: 1 })
      .build()
    expect(built.filter).toEqual({
      $and: [
        { a: 1 },
        { $or: [{ b: 1 }, { c: { $gt: 2 } }] },
        { $or: [{ d: 1 }, { e: 1 }] },
        { $or: [{ f: 1 }, { g: 1 }] },
        { h: 1 },
      ],
    })
  })

  it('takes a filter on a field named like a specification for what it is', () => {
    expect(
      query()
        .andWhere({ kind: 'and', and: 1 }, and(fieldEq('x', 1)))
        .build().filter,
    ).toEqual({
      kind: 'and',
      and: 1,
      x: 1,
    })
  })

  it('carries projection, order, skip and limit as find takes them', () => {
    expect(
      query().select('name', 'age').exclude('_id').sortBy('age', 'desc').sortBy('name').skip(0).limit(5).build(),
    ).toEqual({
      filter: {},
      projection: { name: 1, age: 1, _id: 0 },
      sort: [
        ['age', -1],
        ['name', 1],
      ],
      skip: 0,
      limit: 5,
    })
  })

  it('returns a new builder with every step, so that a base query can be shared', () => {
    const base = query().where('status', 'active')
    const first = base.where('role', 'admin').limit(1)
    expect(base.build()).toEqual({ filter: { status: 'active' } })
    expect(first.build()).toEqual({ filter: { status: 'active', role: 'admin' }, limit: 1 })
  })

  it.each<[string, () => unknown]>([
    ['one alternative', () => query().orWhere({ a: 1 })],
    ['selection and exclusion together', () => query().select('a').exclude('b')],
    ['a negative skip', () => query().skip(-1)],
    ['a limit of zero', () => query().limit(0)],
    ['a fractional limit', () => query().limit(1.5)],
    ['an operator as a field', () => query().sortBy('$where')],
    ['undefined as a value', () => query().where('a', undefined)],
  ])('refuses %s', (_, build) => {
    expect(build).toThrow(expect.objectContaining({ code: 'LEX_ERR_USE_001' }))
  })
})
