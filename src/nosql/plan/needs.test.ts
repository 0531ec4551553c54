import { describe, expect, it } from 'vitest'
import { parseFilter } from '../query/filter/parse-filter.ts'
import { parseProjection } from '../query/projection/parse-projection.ts'
import { parseSort } from '../query/sort.ts'
import { noFacts, withScalars } from './facts.ts'
import { neededPaths, projectedPaths } from './needs.ts'

describe('what a backend has to send', () => {
  it.each([
    [{ wanted: 'keys' as const }, 'keys'],
    [{ wanted: 'whole' as const, tested: parseFilter({ a: 1 }) }, 'whole'],
    [{ wanted: ['name', '_id'] }, ['name']],
    [{ wanted: 'keys' as const, sort: parseSort({ age: 1, _id: 1 }) }, ['age']],
    [{ wanted: ['name'], tested: parseFilter({ $or: [{ a: 1 }, { $nor: [{ b: 2 }] }] }) }, ['name', 'a', 'b']],
    [{ wanted: ['o.x'], tested: parseFilter({ o: { $ne: 1 } }) }, ['o']],
    [{ wanted: ['list.0.x', 'list.y'] }, ['list']],
    [{ wanted: ['a.b', 'a.bc', 'a.b.c'], throughArrays: true }, ['a.b', 'a.bc']],
    [{ wanted: ['a.b', 'c'] }, ['a', 'c']],
    [{ wanted: ['a.b', 'o.n'], facts: withScalars(noFacts, ['o.n']) }, ['a', 'o.n']],
    [{ wanted: 'keys' as const, tested: parseFilter({ list: { $elemMatch: { x: 1 } } }) }, ['list']],
    [{ wanted: 'keys' as const, tested: parseFilter({ $alwaysTrue: 1 }) }, 'keys'],
  ])('what a backend has to send for %j is %j', (uses, expected) => {
    expect(neededPaths(uses)).toEqual(expected)
  })

  it('is the whole document where an expression is evaluated here', () => {
    const tested = { kind: 'expression', source: {}, holds: () => true } as const
    expect(neededPaths({ wanted: 'keys', tested })).toBe('whole')
  })
})

describe('what a projection looks at', () => {
  it.each([
    [{ a: 1, 'b.c': 1 }, ['a', 'b.c']],
    [{ a: 1, _id: 0 }, ['a']],
    [{ a: { b: 1 } }, ['a.b']],
    [{ _id: 1 }, 'keys'],
    [{ a: 1, list: { $elemMatch: { x: 1 } } }, ['a', 'list']],
    [{ a: 1, list: { $slice: 2 } }, ['a', 'list']],
    [{ a: 0 }, 'whole'],
    [{ list: { $slice: 2 } }, 'whole'],
  ])('what a projection of %j looks at is %j', (projection, expected) => {
    expect(projectedPaths(parseProjection(projection))).toEqual(expected)
  })

  it('is the whole document where an element is chosen by what the filter matched', () => {
    const filter = parseFilter({ list: 3 })
    expect(projectedPaths(parseProjection({ 'list.$': 1 }, { filter }))).toBe('whole')
  })
})
