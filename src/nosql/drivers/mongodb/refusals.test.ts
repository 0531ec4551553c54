import { describe, expect, it } from 'vitest'
import { parseUpdate } from '../../query/update/parse-update.ts'
import { blameExpression, toStoreError } from './errors.ts'
import { isOfExpression, reasonOf } from './server-codes.ts'

const operators = (update: object) => parseUpdate(update)
const pipeline = {
  kind: 'pipeline',
  transform: (document: object) => document,
  variables: undefined,
  stages: [],
} as never

describe('the refusal of a write', () => {
  it.each([
    ['an unknown operator of expressions', 168, pipeline, true],
    ['a division by zero in a pipeline', 2, pipeline, true],
    ['another _id by a pipeline', 66, pipeline, false],
    ['a document that breaks a rule', 121, pipeline, false],
    ['a document that is too large', 17_419, pipeline, false],
    ['whatever a deletion is refused for', 2, null, true],
    ['a type that an expression cannot take', 14, operators({ $set: { a: 1 } }), true],
    ['a type that $inc cannot take', 14, operators({ $inc: { a: 1 } }), false],
    ['a field within a text', 28, operators({ $set: { 'a.b': 1 } }), false],
    ['an element that was not matched', 2, operators({ $set: { 'a.$': 1 } }), false],
    ['an expression beside $inc', 16_020, operators({ $inc: { a: 1 } }), true],
    ['an expression beside a replacement', 2, operators({ a: 1 }), true],
  ] as const)('is sorted by its code: %s', (_what, code, change, expected) => {
    expect(isOfExpression(code, change)).toBe(expected)
  })

  it('keeps its message, reason and cause when an expression is to blame', () => {
    const refused = toStoreError(Object.assign(new Error('x'), { name: 'MongoServerError', code: 168 }), 'write')
    const blamed = blameExpression(refused, null)
    expect(blamed).toMatchObject({ code: 'LEX_ERR_NOSQL_007', reason: 'InvalidPipelineOperator', cause: { code: 168 } })
    expect(blamed.message).toBe(refused.message)
  })

  it('has the name of its code where the server leaves that away', () => {
    expect([2, 66, 16_020].map((code) => reasonOf({ code }))).toEqual(['BadValue', 'ImmutableField', 'Location16020'])
  })
})
