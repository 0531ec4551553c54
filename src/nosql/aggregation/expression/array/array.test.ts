import { describe, expect, it } from 'vitest'
import type { Document } from '../../../query/value.ts'
import { aggregation } from '../../index.ts'

const run = (expression: unknown, document: Document = {}) => aggregation().expression(expression)(document)

describe('arrays', () => {
  const document = { list: [1, 2, 3, 4], people: [{ n: 'b', a: 2 }, { n: 'a', a: 2 }, { n: 'c' }] }

  it.each<[unknown, unknown]>([
    [{ $arrayElemAt: ['$list', -1] }, 4],
    [{ $arrayElemAt: ['$list', 9] }, undefined],
    [{ $first: '$list' }, 1],
    [{ $last: [[]] }, undefined],
    [{ $slice: ['$list', -2] }, [3, 4]],
    [{ $slice: ['$list', 1, 2] }, [2, 3]],
    [{ $slice: ['$list', -9, 2] }, [1, 2]],
    [{ $concatArrays: ['$list', [5]] }, [1, 2, 3, 4, 5]],
    [{ $concatArrays: ['$list', '$nope'] }, null],
    [{ $in: [3, '$list'] }, true],
    [{ $in: [3n, '$list'] }, true],
    [{ $indexOfArray: ['$list', 3] }, 2],
    [{ $indexOfArray: ['$list', 3, 0, 2] }, -1],
    [{ $isArray: '$list' }, true],
    [{ $isArray: ['x'] }, false],
    [{ $range: [0, 10, 4] }, [0, 4, 8]],
    [{ $range: [3, 0, -1] }, [3, 2, 1]],
    [{ $reverseArray: '$list' }, [4, 3, 2, 1]],
    [{ $size: '$list' }, 4],
    [{ $map: { input: '$list', in: { $multiply: ['$$this', 2] } } }, [2, 4, 6, 8]],
    [{ $map: { input: '$nope', in: 1 } }, null],
    [{ $map: { input: '$people', as: 'p', in: '$$p.a' } }, [2, 2, null]],
    [{ $filter: { input: '$list', as: 'x', cond: { $gt: ['$$x', 1] }, limit: 2 } }, [2, 3]],
    [{ $reduce: { input: '$list', initialValue: 0, in: { $add: ['$$value', '$$this'] } } }, 10],
    [{ $reduce: { input: [], initialValue: 'start', in: 1 } }, 'start'],
    [{ $zip: { inputs: [[1, 2], ['a']] } }, [[1, 'a']]],
    [
      { $zip: { inputs: [[1, 2], ['a']], useLongestLength: true, defaults: [0, 'z'] } },
      [
        [1, 'a'],
        [2, 'z'],
      ],
    ],
    [{ $sortArray: { input: [3, 'a', null, 1], sortBy: 1 } }, [null, 1, 3, 'a']],
    [
      { $map: { input: { $sortArray: { input: '$people', sortBy: { a: -1, n: 1 } } }, in: '$$this.n' } },
      ['a', 'b', 'c'],
    ],
    [
      {
        $arrayToObject: [
          [
            ['a', 1],
            ['b', 2],
          ],
        ],
      },
      { a: 1, b: 2 },
    ],
    [{ $arrayToObject: { $literal: [{ k: 'a', v: 1 }] } }, { a: 1 }],
    [{ $objectToArray: { $literal: { a: 1 } } }, [{ k: 'a', v: 1 }]],
  ])('%o', (expression, expected) => {
    expect(run(expression, document)).toEqual(expected)
  })

  it.each<[unknown, string]>([
    [{ $size: 'x' }, 'Location17124'],
    [{ $arrayElemAt: [[1], 'x'] }, 'Location28690'],
    [{ $arrayElemAt: [[1], 1.5] }, 'Location28691'],
    [{ $range: [0, 1, 0] }, 'Location34449'],
    [{ $slice: [[1], 1, 0] }, 'Location28729'],
    [{ $in: [1, 'x'] }, 'Location40081'],
    [{ $map: { input: 'x', in: 1 } }, 'Location16883'],
    [{ $filter: { input: [], cond: 1, limit: 0 } }, 'Location327392'],
    [{ $zip: { inputs: [[1]], defaults: [1] } }, 'Location34466'],
    [{ $sortArray: { input: [], sortBy: 2 } }, 'Location2942505'],
    [{ $arrayToObject: [[['a', 1], { k: 'b', v: 2 }]] }, 'Location40391'],
    [{ $arrayToObject: [[['__proto__', 1]]] }, 'BadValue'],
    [{ $objectToArray: 'x' }, 'Location40390'],
  ])('%o is refused', (expression, reason) => {
    expect(() => aggregation().expression(expression)({})).toThrow(expect.objectContaining({ reason }))
  })
})

describe('sets', () => {
  it.each<[unknown, unknown]>([
    [
      {
        $setUnion: [
          [3, 1, 1],
          [2, 1n],
        ],
      },
      [1, 2, 3],
    ],
    [{ $setUnion: [[1], null] }, null],
    [
      {
        $setIntersection: [
          [1, 2, 3],
          [3, 2],
        ],
      },
      [2, 3],
    ],
    [{ $setIntersection: [] }, []],
    [{ $setDifference: [[3, 1, 3, 2], [2]] }, [3, 1]],
    [
      {
        $setEquals: [
          [1, 2],
          [2, 1, 1],
        ],
      },
      true,
    ],
    [{ $setEquals: [[{ a: 1, b: 2 }], [{ b: 2, a: 1 }]] }, false],
    [{ $setIsSubset: [[1], [1, 2]] }, true],
    [{ $anyElementTrue: [[0, null]] }, false],
    [{ $allElementsTrue: [[1, '']] }, true],
  ])('%o', (expression, expected) => {
    expect(run(expression)).toEqual(expected)
  })

  it.each([{ $setUnion: ['x'] }, { $setEquals: [[1]] }, { $setIsSubset: [null, []] }, { $anyElementTrue: 1 }])(
    '%o is refused',
    (expression) => {
      expect(() => run(expression)).toThrow(expect.objectContaining({ code: 'LEX_ERR_NOSQL_007' }))
    },
  )
})
