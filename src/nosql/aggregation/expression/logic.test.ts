/* oxlint-disable unicorn/no-thenable -- 'then' is MongoDB's name */
import { describe, expect, it } from 'vitest'
import { aggregation } from '../index.ts'

const document = { zero: 0, one: 1, inner: { a: 1, 'b.c': 2, $d: 3 } }
const run = (expression: unknown) => aggregation().expression(expression)(document)

describe('conditions and comparisons', () => {
  it.each<[unknown, unknown]>([
    [{ $and: [] }, true],
    [{ $or: [] }, false],
    [{ $and: ['$one', '', []] }, true],
    [{ $and: ['$zero', { $divide: [1, '$zero'] }] }, false],
    [{ $or: ['$one', { $divide: [1, '$zero'] }] }, true],
    [{ $not: [null] }, true],
    [{ $cond: ['$zero', 1, 2] }, 2],
    [{ $cond: { if: '$one', then: 1, else: { $divide: [1, '$zero'] } } }, 1],
    [{ $ifNull: ['$nope', null, 3] }, 3],
    [{ $ifNull: ['$nope', '$gone'] }, undefined],
    [{ $switch: { branches: [{ case: '$one', then: 'a' }], default: 'b' } }, 'a'],
    [
      {
        $switch: {
          branches: [
            { case: true, then: 'a' },
            { case: { $divide: [1, 0] }, then: 'b' },
          ],
        },
      },
      'a',
    ],
    [{ $cmp: ['$nope', null] }, -1],
    [{ $gt: ['a', 1] }, true],
    [{ $eq: [1, 1n] }, true],
    [{ $lt: ['\uff61', '\u{1f600}'] }, true],
    [{ $lte: [{ a: 1 }, { a: 1 }] }, true],
    [{ $ne: [[1], [1]] }, false],
  ])('%o', (expression, expected) => {
    expect(run(expression)).toEqual(expected)
  })

  it.each([
    { $cond: [1, 2] },
    { $cond: { if: 1, then: 2 } },
    { $ifNull: [1] },
    { $switch: { branches: [] } },
    { $switch: { branches: [{ case: false, then: 1 }] } },
    { $switch: { branches: [{ case: 1 }] } },
    { $eq: [1] },
    { $not: [1, 2] },
  ])('%o is refused', (expression) => {
    expect(() => run(expression)).toThrow(expect.objectContaining({ code: 'LEX_ERR_NOSQL_007' }))
  })
})

describe('objects', () => {
  it.each<[unknown, unknown]>([
    [{ $mergeObjects: ['$inner', { a: 9 }, null] }, { a: 9, 'b.c': 2, $d: 3 }],
    [{ $mergeObjects: { $literal: [{ a: 1 }, { b: 2 }] } }, { a: 1, b: 2 }],
    [{ $getField: 'one' }, 1],
    [{ $getField: { field: 'b.c', input: '$inner' } }, 2],
    [{ $getField: { field: { $literal: '$d' }, input: '$inner' } }, 3],
    [{ $getField: { field: 'constructor', input: '$inner' } }, undefined],
    [{ $setField: { field: 'b.c', input: '$inner', value: 5 } }, { a: 1, 'b.c': 5, $d: 3 }],
    [{ $setField: { field: 'a', input: '$inner', value: '$$REMOVE' } }, { 'b.c': 2, $d: 3 }],
    [{ $unsetField: { field: 'b.c', input: '$inner' } }, { a: 1, $d: 3 }],
    [{ $unsetField: { field: 'a', input: '$nope' } }, null],
  ])('%o', (expression, expected) => {
    expect(run(expression)).toEqual(expected)
  })

  it('leaves the document as it was', () => {
    const before = structuredClone(document)
    run({ $setField: { field: 'a', input: '$inner', value: 2 } })
    expect(document).toEqual(before)
  })

  it.each([
    { $mergeObjects: [1] },
    { $setField: { field: '$one', input: {}, value: 1 } },
    { $setField: { field: '__proto__', input: {}, value: 1 } },
    { $setField: { field: 'a', input: 1, value: 1 } },
    { $getField: { field: 1, input: {} } },
    { $unsetField: { field: 'a' } },
  ])('%o is refused', (expression) => {
    expect(() => run(expression)).toThrow(expect.objectContaining({ code: 'LEX_ERR_NOSQL_007' }))
  })
})
