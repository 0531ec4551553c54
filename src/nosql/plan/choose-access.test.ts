import { describe, expect, it } from 'vitest'
import { defineCollection, type FieldType } from '../contract/define-collection.ts'
import { parseIndex, type IndexKeys, type IndexOptions } from '../contract/index-model.ts'
import { parseFilter } from '../query/filter/parse-filter.ts'
import { parseSort } from '../query/sort.ts'
import type { Access } from './access.ts'
import { chooseAccess } from './choose-access.ts'
import { factsOf } from './facts.ts'
import { type IndexShape, indexShape } from './index-shape.ts'

const fields: Record<string, FieldType> = { a: 'number', b: 'number', c: 'string', 'o.x': 'number', gone: 'boolean' }
const facts = factsOf(defineCollection('items', { fields }))

type Given = readonly [IndexKeys, (IndexOptions & Partial<Pick<IndexShape, 'arrays' | 'partition' | 'backwards'>>)?]

function shapesOf(indexes: readonly Given[]): readonly IndexShape[] {
  return indexes.map(([keys, { arrays, partition, backwards, ...options } = {}]) => {
    const model = parseIndex(keys, options)
    return indexShape(model, facts, { ...(arrays && { arrays }), ...(partition && { partition }), backwards })
  })
}

function access(filter: object, indexes: readonly Given[], sort?: object): Access {
  const keys = sort === undefined ? undefined : parseSort(sort)
  return chooseAccess({ filter: parseFilter(filter), sort: keys }, { indexes: shapesOf(indexes), facts })
}

/** An access in few words: the index, its runs as equal values and intervals, its order. */
function shown(filter: object, indexes: readonly Given[], sort?: object): unknown {
  return show(access(filter, indexes, sort))
}

function show(found: Access): unknown {
  if (found.kind === 'get') return `get ${found.ids.join(' ')}`
  if (found.kind === 'union') return [...found.branches.map((branch) => show(branch.access)), found.merge && 'merge']
  if (found.kind !== 'index') return found.kind
  const { index, runs, order, merge, apart, residual } = found
  const ranges = runs.map(({ equal, interval }) => {
    const { lower, upper } = interval
    const ends = [
      lower?.inclusive === true ? '[' : '(',
      lower?.value,
      upper?.value,
      upper?.inclusive === true ? ']' : ')',
    ]
    return [...equal, ...(lower === undefined ? [] : [ends.map(String).join(' ')])].join(' ')
  })
  const notes = [order === 1 && 'forwards', order === -1 && 'backwards', merge && 'merge', apart && 'apart']
  return [index.name, ...ranges, ...notes.filter(Boolean), `left ${residual.length}`].join(' | ')
}

describe('the access of a filter', () => {
  it.each([
    [{ _id: 3 }, 'get 3'],
    [{ _id: { $in: [3, 1, 3] } }, 'get 1 3'],
    [{ _id: { $in: [] } }, 'none'],
    [{ a: { $gt: 3, $lt: 2 } }, 'none'],
    [{ a: 1, $or: [{ b: { $in: [] } }] }, 'none'],
    [{}, 'scan'],
    [{ z: 1 }, 'scan'],
    [{ a: { $ne: 1 } }, 'scan'],
    [{ a: 1 }, 'a_1_b_-1 | 1 | left 0'],
    [{ a: 1, b: 2, c: 'x' }, 'a_1_b_-1 | 1 2 | left 1'],
    [{ a: 1, b: { $gte: 2, $lt: 5 } }, 'a_1_b_-1 | 1 [ 2 5 ) | left 0'],
    [{ a: { $gt: 1 }, b: 2 }, 'a_1_b_-1 | ( 1 undefined ) | left 1'],
    [{ a: { $in: [2, 1, 2] } }, 'a_1_b_-1 | 1 | 2 | left 0'],
    [{ a: { $in: [2, 1] }, b: { $in: [3, 4] } }, 'a_1_b_-1 | 1 4 | 1 3 | 2 4 | 2 3 | left 0'],
    [{ a: null }, 'a_1_b_-1 |  | left 0'],
    [{ c: /^x/ }, 'c_1 | [ x y ) | left 1'],
    [{ c: { $in: ['a', /^x/] } }, 'c_1 | [ a a ] | [ x y ) | left 1'],
  ])('%j', (filter, expected) => {
    expect(shown(filter, [[{ a: 1, b: -1 }], ['c']])).toBe(expected)
  })

  it('takes the index that binds most paths', () => {
    expect(shown({ a: 1, b: 2 }, [['a'], [{ a: 1, b: 1 }], ['b']])).toMatch(/^a_1_b_1/)
    expect(shown({ a: 1, b: { $gt: 2 } }, [['b'], ['a']])).toMatch(/^a_1/)
  })

  it('prefers among equals the index that has the order', () => {
    expect(shown({ a: 1 }, [['a'], [{ a: 1, b: 1 }]], { b: 1, _id: 1 })).toBe('a_1_b_1 | 1 | forwards | left 0')
  })

  it('reads an index for its order alone where it holds every document', () => {
    expect(shown({}, [['a']], { a: -1, _id: 1 })).toBe('a_1 |  | backwards | left 0')
    expect(shown({}, [['a', { sparse: true }]], { a: -1, _id: 1 })).toBe('scan')
  })
})

describe('an index that leaves documents out', () => {
  it('is used where the filter asks for what it holds', () => {
    const sparse: Given = [{ a: 1, b: 1 }, { sparse: true }]
    expect(shown({ a: 1 }, [sparse])).toMatch(/^a_1_b_1/)
    expect(shown({ a: null }, [sparse])).toBe('scan')
    expect(shown({ a: null, b: 2 }, [sparse])).toMatch(/^a_1_b_1/)
    expect(shown({ a: { $in: [1, null] } }, [sparse])).toBe('scan')
  })

  it.each<[object, object, boolean]>([
    [{ gone: false }, { c: 'x', gone: false }, true],
    [{ gone: false }, { c: 'x' }, false],
    [{ gone: false }, { c: 'x', gone: true }, false],
    [{ a: { $gt: 5 } }, { c: 'x', a: 7 }, true],
    [{ a: { $gt: 5 } }, { c: 'x', a: { $gte: 5 } }, false],
    [{ a: { $gt: 5 } }, { c: 'x', a: { $in: [6, 7] } }, true],
    [{ a: { $exists: true } }, { c: 'x', a: { $lt: 3 } }, true],
    [{ a: { $exists: true } }, { c: 'x', a: null }, false],
    [{ deletedAt: null }, { c: 'x', deletedAt: null }, true],
    [{ gone: false, a: 1 }, { c: 'x', gone: false, a: 1, b: 2 }, true],
    [{ gone: false, a: 1 }, { c: 'x', gone: false }, false],
  ])('an index of %j and asked for %j is used: %s', (partialFilterExpression, filter, used) => {
    const index: Given = ['c', { partialFilterExpression: partialFilterExpression as Record<string, unknown> }]
    expect(access(filter, [index]).kind).toBe(used ? 'index' : 'scan')
  })
})

describe('an index over paths that may hold arrays', () => {
  it('an index with an entry per element uses one conjunct of one path', () => {
    const index: Given = [{ tags: 1, b: 1 }]
    expect(shown({ tags: 'x', b: 1 }, [index])).toBe('tags_1_b_1 | x | left 2')
    expect(shown({ tags: { $gt: 1, $lt: 5 } }, [index])).toBe('tags_1_b_1 | ( 1 undefined ) | left 2')
    expect(shown({ tags: null }, [index])).toBe('scan')
    expect(shown({ tags: 'x' }, [index], { b: 1, _id: 1 })).toBe('tags_1_b_1 | x | left 1')
  })

  it('an index that files arrays apart uses all conjuncts', () => {
    const index: Given = [{ tags: 1, b: 1 }, { arrays: 'apart' }]
    expect(shown({ tags: { $gt: 1, $lt: 5 } }, [index])).toBe('tags_1_b_1 | ( 1 5 ) | apart | left 2')
    expect(shown({ tags: { $gt: 5, $lt: 1 } }, [index])).toBe('tags_1_b_1 | apart | left 2')
  })

  it('is not used for a position in an array', () => {
    expect(shown({ 'tags.0': 1 }, [['tags.0']])).toBe('scan')
  })
})

describe('a partitioned index', () => {
  const index: Given = [{ a: 1, b: 1 }, { partition: 1 }]

  it('needs equal values of its first paths', () => {
    expect(shown({ a: 1, b: { $gt: 2 } }, [index])).toBe('a_1_b_1 | 1 ( 2 undefined ) | left 0')
    expect(shown({ a: { $in: [1, 2] } }, [index])).toBe('a_1_b_1 | 1 | 2 | left 0')
    expect(shown({ a: { $gt: 1 } }, [index])).toBe('scan')
    expect(shown({}, [index], { a: 1, b: 1, _id: 1 })).toBe('scan')
  })
})

describe('the order of an index', () => {
  it.each<[object, object, string | undefined]>([
    [{ a: 1 }, { b: -1, _id: 1 }, 'forwards'],
    [{ a: 1 }, { b: 1, _id: 1 }, 'backwards'],
    [{ a: 1 }, { a: -1, b: -1, _id: 1 }, 'forwards'],
    [{ a: { $gt: 1 } }, { a: 1, b: -1, _id: 1 }, 'forwards'],
    [{ a: { $gt: 1 } }, { a: -1, b: 1, _id: 1 }, 'backwards'],
    [{ a: { $gt: 1 } }, { a: 1, b: 1, _id: 1 }, undefined],
    [{ a: { $gt: 1 } }, { a: 1, _id: 1 }, undefined],
    [{ a: 1 }, { b: -1, _id: -1 }, undefined],
    [{ a: { $in: [1, 2] } }, { a: 1, b: -1, _id: 1 }, 'forwards'],
    [{ a: { $in: [1, 2] } }, { b: -1, _id: 1 }, 'forwards | merge'],
    [{ a: { $in: [1, 2] } }, { b: 1, _id: 1 }, 'backwards | merge'],
    [{ a: 1, b: { $in: [1, 2] } }, { b: -1, _id: 1 }, 'forwards'],
    [{ a: 1, b: { $in: [1, 2] } }, { _id: 1 }, 'forwards | merge'],
  ])('the order of an index of a and descending b, for %j sorted by %j', (filter, sort, order) => {
    const found = String(shown(filter, [[{ a: 1, b: -1 }]], sort))
    expect(/(?:for|back)wards(?: \| merge)?/.exec(found)?.[0]).toBe(order)
  })

  it('reports ties that come reversed', () => {
    const tiesReversed = (sort: object, backwards: IndexShape['backwards']) => {
      const found = access({ a: 1 }, [[{ a: 1, b: 1 }, { backwards }]], sort)
      return found.kind === 'index' ? [found.order, found.tiesReversed] : undefined
    }
    expect(tiesReversed({ b: -1, _id: 1 }, 'reversed ties')).toEqual([-1, true])
    expect(tiesReversed({ b: -1, _id: -1 }, 'reversed ties')).toEqual([-1, false])
    expect(tiesReversed({ b: 1, _id: -1 }, 'reversed ties')).toEqual([1, true])
    expect(tiesReversed({ b: -1, _id: 1 }, 'same ties')).toEqual([-1, false])
    expect(tiesReversed({ b: -1, _id: 1 }, 'no')).toEqual([undefined, false])
  })

  it('ends with the _id, whatever follows it', () => {
    expect(shown({ a: 1 }, [[{ a: 1, _id: 1, b: 1 }]], { _id: 1, c: 1 })).toMatch(/forwards/)
    expect(shown({ a: 1 }, [[{ a: 1, _id: -1 }]], { _id: -1 })).toMatch(/forwards/)
  })
})

describe('the access of an "or"', () => {
  const indexes: readonly Given[] = [[{ a: 1, b: 1 }], [{ a: 1, c: 1 }]]

  it('is that of all branches or none', () => {
    expect(shown({ $or: [{ a: 1 }, { _id: 3 }] }, indexes)).toEqual(['a_1_b_1 | 1 | left 0', 'get 3', false])
    expect(shown({ $or: [{ a: 1 }, { z: 3 }] }, indexes)).toBe('scan')
    expect(shown({ $or: [{ a: 1 }, { b: { $in: [] } }] }, indexes)).toEqual(['a_1_b_1 | 1 | left 0', false])
  })

  it('takes what comes with it into every branch, where that binds more', () => {
    expect(shown({ a: 1, $or: [{ b: 2 }, { c: 'x' }] }, indexes)).toEqual([
      'a_1_b_1 | 1 2 | left 0',
      'a_1_c_1 | 1 x | left 0',
      false,
    ])
    expect(shown({ a: 1, $or: [{ b: 2 }, { z: 1 }] }, indexes)).toBe('a_1_b_1 | 1 | left 1')
  })

  it('is merged where every branch has the order', () => {
    const filter = { $or: [{ a: 1 }, { a: 5 }] }
    expect(shown(filter, indexes, { b: 1, _id: 1 })).toEqual([
      'a_1_b_1 | 1 | forwards | left 0',
      'a_1_b_1 | 5 | forwards | left 0',
      'merge',
    ])
    expect(shown({ $or: [{ a: 1 }, { c: 'x', a: 2 }] }, indexes, { b: 1, _id: 1 })).toContain(false)
  })

  it('is exact where every branch is', () => {
    const left = (filter: object) => {
      const found = access(filter, indexes)
      return found.kind === 'union' ? found.residual.length : undefined
    }
    expect(left({ $or: [{ a: 1 }, { a: 2, b: 1 }] })).toBe(0)
    expect(left({ $or: [{ a: 1, z: 1 }, { a: 2 }] })).toBe(1)
  })

  it('takes a time that grows with the filter, not with the ways to combine its branches', () => {
    const or = (n: number) => ({ $or: [{ a: n }, { c: `${n}`, a: 1 }, { a: n, b: 3 }] })
    const filter = { $and: Array.from({ length: 300 }, (_, n) => or(n)) }
    const before = performance.now()
    access(filter, indexes)
    expect(performance.now() - before).toBeLessThan(2000)
  })
})
