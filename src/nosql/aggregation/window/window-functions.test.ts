import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { refusalOf, runPipeline } from '../../../../test/support/aggregation/run-pipeline.ts'
import type { Document, Value } from '../../query/value.ts'

const over = async (output: unknown, documents: readonly Document[], more: object = { sortBy: { t: 1 } }) =>
  (await runPipeline([{ $setWindowFields: { ...more, output: { r: output } } }], documents)).map(({ r }) => r)

const series = (...list: Value[]): Document[] => list.map((v, t) => ({ t, v }))
const hour = (n: number): Date => new Date(n * 3_600_000)

describe('$setWindowFields', () => {
  it('computes in partitions, in their order', async () => {
    const documents = [{ k: 'b', t: 1 }, { k: 'a', t: 2 }, { k: 'a', t: 1 }, { t: 5 }, { k: null, t: 4 }]
    const stages = [
      { $setWindowFields: { partitionBy: '$k', sortBy: { t: 1 }, output: { 'pos.n': { $documentNumber: {} } } } },
    ]
    expect(await runPipeline(stages, documents)).toEqual([
      { k: null, t: 4, pos: { n: 1 } },
      { t: 5, pos: { n: 2 } },
      { k: 'a', t: 1, pos: { n: 1 } },
      { k: 'a', t: 2, pos: { n: 2 } },
      { k: 'b', t: 1, pos: { n: 1 } },
    ])
  })

  it.each<[unknown, Value[]]>([
    [{ $sum: '$v' }, [6, 6, 6]],
    [{ $sum: '$v', window: { documents: ['unbounded', 'current'] } }, [1, 3, 6]],
    [{ $sum: '$v', window: { documents: ['current', 'unbounded'] } }, [6, 5, 3]],
    [{ $sum: '$v', window: { documents: [-1, 1] } }, [3, 6, 5]],
    [{ $sum: '$v', window: { documents: [1, 2] } }, [5, 3, 0]],
    [{ $avg: '$v', window: { documents: [5, 9] } }, [null, null, null]],
    [{ $push: '$v', window: { documents: [-1, 0] } }, [[1], [1, 2], [2, 3]]],
    [{ $first: '$v', window: { documents: [1, 1] } }, [2, 3, null]],
    [{ $max: '$v', window: { range: [-1, 0] } }, [1, 2, 3]],
    [{ $sum: '$v', window: { range: [-0.5, 'unbounded'] } }, [6, 5, 3]],
    [{ $topN: { n: 1, sortBy: { v: -1 }, output: '$v' } }, [[3], [3], [3]]],
    [{ $count: {}, window: { documents: ['unbounded', 0] } }, [1, 2, 3]],
    [{ $shift: { output: '$v', by: -1, default: 0 } }, [0, 1, 2]],
    [{ $shift: { output: '$v', by: 1 } }, [2, 3, null]],
    [{ $covariancePop: ['$t', '$v'] }, [2 / 3, 2 / 3, 2 / 3]],
    [{ $covarianceSamp: ['$t', '$v'], window: { documents: ['unbounded', 'current'] } }, [null, 0.5, 1]],
    [{ $expMovingAvg: { input: '$v', alpha: 0.5 } }, [1, 1.5, 2.25]],
    [{ $expMovingAvg: { input: '$v', N: 1 } }, [1, 2, 3]],
    [{ $derivative: { input: '$v' }, window: { documents: [-1, 0] } }, [null, 1, 1]],
    [{ $integral: { input: '$v' }, window: { documents: ['unbounded', 'current'] } }, [0, 1.5, 4]],
    [{ $minMaxScaler: { input: '$v' } }, [0, 0.5, 1]],
    [{ $minMaxScaler: { input: '$v', min: 10, max: 20 } }, [10, 15, 20]],
  ])('%j', async (output, expected) => {
    expect(await over(output, series(1, 2, 3))).toEqual(expected)
  })

  it.each<[unknown, Value[]]>([
    [{ $bottom: { sortBy: { v: 1 }, output: '$t' }, window: { documents: [-1, 0] } }, [0, 1, 2]],
    [{ $bottomN: { n: 2, sortBy: { v: 1 }, output: '$t' }, window: { documents: [-2, 0] } }, [[0], [0, 1], [1, 2]]],
    [{ $top: { sortBy: { v: 1 }, output: '$t' }, window: { documents: [-1, 0] } }, [0, 0, 1]],
    [{ $bottom: { sortBy: { v: 1 }, output: '$t' }, window: { documents: ['unbounded', 0] } }, [0, 0, 0]],
  ])('tells equal documents apart as MongoDB does: %j', async (output, expected) => {
    expect(await over(output, series(7, 7, 7))).toEqual(expected)
  })

  it.each<[unknown, Value[]]>([
    [{ $firstN: { input: '$w', n: 2 }, window: { documents: [-1, 0] } }, [[], [1], [1]]],
    [{ $lastN: { input: '$w', n: 1 }, window: { documents: [-1, 0] } }, [[], [1], []]],
    [{ $lastN: { input: '$w', n: 1 }, window: { documents: ['unbounded', 0] } }, [[null], [1], [null]]],
  ])('counts what is missing in a moving window without an answer for it: %j', async (output, expected) => {
    expect(await over(output, [{ t: 0 }, { t: 1, w: 1 }, { t: 2 }])).toEqual(expected)
  })

  /** Expected: calculated by Python's decimals of 34 digits. */
  it.each<[object, Value[], Value[]]>([
    [{ N: 2 }, [0.1, 0.2, 0.3, 0.7], [0.1, 0.16666666666666666, 0.25555555555555554, 0.5518518518518518]],
    [{ alpha: 0.1 }, [0.1, 0.2, 0.3, 0.7], [0.1, 0.11, 0.129, 0.1861]],
    [{ N: 4 }, [1, null, 2, 3, 1e15], [1, 1, 1.4, 2.04, 400000000000001.25]],
    [{ alpha: 0.5 }, [null, -0.1, 0, 1.2345678901234567e-20], [null, -0.1, -0.05, -0.025]],
  ])('averages in decimals: %j of %j', async (weight, list, expected) => {
    expect(await over({ $expMovingAvg: { input: '$v', ...weight } }, series(...list))).toEqual(expected)
  })

  /** Expected: what the sums that MongoDB keeps for a moving window come to, calculated in exact sums elsewhere. */
  it.each<[unknown, Value[]]>([
    [{ $stdDevPop: '$v', window: { documents: [-1, 0] } }, [0, 0.8, 0.3000000000000003, 0.8000000000000008]],
    [
      { $stdDevSamp: '$v', window: { documents: ['current', 'unbounded'] } },
      [1.570562531918633, 1.1372481406154655, 1.1313708498984771, null],
    ],
    [
      { $covariancePop: ['$v', '$w'], window: { documents: [-1, 1] } },
      [-0.8799999999999999, 1.4355555555555555, -0.3377777777777782, -2.5599999999999996],
    ],
    [
      { $covariancePop: ['$v', '$w'], window: { documents: ['unbounded', 'current'] } },
      [0, -0.8799999999999999, 1.4355555555555555, 0.09499999999999986],
    ],
    [{ $covarianceSamp: ['$v', '$w'], window: { documents: [2, 2] } }, [null, null, null, null]],
    [{ $stdDevPop: '$v', window: { documents: [-3, -3] } }, [null, null, null, 0]],
  ])('$setWindowFields agrees to the last digit: %j', async (output, expected) => {
    const documents = [
      { t: 1, v: 1.1, w: 2.3 },
      { t: 2, v: 2.7, w: 0.1 },
      { t: 3, v: 3.3, w: 7.7 },
      { t: 4, v: 4.9, w: 1.3 },
    ]
    expect(await over(output, documents)).toEqual(expected)
  })

  it('forgets what has left a moving window, also what is infinite', async () => {
    const documents = [1, Infinity, 3, 4].map((v, t) => ({ t, v }))
    const window = { documents: [-1, 0] }
    expect(await over({ $stdDevPop: '$v', window }, documents)).toEqual([0, NaN, NaN, 0.5])
    expect(await over({ $covariancePop: ['$v', '$v'], window }, documents)).toEqual([0, 0, 0, 0.25])
    expect(await over({ $stdDevPop: '$v' }, documents)).toEqual([NaN, NaN, NaN, NaN])
  })

  it('moves a range over gaps that are wider than it', async () => {
    const documents = [0, 1, 10, 11, 30].map((t, at) => ({ t, v: at % 2 }))
    expect(await over({ $stdDevPop: '$v', window: { range: [-1, 0] } }, documents)).toEqual([0, 0.5, 0, 0.5, 0])
    expect(await over({ $stdDevPop: '$v', window: { range: [1, 2] } }, documents)).toEqual([0, null, 0, null, null])
  })

  it('compares fractions as they are stored with the decimal that a bound leads to', async () => {
    const documents = [0.1, 0.2, 0.3, 0.6, 0.7].map((t) => ({ t }))
    const window = { range: [-0.1, 0] }
    expect(await over({ $push: '$t', window }, documents)).toEqual([[], [0.1], [0.2, 0.3], [0.6], [0.7]])
    const large = [2n ** 60n, 2n ** 60n + 1n].map((t) => ({ t }))
    expect(await over({ $count: {}, window: { range: [-0.5, 0.5] } }, large)).toEqual([1, 1])
    expect(await over({ $count: {}, window: { range: [-1, 0] } }, large)).toEqual([1, 2])
  })

  it('ranks with ties, by arrays and missing values as a sort does', async () => {
    const documents = [{ t: 3 }, { t: 1 }, { t: 3 }, {}, { t: null }]
    expect(await over({ $rank: {} }, documents)).toEqual([1, 1, 3, 4, 4])
    expect(await over({ $denseRank: {} }, documents)).toEqual([1, 1, 2, 3, 3])
    expect(await over({ $documentNumber: {} }, documents)).toEqual([1, 2, 3, 4, 5])
  })

  it('takes a missing value at the end of a frame for missing', async () => {
    const documents = [{ t: 0, v: 1 }, { t: 1 }]
    expect(await over({ $last: '$v' }, documents)).toEqual([undefined, undefined])
  })

  it('takes a frame without documents for null', async () => {
    const documents = [{ t: 0, v: 1 }, { t: 1 }]
    expect(await over({ $first: '$v', window: { documents: [-1, -1] } }, documents)).toEqual([null, 1])
    expect(await over({ $shift: { output: '$v', by: 1 } }, documents)).toEqual([undefined, null])
  })

  it('fills null and missing values', async () => {
    const documents = [{ t: 0 }, { t: 1, v: 10 }, { t: 2, v: null }, { t: 5 }, { t: 6, v: 20 }, { t: 7 }]
    expect(await over({ $locf: '$v' }, documents)).toEqual([null, 10, 10, 10, 20, 20])
    expect(await over({ $linearFill: '$v' }, documents)).toEqual([null, 10, 12, 18, 20, null])
  })

  it('measures ranges and slopes over dates in a unit', async () => {
    const documents = [0, 1, 3].map((n) => ({ t: hour(n), v: n * 60 }))
    expect(await over({ $sum: '$v', window: { range: [-1, 0], unit: 'hour' } }, documents)).toEqual([0, 60, 180])
    const slope = { $derivative: { input: '$v', unit: 'minute' }, window: { documents: [-1, 0] } }
    expect(await over(slope, documents)).toEqual([null, 1, 1])
    expect(await over({ $integral: { input: '$v', unit: 'hour' } }, documents)).toEqual([270, 270, 270])
  })

  it.each([
    [{ $rank: {} }, {}, 'Location5371602'],
    [{ $rank: 1 }, { sortBy: { t: 1 } }, 'Location5371603'],
    [{ $rank: {}, window: {} }, { sortBy: { t: 1 } }, 'FailedToParse'],
    [{ $denseRank: {} }, { sortBy: { t: 1, v: 1 } }, 'Location5371602'],
    [{ $sum: '$v', window: { documents: [-1, 0] } }, {}, 'Location5339901'],
    [{ $sum: '$v', window: { documents: [1, 0] } }, { sortBy: { t: 1 } }, 'Location5339900'],
    [{ $sum: '$v', window: { documents: [0.5, 1] } }, { sortBy: { t: 1 } }, 'FailedToParse'],
    [{ $sum: '$v', window: { documents: ['x', 1] } }, { sortBy: { t: 1 } }, 'FailedToParse'],
    [{ $sum: '$v', window: { documents: [0, 1], range: [0, 1] } }, { sortBy: { t: 1 } }, 'FailedToParse'],
    [{ $sum: '$v', window: { documents: [0, 1], unit: 'day' } }, { sortBy: { t: 1 } }, 'FailedToParse'],
    [{ $sum: '$v', window: { range: [0, 1] } }, { sortBy: { t: -1 } }, 'Location8947401'],
    [{ $sum: '$v', window: { range: [0, 1] } }, { sortBy: { t: 1, v: 1 } }, 'Location5339902'],
    [{ $sum: '$v', window: 1 }, { sortBy: { t: 1 } }, 'FailedToParse'],
    [{ $sum: '$v', $avg: '$v' }, {}, 'FailedToParse'],
    [{ $nope: 1 }, {}, 'FailedToParse'],
    [{}, {}, 'FailedToParse'],
    [{ $shift: { output: '$v', by: 1.5 } }, { sortBy: { t: 1 } }, 'FailedToParse'],
    [{ $shift: { output: '$v', by: 1, default: '$v' } }, { sortBy: { t: 1 } }, 'FailedToParse'],
    [{ $shift: { output: '$v', by: 1 } }, {}, 'FailedToParse'],
    [{ $expMovingAvg: { input: '$v', N: 1, alpha: 0.5 } }, { sortBy: { t: 1 } }, 'FailedToParse'],
    [{ $expMovingAvg: { input: '$v', alpha: 1 } }, { sortBy: { t: 1 } }, 'FailedToParse'],
    [{ $expMovingAvg: { input: '$v', N: 0 } }, { sortBy: { t: 1 } }, 'FailedToParse'],
    [{ $derivative: { input: '$v' } }, { sortBy: { t: 1 } }, 'FailedToParse'],
    [{ $integral: { input: '$v', unit: 'month' } }, { sortBy: { t: 1 } }, 'Location5490704'],
    [{ $linearFill: '$v' }, {}, 'Location605001'],
    [{ $locf: '$v', window: {} }, {}, 'FailedToParse'],
    [{ $minMaxScaler: { input: '$v', min: 1 } }, {}, 'FailedToParse'],
    [{ $minMaxScaler: { input: '$v' }, window: { documents: [1, 2] } }, { sortBy: { t: 1 } }, 'FailedToParse'],
  ])('refuses %j with %j', async (output, more, reason) => {
    expect(await refusalOf([{ $setWindowFields: { ...more, output: { r: output } } }])).toBe(reason)
  })

  it.each([
    [{ $linearFill: '$v' }, series('x'), 'TypeMismatch'],
    [
      { $linearFill: '$v' },
      [
        { t: 1, v: 1 },
        { t: 1, v: 2 },
      ],
      'Location6050106',
    ],
    [{ $derivative: { input: '$v' }, window: { documents: [-1, 0] } }, series(1, 'x'), 'Location5624903'],
    [{ $integral: { input: '$v' } }, series(null), 'Location5423900'],
    [{ $sum: '$v', window: { range: [-1, 0] } }, [{ t: 'x' }], 'Location5429414'],
    [{ $sum: '$v', window: { range: [-1, 0] } }, [{ t: hour(1) }], 'Location5429413'],
    [{ $sum: '$v', window: { range: [-1, 0], unit: 'hour' } }, [{ t: 1 }], 'Location5429513'],
  ])('refuses values that a function cannot use: %#', async (output, documents, reason) => {
    expect(await refusalOf([{ $setWindowFields: { sortBy: { t: 1 }, output: { r: output } } }], documents)).toBe(reason)
  })

  it('refuses to partition by an array', async () => {
    const stages = [{ $setWindowFields: { partitionBy: '$k', output: { r: { $sum: 1 } } } }]
    expect(await refusalOf(stages, [{ k: [1] }])).toBe('TypeMismatch')
    expect(await refusalOf([{ $setWindowFields: { partitionBy: [1], output: {} } }])).toBe('TypeMismatch')
  })

  it('refuses conflicting fields', async () => {
    expect(await refusalOf([{ $setWindowFields: { output: { a: { $sum: 1 }, 'a.b': { $sum: 1 } } } }])).toBe(
      'Location31249',
    )
  })

  it('answers as a naive window would', async () => {
    const bound = fc.integer({ min: -4, max: 4 })
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: -9, max: 9 }), { maxLength: 30 }),
        bound,
        bound,
        async (list, a, b) => {
          const [low, high] = a < b ? [a, b] : [b, a]
          const frame = (at: number) => list.filter((_v, other) => other >= at + low && other <= at + high)
          const documents = series(...list)
          const window = { documents: [low, high] }
          expect(await over({ $push: '$v', window }, documents)).toEqual(list.map((_v, at) => frame(at)))
          const sums = list.map((_v, at) => frame(at).reduce((sum, v) => sum + v, 0))
          expect(await over({ $sum: '$v', window }, documents)).toEqual(sums)
          expect(await over({ $sum: '$v', window: { range: [low, high] } }, documents)).toEqual(sums)
        },
      ),
      { numRuns: 40 },
    )
  })
})
