import { describe, expect, it } from 'vitest'
import { defineCollection } from '../contract/define-collection.ts'
import { describeFilter } from '../query/filter/describe-filter.ts'
import { parseFilter } from '../query/filter/parse-filter.ts'
import type { Value } from '../query/value.ts'
import { pushAll } from './chunks.ts'
import type { Dialect } from './dialect.ts'
import { factsOf } from './facts.ts'
import { push } from './push.ts'

/** Answers equality and lists, exactly of scalar paths; knows no other test. */
const dialect: Dialect<string> = {
  test({ path, test }, { scalar }) {
    const exactness = scalar ? 'exact' : 'superset'
    if (test.kind === 'compare' && test.operator === 'eq' && test.value !== null) {
      return { native: `${path}=${String(test.value)}`, exactness }
    }
    if (test.kind !== 'in' || test.patterns.length > 0 || test.values.includes(null)) return undefined
    return { native: `${path} in ${test.values.join(',')}`, exactness, disjunctions: test.values.length }
  },
  and: (parts) => parts.join(' & '),
  or: (parts) => `(${parts.join(' | ')})`,
  not: (part) => `!(${part})`,
}
const facts = factsOf(defineCollection('items', { fields: { a: 'number', b: 'number' } }))

function pushed(filter: object, limits: Dialect<string>['limits'] = {}) {
  const { native, exactness, residual } = push(parseFilter(filter), { ...dialect, limits }, facts)
  return [native, exactness, residual.flatMap(describeFilter)]
}

describe('push', () => {
  it('answers an empty filter exactly with nothing', () => {
    expect(pushed({})).toEqual([undefined, 'exact', []])
  })

  it('pushes of an "and" what can be pushed', () => {
    expect(pushed({ a: 1, b: { $gt: 2 }, c: 3 })).toEqual(['a=1 & c=3', 'superset', ['b gt', 'c eq']])
    expect(pushed({ b: { $gt: 2 } })).toEqual([undefined, 'none', ['b gt']])
  })

  it('pushes of an "or" all branches or none', () => {
    expect(pushed({ $or: [{ a: 1 }, { b: 2 }] })).toEqual(['(a=1 | b=2)', 'exact', []])
    expect(pushed({ $or: [{ a: 1 }, { b: { $gt: 2 } }] })).toEqual([undefined, 'none', ['or(a eq, b gt)']])
  })

  it('pushes a branch of an "or" by a part of it, as a superset', () => {
    expect(pushed({ $or: [{ a: 1, x: { $size: 2 } }, { b: 2 }] })).toEqual([
      '(a=1 | b=2)',
      'superset',
      ['or(a eq, x size, b eq)'],
    ])
  })

  it('leaves out the branches of an "or" that nothing satisfies', () => {
    expect(pushed({ $or: [{ a: 1 }, { x: { $in: [] } }] })).toEqual(['a=1', 'exact', []])
  })

  it('negates exact tests only', () => {
    expect(pushed({ a: { $ne: 1 } })).toEqual(['!(a=1)', 'exact', []])
    expect(pushed({ c: { $ne: 1 } })).toEqual([undefined, 'none', ['not(c eq)']])
  })

  it('pushes a part of a negated "or", which is an "and"', () => {
    expect(pushed({ $nor: [{ a: 1 }, { c: 1 }] })).toEqual(['!(a=1)', 'superset', ['not(c eq)']])
  })

  it('asks a long list in several tests', () => {
    expect(pushed({ a: { $in: [1, 2, 3] } }, { inValues: 2 })).toEqual(['(a in 1,2 | a in 3)', 'exact', []])
    expect(pushed({ a: { $nin: [1, 2, 3] } }, { inValues: 2 })).toEqual(['!(a in 1,2) & !(a in 3)', 'exact', []])
  })

  it('leaves to the residual what is over a limit', () => {
    expect(pushed({ a: { $in: [1, 2, 3] }, b: { $in: [1, 2] } }, { disjunctions: 5 })).toEqual([
      'a in 1,2,3',
      'superset',
      ['b in'],
    ])
    expect(pushed({ a: 1, b: 2 }, { conditions: 1 })).toEqual(['a=1', 'superset', ['b eq']])
    expect(pushed({ a: 1, b: { $in: [2, 30n] } }, { valueBytes: 7 })).toEqual([undefined, 'none', ['a eq', 'b in']])
  })
})

describe('pushAll', () => {
  const split = (filter: object, limits: Dialect<string>['limits']) =>
    pushAll(parseFilter(filter), { ...dialect, limits }, facts)
  const natives = (filter: object, limits: Dialect<string>['limits']) =>
    split(filter, limits).queries.map(({ native }) => native)

  it('splits a list over as few queries as its limits allow', () => {
    expect(natives({ a: { $in: [5, 1, 2, 3, 4, 1] }, b: 7 }, { disjunctions: 2 })).toEqual([
      'b=7 & a in 1,2',
      'b=7 & a in 3,4',
      'b=7 & a in 5',
    ])
  })

  it('splits an "or" beside a list that fits', () => {
    const or = [{ c: 1 }, { c: 2 }, { c: 3 }]
    expect(natives({ a: { $in: [1, 2] }, $or: or }, { disjunctions: 4 })).toEqual([
      'a in 1,2 & (c=1 | c=2)',
      'a in 1,2 & c=3',
    ])
  })

  it('makes one query of what would take too many', () => {
    const { queries } = split({ a: { $in: [1, 2, 3] }, b: 1 }, { disjunctions: 1, queries: 2 })
    expect(queries.map(({ native, exactness }) => [native, exactness])).toEqual([['b=1', 'superset']])
  })

  it('knows which query a document is taken from that two may find', () => {
    expect(split({ a: { $in: [1, 2] } }, { disjunctions: 1 }).takes).toBeUndefined()
    const { takes } = split({ c: { $in: [1, 2] } }, { disjunctions: 1 })
    const from = (c: Value) => [0, 1].filter((query) => takes?.({ c }, query))
    expect([1, 2, [2, 1], 3].map(from)).toEqual([[0], [1], [0], []])
  })
})
