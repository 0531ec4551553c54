import { describe, expect, it } from 'vitest'
import { and, not, or, toSpecification } from '../../core/specification/combine.ts'
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
import type { Specification, SpecificationNode } from '../../core/specification/specification.ts'
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

/** What is not made by `fieldEq` and its siblings, though it looks like it. */
const foreign: readonly (readonly [string, unknown])[] = [
  ['an operator as kind', { kind: 'regex', field: 'a', value: '.*' }],
  ['another operator as kind', { kind: 'nin', field: 'a', value: [1] }],
  ['a logical kind on a field', { kind: 'not', field: 'a', value: { $gt: 0 } }],
  ['an operator as field', { kind: 'gt', field: '$expr', value: 1 }],
  ['a list of filters as field', { kind: 'in', field: '$or', values: [{}] }],
  ['a symbol as field', { kind: 'eq', field: Symbol('a'), value: 1 }],
  ['an object as field', { kind: 'eq', field: Object.create(null), value: 1 }],
  ['a pattern as value', { kind: 'eq', field: 'a', value: /./ }],
  ['a pattern among values', { kind: 'in', field: 'a', values: [/./] }],
  ['values that are no list', { kind: 'in', field: 'a', values: 'a' }],
  ['an operator to be ordered by', { kind: 'gt', field: 'a', value: { $ne: null } }],
  ['a number as text', { kind: 'contains', field: 'a', value: 1 }],
  ['an object as text', { kind: 'startsWith', field: 'a', value: { $ne: null } }],
  ['text in the place of true', { kind: 'exists', field: 'a', value: 'yes' }],
  ['no operands', { kind: 'and' }],
  ['operands that are no list', { kind: 'or', operands: 'x' }],
  ['an operand that is null', { kind: 'and', operands: [null] }],
  ['no operand', { kind: 'not' }],
  ['an unknown kind', { kind: 'xor', operands: [] }],
]

describe('toFilter', () => {
  it.each(foreign)('refuses %s, alone and inside of others', (_, given) => {
    const node = given as SpecificationNode // as a queue may have delivered it
    const refused = expect.objectContaining({ code: 'LEX_ERR_USE_001' })
    expect(() => toFilter(node)).toThrow(refused)
    expect(() => toFilter(toSpecification(node))).toThrow(refused)
    expect(() => toFilter({ kind: 'not', operand: node })).toThrow(refused)
    expect(() => toFilter({ kind: 'or', operands: [node] })).toThrow(refused)
  })

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
