import { describe, expect, it } from 'vitest'
import type { Document } from '../../../query/value.ts'
import { aggregation } from '../../index.ts'

const run = (expression: unknown, document: Document = {}) => aggregation().expression(expression)(document)

describe('trigonometry', () => {
  it.each<[unknown, number | null]>([
    [{ $sin: 0 }, 0],
    [{ $cos: 0 }, 1],
    [{ $tan: 0 }, 0],
    [{ $asin: 1 }, Math.PI / 2],
    [{ $acos: 1 }, 0],
    [{ $atan: 1 }, Math.PI / 4],
    [{ $atan2: [1, -1] }, (3 * Math.PI) / 4],
    [{ $sinh: 0 }, 0],
    [{ $cosh: 0n }, 1],
    [{ $tanh: 0 }, 0],
    [{ $asinh: 0 }, 0],
    [{ $acosh: 1 }, 0],
    [{ $atanh: 1 }, Infinity],
    [{ $degreesToRadians: 180 }, Math.PI],
    [{ $radiansToDegrees: Math.PI }, 180],
    [{ $sin: null }, null],
    [{ $atan2: [null, 'x'] }, null],
  ])('%o', (expression, expected) => {
    const result = run(expression)
    if (typeof expected === 'number' && Number.isFinite(expected)) expect(result).toBeCloseTo(expected, 12)
    else expect(result).toBe(expected)
  })

  it.each<[unknown, string]>([
    [{ $sin: { $toDouble: 'Infinity' } }, 'Location50989'],
    [{ $asin: 1.01 }, 'Location50989'],
    [{ $acosh: 0.99 }, 'Location50989'],
    [{ $atanh: -1.01 }, 'Location50989'],
    [{ $cos: 'x' }, 'Location28765'],
    [{ $atan2: ['x', 1] }, 'Location51044'],
    [{ $atan2: [1] }, 'Location16020'],
  ])('%o is refused', (expression, reason) => {
    expect(() => run(expression)).toThrow(expect.objectContaining({ reason }))
  })

  it('lets NaN through', () => {
    expect(run({ $cos: { $toDouble: 'NaN' } })).toBeNaN()
  })
})

describe('bits', () => {
  it.each<[unknown, unknown]>([
    [{ $bitAnd: [12, 10] }, 8],
    [{ $bitOr: [12, 10n] }, 14n],
    [{ $bitXor: [12, 10] }, 6],
    [{ $bitAnd: [] }, -1],
    [{ $bitOr: [] }, 0],
    [{ $bitNot: 5 }, -6],
    [{ $bitNot: 5n }, -6n],
    [{ $bitXor: [1, '$nope'] }, null],
    [{ $bitAnd: [-1n, 2n ** 62n] }, 2n ** 62n],
  ])('%o', (expression, expected) => {
    expect(run(expression)).toEqual(expected)
  })

  it.each([{ $bitAnd: [1, 1.5] }, { $bitNot: 'x' }, { $bitOr: [true] }])('%o is refused', (expression) => {
    expect(() => run(expression)).toThrow(expect.objectContaining({ reason: 'TypeMismatch' }))
  })
})

describe('accumulators as expressions', () => {
  it.each<[unknown, unknown]>([
    [{ $sum: [1, 'x', 2n, null] }, 3n],
    [{ $sum: '$list' }, 6],
    [{ $sum: ['$list', 1] }, 1],
    [{ $avg: '$list' }, 2],
    [{ $avg: 'x' }, null],
    [{ $max: [1, 'x', null] }, 'x'],
    [{ $min: ['$nope', 3, 2] }, 2],
    [{ $max: [] }, null],
    [{ $stdDevPop: [1, 2, 3, 4] }, Math.sqrt(1.25)],
    [{ $stdDevSamp: [1] }, null],
    [{ $firstN: { input: '$list', n: 2 } }, [1, 2]],
    [{ $lastN: { input: '$list', n: 2 } }, [2, 3]],
    [{ $maxN: { input: [3, null, 9, 5], n: 2 } }, [9, 5]],
    [{ $minN: { input: [3, null, 9, 5], n: 9 } }, [3, 5, 9]],
    [{ $median: { input: [3, 1, 'x', 2], method: 'approximate' } }, 2],
    [{ $median: { input: '$nope', method: 'approximate' } }, null],
    [{ $percentile: { input: [1, 2, 3, 4], p: [0, 0.5, 1], method: 'approximate' } }, [1, 2, 4]],
    [{ $percentile: { input: 'x', p: [0.5], method: 'approximate' } }, [null]],
  ])('%o', (expression, expected) => {
    expect(run(expression, { list: [1, 2, 3] })).toEqual(expected)
  })

  it.each<[unknown, string]>([
    [{ $firstN: { input: 'x', n: 1 } }, 'Location5788200'],
    [{ $firstN: { input: [1], n: 0 } }, 'Location5787908'],
    [{ $maxN: { input: [1], n: 1.5 } }, 'Location5787902'],
    [{ $minN: { input: [1] } }, 'FailedToParse'],
    [{ $percentile: { input: [1], p: [1.1], method: 'approximate' } }, 'Location7750303'],
    [{ $percentile: { input: [1], p: '$p', method: 'approximate' } }, 'Location7750300'],
    [{ $median: { input: [1], method: 'exact' } }, 'BadValue'],
  ])('%o is refused', (expression, reason) => {
    expect(() => run(expression)).toThrow(expect.objectContaining({ reason }))
  })
})
