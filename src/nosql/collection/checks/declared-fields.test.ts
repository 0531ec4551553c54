import { describe, expect, it } from 'vitest'
import { defineCollection } from '../../contract/define-collection.ts'
import { checkDeclaredFields } from './declared-fields.ts'

const items = defineCollection('items', { fields: { n: 'number', 'a.b': 'string' } })
const refusal = expect.objectContaining({ reason: 'DocumentValidationFailure' })

describe('declared fields', () => {
  it.each([
    {},
    { n: null },
    { n: 1 },
    { n: 1n },
    { a: 5 },
    { a: null },
    { a: {} },
    { a: { b: 'x' } },
    { a: { b: null } },
  ])('allow %o', (document) => {
    expect(() => checkDeclaredFields(items, document)).not.toThrow()
  })

  it.each([{ n: 'x' }, { n: [1] }, { n: [] }, { n: {} }, { a: { b: 1 } }, { a: { b: ['x'] } }])(
    'refuse another type: %o',
    (document) => {
      expect(() => checkDeclaredFields(items, document)).toThrow(refusal)
    },
  )

  it.each([{ a: [{ b: 'x' }] }, { a: [] }, { a: [5] }, { a: [{}, { b: 'x' }] }])(
    'refuse an array on the way, where a filter could reach several values: %o',
    (document) => {
      expect(() => checkDeclaredFields(items, document)).toThrow(refusal)
    },
  )
})
