import { describe, expect, it } from 'vitest'
import { UnsupportedOperationError } from '../../errors.ts'
import { compileFilter } from './compile-filter.ts'
import { parseFilter } from './parse-filter.ts'

const matches = (filter: object, document: Record<string, unknown>): boolean =>
  compileFilter(parseFilter(filter))(document as never)

/** [filter, what matches, what does not] */
type Row = readonly [filter: object, yes: readonly unknown[], no: readonly unknown[]]

/** Each value stands in the field `a`; `undefined` means that there is no such field. */
function check(rows: readonly Row[]): void {
  for (const [filter, yes, no] of rows) {
    for (const a of [...yes, ...no]) {
      const expected = yes.includes(a)
      expect([filter, a, matches(filter, a === undefined ? {} : { a })]).toEqual([filter, a, expected])
    }
  }
}

describe('comparison', () => {
  it('comparison of null matches missing fields too', () => {
    check([
      [{ a: null }, [null, undefined, [null]], [0, '', false, [], {}]],
      [{ a: { $gte: null } }, [null, undefined], [0]],
      [{ a: { $ne: null } }, [0, []], [null, undefined, [null]]],
      [{ a: { $in: [null, 1] } }, [null, undefined, 1, 1n], [2]],
    ])
  })

  it('stays within one class of values and looks into arrays', () => {
    const day = new Date(5)
    check([
      [{ a: { $gt: 1 } }, [2, 2n, [0, 5]], ['2', [0], null, undefined, true, day, [[2]]]],
      [{ a: { $lt: 'b' } }, ['a', ['z', 'a']], ['b', 0]],
      [{ a: { $gte: day } }, [new Date(5), new Date(6)], [new Date(4), 5, '5']],
      [{ a: { $gt: false } }, [true], [false, 1]],
      [{ a: { $lte: 3n } }, [3, 2n, 2.5], [4n, 3.5]],
    ])
  })

  it('comparison of arrays and objects is by content and order of keys', () => {
    check([
      [{ a: [1, 2] }, [[1, 2], [[1, 2]], [0, [1, 2]]], [[2, 1], [1, 2, 3], 1]],
      [{ a: { x: 1, y: 2 } }, [{ x: 1, y: 2 }, [{ x: 1n, y: 2 }]], [{ y: 2, x: 1 }, { x: 1 }]],
      [{ a: { $gt: { x: 1 } } }, [{ x: 2 }, { x: 1, y: 0 }], [{ x: 0 }, 5]],
      [{ a: { $in: [[1], { x: 1 }, /^q/] } }, [[1], { x: 1 }, 'qu', ['no', 'qu']], [1, 'aq']],
    ])
  })

  it('compares code points and exact integers', () => {
    check([
      [{ a: { $gt: '\u{ff61}' } }, ['\u{1f600}'], ['\u{ff60}']],
      [{ a: 2n ** 53n + 1n }, [2n ** 53n + 1n], [2 ** 53]],
      [{ a: { $in: [2n ** 53n + 1n, 7n] } }, [2n ** 53n + 1n, 7], [2 ** 53]],
    ])
  })

  it('never reads what a field inherits', () => {
    expect(matches({ constructor: { $exists: true } }, {})).toBe(false)
    expect(matches({ toString: 1 }, { toString: 1 })).toBe(true)
    expect(matches({ 'a.constructor.name': 'Object' }, { a: {} })).toBe(false)
    expect(matches({ 'a.length': 3 }, { a: 'abc' })).toBe(false)
    expect(matches({ 'a.byteLength': 1 }, { a: new Uint8Array(1) })).toBe(false)
  })
})

describe('paths', () => {
  it('go through arrays by element and by index', () => {
    const document = { a: [{ b: 1 }, { b: [2, 3], 1: 'named' }, 4, [{ b: 9 }]] }
    const yes = [
      { 'a.b': 1 },
      { 'a.b': 3 },
      { 'a.b': [2, 3] },
      { 'a.1.b': 2 },
      { 'a.b.0': 2 },
      { 'a.2': 4 },
      { 'a.1': 'named' },
    ]
    for (const filter of [...yes, { 'a.3.0.b': 9 }, { 'a.3.b': 9 }])
      expect([filter, matches(filter, document)]).toEqual([filter, true])
    for (const filter of [{ 'a.b': 9 }, { 'a.01.b': 2 }, { 'a.9': null, 'a.b': 7 }]) {
      expect([filter, matches(filter, document)]).toEqual([filter, false])
    }
  })

  it('distinguish a missing value from an empty array', () => {
    expect(matches({ 'a.b': null }, { a: 1 })).toBe(true)
    expect(matches({ 'a.b': null }, { a: [] })).toBe(false)
    expect(matches({ 'a.b': null }, { a: [1, 2] })).toBe(false)
    expect(matches({ 'a.b': null }, { a: [{ b: 1 }, {}] })).toBe(true)
    expect(matches({ 'a.b': { $exists: false } }, { a: [] })).toBe(true)
    expect(matches({ 'a.0': [5] }, { a: [[5]] })).toBe(true)
    expect(matches({ 'a.0': 5 }, { a: [[5]] })).toBe(false)
  })
})

describe('arrays', () => {
  it('answers $all, $size and $elemMatch', () => {
    check([
      [{ a: { $all: [1, 2] } }, [[2, 1, 0]], [[1], 1, undefined]],
      [{ a: { $all: [1] } }, [1, [1]], [2]],
      [{ a: { $all: [[1, 2]] } }, [[1, 2], [[1, 2]]], [[1, 3]]],
      [{ a: { $all: [] } }, [], [[], 1, undefined]],
      [{ a: { $all: [{ $elemMatch: { $gt: 1 } }, { $elemMatch: { $lt: 0 } }] } }, [[2, -1]], [[2], [0, 1]]],
      [{ a: { $size: 0 } }, [[]], [[1], undefined, {}, '']],
      [{ a: { $size: 2n } }, [[1, 2]], [[1]]],
      [{ a: { $elemMatch: { $gt: 1, $lt: 3 } } }, [[0, 2]], [[0, 4], 2, [[2]]]],
      [{ a: { $elemMatch: { x: 1, y: { $ne: 2 } } } }, [[{ x: 1 }]], [[{ x: 1, y: 2 }, { y: 1 }], { x: 1 }]],
      [{ a: { $elemMatch: {} } }, [[{}], [[]]], [[1], [], {}]],
      [{ a: { $elemMatch: { 0: 1 } } }, [[[1, 2]]], [[1]]],
      [{ a: { $elemMatch: { $or: [{ x: 1 }, { y: 1 }] } } }, [[{ y: 1 }]], [[{ z: 1 }]]],
      [{ a: { $elemMatch: { $not: { $gt: 1 } } } }, [[1, 5], ['x']], [[2], []]],
      [{ a: { $elemMatch: { $elemMatch: { $gt: 1 } } } }, [[[2]]], [[2], [[1]]]],
    ])
  })
})

describe('other operators', () => {
  it('answers $type, $mod and the bits', () => {
    check([
      [{ a: { $type: 'number' } }, [1, 1.5, 1n, ['x', 1]], ['1', null, undefined]],
      [{ a: { $type: ['string', 10] } }, ['x', null], [1, undefined]],
      [{ a: { $type: 'int' } }, [1, -(2 ** 31)], [1.5, 2 ** 31, 1n]],
      [{ a: { $type: 4 } }, [[], [1]], [1, {}]],
      [{ a: { $mod: [4, 1] } }, [1, 5.9, 9n], [-3, '5', null, 1e300, undefined]],
      [{ a: { $mod: [-3.5, -1] } }, [-1, -4n], [1]],
      [{ a: { $bitsAllSet: [0, 2] } }, [5, 7n, -1, new Uint8Array([5])], [4, 5.5, '5', null]],
      [{ a: { $bitsAnySet: [200] } }, [-1, -1n], [1, new Uint8Array([255])]],
      [{ a: { $bitsAllClear: 2n ** 40n } }, [0, 2 ** 41], [2 ** 40, -1]],
      [{ a: { $bitsAnyClear: new Uint8Array([3]) } }, [1, 2], [3, 7]],
    ])
  })

  it('answers $regex in its forms', () => {
    check([
      [{ a: /^b.d$/i }, ['BAD', ['x', 'bed']], ['b\nd', 1, undefined]],
      [{ a: { $regex: '^b.d$', $options: 'is' } }, ['B\nD'], ['abd']],
      [{ a: { $options: 'i', $regex: 'X', $ne: 'x' } }, ['axb'], ['x']],
      [{ a: { $not: /x/ } }, ['a', 1, undefined], ['x']],
    ])
  })

  it('joins conditions', () => {
    const document = { a: 1, b: 2 }
    expect(matches({ $and: [{ a: 1 }, { b: 2 }], $comment: 'both' }, document)).toBe(true)
    expect(matches({ $or: [{ a: 2 }, { b: 2 }] }, document)).toBe(true)
    expect(matches({ $nor: [{ a: 2 }, { b: 2 }] }, document)).toBe(false)
    expect(matches({ a: { $gt: 0, $not: { $gt: 0 } } }, document)).toBe(false)
    expect(matches({ $alwaysFalse: 1 }, document)).toBe(false)
    expect(matches({}, document)).toBe(true)
  })

  it('samples by the randomness it is given', () => {
    const rolls = [0.1, 0.6]
    const sampled = compileFilter(parseFilter({ $sampleRate: 0.5 }, { random: () => rolls.shift() ?? 0 }))
    expect([sampled({}), sampled({})]).toEqual([true, false])
    expect(matches({ $sampleRate: 1 }, {})).toBe(true)
    expect(() => parseFilter({ $sampleRate: 0.5 })).toThrow(UnsupportedOperationError)
  })

  it('evaluates $expr by the engine it is given, MongoDB deciding what is true', () => {
    const results = [undefined, null, 0, 0n, false, 1, '', []]
    const engine = (result: never) => ({
      expression: () => () => result,
      transform: () => (document: object) => document as never,
      pipeline: () => {
        throw new Error('not asked for')
      },
    })
    const found = results.map((result) =>
      compileFilter(parseFilter({ $expr: 1 }, { engine: engine(result as never) }))({}),
    )
    expect(found).toEqual([false, false, false, false, false, true, true, true])
  })
})
