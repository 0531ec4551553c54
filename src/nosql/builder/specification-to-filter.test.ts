import { describe, expect, it } from 'vitest'
import { and, not, or } from '../../core/specification/combine.ts'
import {
  fieldContains,
  fieldEq,
  fieldExists,
  fieldGt,
  fieldGte,
  fieldIn,
  fieldLt,
  fieldLte,
  fieldNe,
  fieldStartsWith,
} from '../../core/specification/field.ts'
import type { Specification } from '../../core/specification/specification.ts'
import { toFilter } from './specification-to-filter.ts'

const rows: readonly [string, Specification, object][] = [
  ['eq', fieldEq('a', 1), { a: 1 }],
  ['eq null', fieldEq('a', null), { a: null }],
  ['eq date', fieldEq('a', new Date(5)), { a: new Date(5) }],
  ['eq of an object keeps operators as data', fieldEq('a', { $gt: '' }), { a: { $eq: { $gt: '' } } }],
  ['eq of an array', fieldEq('a', ['x']), { a: { $eq: ['x'] } }],
  ['ne', fieldNe('a', 1), { a: { $ne: 1 } }],
  ['gt', fieldGt('a', 1), { a: { $gt: 1 } }],
  ['gte', fieldGte('a', 1), { a: { $gte: 1 } }],
  ['lt', fieldLt('a', 1), { a: { $lt: 1 } }],
  ['lte', fieldLte('a', 1), { a: { $lte: 1 } }],
  ['in', fieldIn('a', [1, { $ne: 2 }]), { a: { $in: [1, { $ne: 2 }] } }],
  ['exists', fieldExists('a'), { a: { $exists: true } }],
  ['contains', fieldContains('a', 'x.y'), { a: { $regex: 'x\\.y' } }],
  ['startsWith', fieldStartsWith('a', '(x'), { a: { $regex: '^\\(x' } }],
  ['and on two fields', and(fieldEq('a', 1), fieldGt('b', 2)), { a: 1, b: { $gt: 2 } }],
  ['and on one field', and(fieldGt('a', 1), fieldLt('a', 9)), { $and: [{ a: { $gt: 1 } }, { a: { $lt: 9 } }] }],
  ['or', or(fieldEq('a', 1), fieldEq('b', 2)), { $or: [{ a: 1 }, { b: 2 }] }],
  ['and of ors', and(or(fieldEq('a', 1), fieldEq('b', 2)), fieldEq('c', 3)), { $or: [{ a: 1 }, { b: 2 }], c: 3 }],
  ['not eq', not(fieldEq('a', 1)), { a: { $ne: 1 } }],
  ['not ne', not(fieldNe('a', 1)), { a: 1 }],
  ['not in', not(fieldIn('a', [1])), { a: { $nin: [1] } }],
  ['not exists', not(fieldExists('a')), { a: { $exists: false } }],
  ['not gt', not(fieldGt('a', 1)), { a: { $not: { $gt: 1 } } }],
  ['not startsWith', not(fieldStartsWith('a', 'x')), { a: { $not: { $regex: '^x' } } }],
  ['not and', not(and(fieldEq('a', 1), fieldEq('b', 2))), { $nor: [{ a: 1, b: 2 }] }],
  ['not or', not(or(fieldEq('a', 1), fieldEq('b', 2))), { $nor: [{ a: 1 }, { b: 2 }] }],
  ['everything', and(), {}],
  ['nothing', or(), { $nor: [{}] }],
  ['not everything', not(and()), { $nor: [{}] }],
  ['not nothing', not(or()), {}],
]

describe('toFilter', () => {
  it.each(rows)('%s', (_, specification, filter) => {
    expect(toFilter(specification)).toEqual(filter)
  })

  it('returns a filter that can be changed and sent as JSON', () => {
    expect(JSON.parse(JSON.stringify(toFilter(and(fieldEq('a', 1), fieldIn('b', ['x'])))))).toEqual({
      a: 1,
      b: { $in: ['x'] },
    })
  })
})
