import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Document } from '../../../query/value.ts'
import { aggregation } from '../../index.ts'

const run = (expression: unknown, document: Document = {}) => aggregation().expression(expression)(document)
const maximum = 2n ** 63n - 1n

describe('arithmetic', () => {
  it.each<[unknown, unknown]>([
    [{ $add: [1, 2, 3] }, 6],
    [{ $add: [] }, 0],
    [{ $add: [0.1, 0.2, 0.3] }, 0.6],
    [{ $add: [1e308, 1e-308, -1e308] }, 1e-308],
    [{ $add: [1n, 2] }, 3n],
    [{ $add: [1n, 0.5] }, 1.5],
    [{ $add: [maximum, 1n] }, 2 ** 63],
    [{ $add: [new Date(1000), 500] }, new Date(1500)],
    [{ $add: [new Date(0), -0.5] }, new Date(-1)],
    [{ $add: [1, null, 'x'] }, null],
    [{ $subtract: [new Date(5000), new Date(2000)] }, 3000n],
    [{ $subtract: [new Date(5000), 2000] }, new Date(3000)],
    [{ $subtract: [5, 2n] }, 3n],
    [{ $multiply: [3n, 4] }, 12n],
    [{ $multiply: [maximum, 2n] }, 2 ** 64],
    [{ $divide: [7, 2] }, 3.5],
    [{ $divide: ['$nope', 2] }, null],
    [{ $mod: [-7, 3] }, -1],
    [{ $mod: [7n, 4] }, 3n],
    [{ $mod: [7.5, 2] }, 1.5],
    [{ $abs: -5n }, 5n],
    [{ $ceil: 1.2 }, 2],
    [{ $floor: -1.2 }, -2],
    [{ $pow: [2, 10] }, 1024],
    [{ $pow: [2n, 62] }, 2n ** 62n],
    [{ $pow: [2n, 64] }, 2 ** 64],
    [{ $pow: [2n, -1] }, 0.5],
    [{ $sqrt: 16 }, 4],
    [{ $log: [8, 2] }, 3],
    [{ $log10: 1000 }, 3],
    [{ $sigmoid: 0 }, 0.5],
  ])('%o', (expression, expected) => {
    expect(run(expression)).toEqual(expected)
  })

  it.each<[unknown, string]>([
    [{ $add: [1, 'x'] }, 'TypeMismatch'],
    [{ $add: [new Date(0), new Date(0)] }, 'Location16612'],
    [{ $add: [new Date(0), 1e300] }, 'Overflow'],
    [{ $subtract: [1, new Date(0)] }, 'TypeMismatch'],
    [{ $divide: [1, 0] }, 'BadValue'],
    [{ $mod: [1, 0] }, 'Location16610'],
    [{ $mod: [1n, 0n] }, 'Location16610'],
    [{ $abs: -(2n ** 63n) }, 'Location28680'],
    [{ $abs: 'x' }, 'Location28765'],
    [{ $sqrt: -1 }, 'Location28714'],
    [{ $ln: 0 }, 'Location28766'],
    [{ $log: [1, 1] }, 'Location28759'],
    [{ $pow: [0, -1] }, 'Location28764'],
    [{ $round: [1, 101] }, 'Location51083'],
    [{ $round: [1, 1.5] }, 'Location51082'],
    [{ $sigmoid: [1] }, 'Location28765'],
  ])('%o is refused', (expression, reason) => {
    expect(() => run(expression)).toThrow(expect.objectContaining({ reason }))
  })
})

describe('rounding', () => {
  it.each<[unknown, unknown]>([
    [{ $round: 2.5 }, 2],
    [{ $round: 3.5 }, 4],
    [{ $round: -2.5 }, -2],
    [{ $round: [2.675, 2] }, 2.67],
    [{ $round: [0.125, 2] }, 0.12],
    [{ $round: [0.375, 2] }, 0.38],
    [{ $round: [1234.5, -2] }, 1200],
    [{ $round: [1250, -2] }, 1200],
    [{ $round: [1250.1, -2] }, 1300],
    [{ $round: [-1350, -2] }, -1400],
    [{ $round: [125n, -1] }, 120n],
    [{ $trunc: [-1.29, 1] }, -1.2],
    [{ $trunc: [1299, -2] }, 1200],
    [{ $round: [1e21, 2] }, 1e21],
    [{ $round: ['$nope', 1] }, null],
  ])('%o', (expression, expected) => {
    expect(run(expression)).toEqual(expected)
  })

  it('never moves a number by more than half a unit', () => {
    const number = fc.double({ noNaN: true, min: -1e12, max: 1e12 })
    fc.assert(
      fc.property(number, fc.integer({ min: -4, max: 6 }), (value, place) => {
        const rounded = run({ $round: ['$value', place] }, { value }) as number
        const unit = 10 ** -place
        expect(Math.abs(rounded - value)).toBeLessThanOrEqual(unit / 2 + Math.abs(value) * 1e-15)
      }),
    )
  })
})

describe('sums', () => {
  it('do not depend on the order of the numbers', () => {
    const numbers = fc.array(
      fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }), fc.maxSafeInteger()),
    )
    fc.assert(
      fc.property(numbers, (values) => {
        const forward = run({ $sum: '$values' }, { values }) as number
        const backward = run({ $sum: '$values' }, { values: values.toReversed() }) as number
        expect(Math.abs(forward - backward)).toBeLessThanOrEqual(Math.abs(forward) * 1e-15)
      }),
    )
  })
})
