import { describe, expect, it } from 'vitest'
import { fromUserInput, searchOperators, type FilterGuardOptions } from './client-filter.ts'

const search: FilterGuardOptions = { operators: searchOperators }
const all: FilterGuardOptions = {
  operators: [...searchOperators, '$not', '$elemMatch', '$regex', '$size', '$all', '$type', '$mod'],
}

describe('fromUserInput', () => {
  it.each<[string, unknown, FilterGuardOptions, unknown]>([
    ['leaves scalars as they are', { a: 1, b: 'x', c: null, d: true }, {}, { a: 1, b: 'x', c: null, d: true }],
    [
      'compares operators as data unless they are allowed',
      { password: { $ne: '' } },
      {},
      { password: { $eq: { $ne: '' } } },
    ],
    ['compares objects as data', { a: { b: 1 } }, search, { a: { $eq: { b: 1 } } }],
    ['compares arrays as data', { a: ['x', { $ne: 1 }] }, {}, { a: { $eq: ['x', { $ne: 1 }] } }],
    ['lets allowed operators work', { age: { $gte: 18, $lt: 65 } }, search, { age: { $gte: 18, $lt: 65 } }],
    [
      'treats an operator beside the allow-list as data',
      { a: { $regex: '.*' } },
      search,
      { a: { $eq: { $regex: '.*' } } },
    ],
    [
      'treats allowed with disallowed as data',
      { a: { $gt: 1, $size: 2 } },
      search,
      { a: { $eq: { $gt: 1, $size: 2 } } },
    ],
    ['keeps operands data', { a: { $in: [1, { $ne: 2 }] } }, search, { a: { $in: [1, { $ne: 2 }] } }],
    [
      'guards every branch',
      { $or: [{ a: 1 }, { b: { $size: 1 } }] },
      search,
      { $or: [{ a: 1 }, { b: { $eq: { $size: 1 } } }] },
    ],
    ['guards inside $not', { a: { $not: { $gt: 1 } } }, all, { a: { $not: { $gt: 1 } } }],
    [
      'guards inside $elemMatch of objects',
      { a: { $elemMatch: { b: { $gt: 1 }, c: { d: 1 } } } },
      all,
      { a: { $elemMatch: { b: { $gt: 1 }, c: { $eq: { d: 1 } } } } },
    ],
    ['guards inside $elemMatch of scalars', { a: { $elemMatch: { $gt: 1 } } }, all, { a: { $elemMatch: { $gt: 1 } } }],
    [
      'lets $options stand beside $regex',
      { a: { $regex: '^x', $options: 'i' } },
      all,
      { a: { $regex: '^x', $options: 'i' } },
    ],
    [
      'does not let a field become a logical operator',
      { a: { $or: [{ b: 1 }] } },
      search,
      { a: { $eq: { $or: [{ b: 1 }] } } },
    ],
    ['lets allowed fields and what is below them through', { 'a.b': 1 }, { fields: ['a'] }, { 'a.b': 1 }],
  ])('%s', (_, input, options, safe) => {
    expect(fromUserInput(input, options)).toEqual(safe)
  })

  it.each<[string, unknown, FilterGuardOptions]>([
    ['a filter that is not an object', 'a=1', {}],
    ['an array', [{ a: 1 }], {}],
    ['null', null, {}],
    ['$where', { $where: 'sleep(1000)' }, all],
    ['$expr', { $expr: { $function: {} } }, all],
    ['$or unless allowed', { $or: [{ a: 1 }] }, {}],
    ['$where within a value', { a: { $where: 'x' } }, all],
    ['$function within data', { a: { b: [{ $function: {} }] } }, {}],
    ['an unknown operator in the place of a field', { $comment: 'x' }, all],
    ['an operator within a path', { 'a.$where': 1 }, {}],
    ['a prototype key', JSON.parse('{"__proto__":{"admin":true}}'), {}],
    ['a prototype key within data', JSON.parse('{"a":{"__proto__":{"admin":true}}}'), {}],
    ['an empty field', { '': 1 }, {}],
    ['operators mixed with fields', { a: { $gt: 1, b: 2 } }, search],
    ['a pattern that is not text', { a: { $regex: { x: 1 } } }, all],
    ['a regular expression object', { a: /x/ }, all],
    ['undefined', { a: undefined }, {}],
    ['NaN', { a: Number.NaN }, {}],
    ['a function', { a: () => true }, {}],
    ['a class instance', { a: new Map() }, {}],
    ['$or that is not a list', { $or: { a: 1 } }, search],
    ['$not without operators', { a: { $not: { b: 1 } } }, all],
    ['a field beside the allow-list', { passwordHash: 'x' }, { fields: ['name'] }],
    ['such a field in a branch', { $or: [{ name: 'x' }, { passwordHash: 'x' }] }, { ...search, fields: ['name'] }],
    ['such a field in an $elemMatch', { items: { $elemMatch: { cost: 1 } } }, { ...all, fields: ['items.sku'] }],
    ['too deep branches', nest(9), search],
    ['too deep data', { a: JSON.parse('['.repeat(50) + ']'.repeat(50)) }, {}],
    ['too many conditions', Object.fromEntries(Array.from({ length: 101 }, (_, n) => [`f${n}`, n])), {}],
    ['a list that is too long', { a: { $in: Array.from({ length: 1001 }, (_, n) => n) } }, search],
  ])('refuses %s', (_, input, options) => {
    expect(() => fromUserInput(input, options)).toThrow(expect.objectContaining({ code: 'LEX_ERR_NOSQL_007' }))
  })

  it('refuses an allow-list that would let code through', () => {
    const operators = JSON.parse('["$where"]')
    expect(() => fromUserInput({}, { operators })).toThrow(expect.objectContaining({ code: 'LEX_ERR_NOSQL_007' }))
  })

  it('says where without values or odd names', () => {
    const attempt = () => fromUserInput({ a: { 'x\n secret': { b: Number.NaN } } })
    expect(attempt).toThrow(expect.objectContaining({ path: 'a.?.b' }))
    expect(attempt).not.toThrow(/secret/)
  })

  it('shares nothing with its input', () => {
    const input = { a: ['x'] }
    const safe = fromUserInput(input)
    input.a.push('y')
    expect(safe).toEqual({ a: { $eq: ['x'] } })
  })
})

function nest(levels: number): unknown {
  return levels === 0 ? { a: 1 } : { $or: [nest(levels - 1)] }
}
