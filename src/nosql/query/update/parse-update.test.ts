import { describe, expect, it } from 'vitest'
import { DocumentValidationError, NoSQLFilterError, UnsupportedOperationError } from '../../errors.ts'
import { parseUpdate } from './parse-update.ts'

const refused: readonly (readonly [reason: string, update: unknown, arrayFilters?: unknown])[] = [
  ['FailedToParse', null],
  ['FailedToParse', 5],
  ['FailedToParse', { $bad: { a: 1 } }],
  ['FailedToParse', { $set: { a: 1 }, b: 2 }],
  ['FailedToParse', { $set: null }],
  ['FailedToParse', { $set: [1] }],
  ['FailedToParse', { $pop: { a: 2 } }],
  ['FailedToParse', { $set: {} }, [{ x: 1 }]],
  ['FailedToParse', { $set: { 'a.$[x]': 1 } }, [{ x: 1 }, { x: 2 }]],
  ['FailedToParse', { $set: { 'a.$[x]': 1 } }, [{ x: 1, y: 2 }]],
  ['FailedToParse', { $set: { 'a.$[x]': 1 } }, [{}]],
  ['FailedToParse', { a: 1 }, []],
  ['TypeMismatch', { $set: { a: 1 } }, 'x'],
  ['TypeMismatch', { $inc: { a: '1' } }],
  ['TypeMismatch', { $mul: { a: null } }],
  ['TypeMismatch', { $addToSet: { a: { $each: 1 } } }],
  ['BadValue', { $inc: { a: Number.NaN } }],
  ['BadValue', { $addToSet: { a: { $each: [1], $slice: 1 } } }],
  ['BadValue', { $push: { a: { $each: 1 } } }],
  ['BadValue', { $push: { a: { $each: [], $slice: 1.5 } } }],
  ['BadValue', { $push: { a: { $each: [], $position: null } } }],
  ['BadValue', { $push: { a: { $each: [], $sort: 2 } } }],
  ['BadValue', { $push: { a: { $each: [], $sort: { b: 0 } } } }],
  ['BadValue', { $push: { a: { $each: [], $nope: 1 } } }],
  ['BadValue', { $pull: { a: { $nope: 1 } } }],
  ['BadValue', { $pull: { a: { $or: 1 } } }],
  ['BadValue', { $pullAll: { a: 1 } }],
  ['BadValue', { $bit: { a: { and: 1.5 } } }],
  ['BadValue', { $bit: { a: {} } }],
  ['BadValue', { $bit: { a: { not: 1 } } }],
  ['BadValue', { $currentDate: { a: 'date' } }],
  ['BadValue', { $currentDate: { a: { $type: 'Date' } } }],
  ['BadValue', { $rename: { a: 1 } }],
  ['BadValue', { $rename: { a: 'a' } }],
  ['BadValue', { $rename: { a: 'a.b' } }],
  ['BadValue', { $rename: { 'a.$': 'b' } }],
  ['BadValue', { $set: { $: 1 } }],
  ['BadValue', { $set: { 'a.$.b.$': 1 } }],
  ['BadValue', { $set: { 'a.$[X]': 1 } }],
  ['BadValue', { $set: { 'a.$[x]': 1 } }],
  ['EmptyFieldName', { $set: { '': 1 } }],
  ['EmptyFieldName', { $set: { 'a..b': 1 } }],
  ['EmptyFieldName', { $rename: { a: '' } }],
  ['DollarPrefixedFieldName', { $set: { $a: 1 } }],
  ['ConflictingUpdateOperators', { $set: { a: 1 }, $inc: { a: 1 } }],
  ['ConflictingUpdateOperators', { $set: { a: 1, 'a.b': 1 } }],
  ['ConflictingUpdateOperators', { $set: { 'a.$[]': 1 }, $inc: { 'a.b': 1 } }],
  ['ConflictingUpdateOperators', { $rename: { a: 'b', b: 'c' } }],
  ['ConflictingUpdateOperators', { $rename: { a: 'b' }, $unset: { a: 1 } }],
]

describe('parseUpdate', () => {
  it.each(refused)('refuses with %s: %o', (reason, update, arrayFilters) => {
    const attempt = (): unknown => parseUpdate(update, { arrayFilters })
    expect(attempt).toThrow(NoSQLFilterError)
    expect(attempt).toThrow(expect.objectContaining({ reason }))
  })

  it('refuses what cannot be stored', () => {
    const cyclic: Record<string, unknown> = {}
    cyclic['self'] = cyclic
    const updates = [
      { $set: { a: Number.NaN } },
      { $push: { a: [undefined] } },
      { a: { '': 1 } },
      { $set: { a: cyclic } },
      { a: 1, $set: { b: 1 } },
      { $set: { 'a.__proto__.b': 1 } },
      JSON.parse('{"a":{"__proto__":{"b":1}}}'),
    ]
    for (const update of updates) expect(() => parseUpdate(update)).toThrow(DocumentValidationError)
  })

  it('needs the engine for a pipeline', () => {
    expect(() => parseUpdate([{ $set: { a: 1 } }])).toThrow(/aggregation engine/)
  })

  it('has no timestamps', () => {
    expect(() => parseUpdate({ $currentDate: { a: { $type: 'timestamp' } } })).toThrow(UnsupportedOperationError)
  })

  it('keeps its own copy of values', () => {
    const value = { list: [1] }
    const tree = parseUpdate({ a: value })
    value.list.push(2)
    expect(tree).toMatchObject({ document: { a: { list: [1] } } })
  })
})
