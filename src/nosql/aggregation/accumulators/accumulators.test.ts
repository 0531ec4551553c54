import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { refusalOf, runPipeline } from '../../../../test/support/aggregation/run-pipeline.ts'
import type { Value } from '../../query/value.ts'

const group = async (accumulator: unknown, documents: readonly Record<string, Value>[]): Promise<Value | undefined> =>
  (await runPipeline([{ $group: { _id: null, r: accumulator } }], documents))[0]?.['r']

const values = (...list: Value[]) => list.map((v) => ({ v }))

describe('accumulators', () => {
  it.each<[unknown, Value[], Value]>([
    [{ $sum: '$v' }, [1, 2.5, 'x', null], 3.5],
    [{ $sum: '$v' }, [0.1, 0.2, 0.3], 0.6],
    [{ $sum: '$v' }, [1n, 2], 3n],
    [{ $sum: '$v' }, [2n ** 63n - 1n, 1n], 2 ** 63],
    [{ $avg: '$v' }, [1, 2, 'x'], 1.5],
    [{ $avg: '$v' }, ['x'], null],
    [{ $min: '$v' }, [3, null, 'a', 2], 2],
    [{ $max: '$v' }, [3, null, 'a', 2], 'a'],
    [{ $min: '$v' }, [null], null],
    [{ $first: '$v' }, [null, 1], null],
    [{ $last: '$v' }, [1, 2], 2],
    [{ $first: '$nope' }, [1], null],
    [{ $push: '$v' }, [1, null, 1], [1, null, 1]],
    [{ $push: '$nope' }, [1], []],
    [{ $addToSet: '$v' }, [1, 1n, 2, 1], [1, 2]],
    [{ $stdDevPop: '$v' }, [1, 3], 1],
    [{ $stdDevSamp: '$v' }, [1, 3], Math.SQRT2],
    [{ $stdDevSamp: '$v' }, [1], null],
    [{ $stdDevPop: '$v' }, ['x'], null],
    [{ $mergeObjects: '$v' }, [{ a: 1, b: 1 }, null, { b: 2 }], { a: 1, b: 2 }],
    [{ $count: {} }, [1, 2], 2],
    [{ $firstN: { input: '$v', n: 2 } }, [3, null, 1], [3, null]],
    [{ $lastN: { input: '$v', n: 2 } }, [3, null, 1], [null, 1]],
    [{ $minN: { input: '$v', n: 2 } }, [3, null, 1, 2], [1, 2]],
    [{ $maxN: { input: '$v', n: 5 } }, [3, null, 1], [3, 1]],
    [{ $top: { sortBy: { v: -1 }, output: '$v' } }, [1, 3, 2], 3],
    [{ $bottom: { sortBy: { v: -1 }, output: '$v' } }, [1, 3, 2], 1],
    [{ $topN: { n: 2, sortBy: { v: 1 }, output: '$v' } }, [3, 1, 2], [1, 2]],
    [{ $bottomN: { n: 2, sortBy: { v: 1 }, output: '$v' } }, [3, 1, 2], [2, 3]],
    [{ $top: { sortBy: { v: 1 }, output: '$nope' } }, [1], null],
    [{ $median: { input: '$v', method: 'approximate' } }, [1, 2, 3, 4, 'x'], 2],
    [
      { $percentile: { input: '$v', p: [0, 0.5, 0.9, 1], method: 'approximate' } },
      [81, 83, 82, 72, 53],
      [53, 81, 83, 83],
    ],
    [{ $percentile: { input: '$v', p: [0.5], method: 'approximate' } }, ['x'], [null]],
    [{ $concatArrays: '$v' }, [[1], [1, 2]], [1, 1, 2]],
    [{ $setUnion: '$v' }, [[1], [1, 2]], [1, 2]],
  ])('%j', async (accumulator, list, expected) => {
    expect(await group(accumulator, values(...list))).toEqual(expected)
  })

  it('keep the first of documents that are equal in order', async () => {
    const documents = ['a', 'b', 'c'].map((v) => ({ k: 1, v }))
    expect(await group({ $bottom: { sortBy: { k: 1 }, output: '$v' } }, documents)).toBe('a')
    expect(await group({ $bottomN: { n: 2, sortBy: { k: 1 }, output: '$v' } }, documents)).toEqual(['a', 'b'])
    expect(await group({ $top: { sortBy: { k: 1 }, output: '$v' } }, documents)).toBe('a')
  })

  it('let the oldest of equal documents go when a later one needs its place at the bottom', async () => {
    const documents = [...'aabc'].map((k, v) => ({ k, v }))
    const bottomOf = (n: number) => group({ $bottomN: { n, sortBy: { k: 1 }, output: '$v' } }, documents)
    expect(await bottomOf(3)).toEqual([1, 2, 3])
    expect(await group({ $topN: { n: 3, sortBy: { k: -1 }, output: '$v' } }, documents)).toEqual([3, 2, 0])
    const equals = [...'bbab'].map((k, v) => ({ k, v }))
    expect(await group({ $bottomN: { n: 2, sortBy: { k: 1 }, output: '$v' } }, equals)).toEqual([0, 1])
  })

  it('pay for what they keep, not for what they meet', async () => {
    const documents = Array.from({ length: 2000 }, (_, v) => ({ v, o: { a: v, b: 'text' } }))
    const small = { budget: { maxBytes: 6000 } }
    for (const accumulator of [
      { $top: { sortBy: { v: 1 }, output: '$v' } },
      { $maxN: { input: '$v', n: 2 } },
      { $lastN: { input: '$v', n: 2 } },
      { $mergeObjects: '$o' },
      { $addToSet: 'one' },
    ]) {
      expect(await refusalOf([{ $group: { _id: null, r: accumulator } }], documents, small)).toBeUndefined()
    }
    expect(
      await refusalOf([{ $sort: { v: 1 } }, { $limit: 5 }], documents, { budget: { maxBytes: 400_000 } }),
    ).toBeUndefined()
    expect(await refusalOf([{ $group: { _id: null, r: { $push: '$v' } } }], documents, small)).toBe('LEX_ERR_NOSQL_010')
    const window = { documents: [-3, 3] }
    const stages = [
      {
        $setWindowFields: {
          sortBy: { v: 1 },
          output: { r: { $sum: '$v', window }, s: { $top: { sortBy: { v: 1 }, output: '$v' }, window } },
        },
      },
    ]
    expect(await refusalOf(stages, documents, { budget: { maxBytes: 2_000_000 } })).toBeUndefined()
  })

  it('take an n that depends on the group', async () => {
    const stages = [
      { $group: { _id: { k: '$k' }, r: { $firstN: { input: '$v', n: { $cond: [{ $eq: ['$k', 'a'] }, 1, 2] } } } } },
      { $sort: { _id: 1 } },
    ]
    const documents = ['a', 'b'].flatMap((k) => [1, 2, 3].map((v) => ({ k, v })))
    expect((await runPipeline(stages, documents)).map(({ r }) => r)).toEqual([[1], [1, 2]])
  })

  it.each([
    [{ $firstN: { input: '$v', n: 0 } }, 'Location5787908'],
    [{ $firstN: { input: '$v', n: 1.5 } }, 'Location5787903'],
    [{ $minN: { input: '$v', n: 'x' } }, 'Location5787902'],
    [{ $maxN: { input: '$v' } }, 'FailedToParse'],
    [{ $lastN: 1 }, 'TypeMismatch'],
    [{ $top: { sortBy: { v: 1 } } }, 'FailedToParse'],
    [{ $top: { sortBy: { v: 1 }, output: '$v', n: 1 } }, 'FailedToParse'],
    [{ $topN: { n: 1, sortBy: 1, output: '$v' } }, 'Location15973'],
    [{ $percentile: { input: '$v', p: [2], method: 'approximate' } }, 'Location7750303'],
    [{ $percentile: { input: '$v', p: [], method: 'approximate' } }, 'Location7750301'],
    [{ $percentile: { input: '$v', p: ['$v'], method: 'approximate' } }, 'Location7750300'],
    [{ $median: { input: '$v', method: 'exact' } }, 'BadValue'],
    [{ $count: 1 }, 'TypeMismatch'],
  ])('are refused when they are compiled: %j', async (accumulator, reason) => {
    expect(await refusalOf([{ $group: { _id: null, r: accumulator } }])).toBe(reason)
  })

  it.each([
    [{ $mergeObjects: '$v' }, 'Location40400'],
    [{ $concatArrays: '$v' }, 'TypeMismatch'],
    [{ $setUnion: '$v' }, 'TypeMismatch'],
    [{ $firstN: { input: '$v', n: '$nope' } }, 'Location5787902'],
  ])('are refused when they meet a wrong value: %j', async (accumulator, reason) => {
    expect(await refusalOf([{ $group: { _id: null, r: accumulator } }], values(1))).toBe(reason)
  })

  it('keep the n best of many as a sort would', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 400 }),
        fc.integer({ min: 1, max: 9 }),
        async (list, n) => {
          const sorted = list.toSorted((a, b) => a - b)
          const documents = values(...list)
          expect(await group({ $minN: { input: '$v', n } }, documents)).toEqual(sorted.slice(0, n))
          expect(await group({ $maxN: { input: '$v', n } }, documents)).toEqual(sorted.toReversed().slice(0, n))
          expect(await group({ $topN: { n, sortBy: { v: 1 }, output: '$v' } }, documents)).toEqual(sorted.slice(0, n))
          expect(await group({ $bottomN: { n, sortBy: { v: 1 }, output: '$v' } }, documents)).toEqual(sorted.slice(-n))
          expect(await group({ $lastN: { input: '$v', n } }, documents)).toEqual(list.slice(-n))
        },
      ),
      { numRuns: 30 },
    )
  })
})
