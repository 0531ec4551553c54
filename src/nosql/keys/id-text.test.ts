import { compareText } from '../../core/compare-text.ts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareValues } from '../query/compare.ts'
import type { Value } from '../query/value.ts'
import { idOfText, idText } from './id-text.ts'

const letter = fc.constantFrom(
  'a',
  '0',
  '.',
  '/',
  '_',
  '!',
  '"',
  ' ',
  '\0',
  '-',
  '\u{ffff}',
  '\u{10fffe}',
  '\u{10ffff}',
)
const text = fc.oneof(
  fc.string({ unit: letter, minLength: 1, maxLength: 6 }),
  fc.constantFrom('.', '..', '__a__', '____', '___', '__a__\0', '.\0', '..\0\0'),
)
const number = fc.oneof(
  fc.integer({ min: -2, max: 3 }),
  fc.bigInt({ min: -3n, max: 3n }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
)
const id: fc.Arbitrary<Value> = fc.oneof(text, text, number)

describe('the text of an _id', () => {
  it('sorts as the _id does', () => {
    fc.assert(
      fc.property(id, id, (a, b) => {
        expect(Math.sign(compareText(idText(a), idText(b)))).toBe(Math.sign(compareValues(a, b)))
      }),
      { numRuns: 20_000 },
    )
  })

  it('becomes the _id again', () => {
    fc.assert(
      fc.property(id, (value) => {
        expect(compareValues(idOfText(idText(value)), value)).toBe(0)
      }),
      { numRuns: 10_000 },
    )
  })

  it('is a name that Firestore allows', () => {
    fc.assert(
      fc.property(id, (value) => {
        const name = idText(value)
        expect(name).not.toMatch(/^$|\/|^\.\.?$|^__[^]*__$/)
      }),
      { numRuns: 10_000 },
    )
  })

  it.each(['alice', 'alice@example.com', 'a.b', '0192f5c0-7b2e-7cc3-98c4-dc0c0c07398f', 'é\u{1f600}', '_a', '...'])(
    'the text of an _id of %j is the _id itself, so that other programs find it',
    (value) => {
      expect(idText(value)).toBe(value)
    },
  )

  it.each(['', '\ud800', 'x'.repeat(1501), 'é'.repeat(751), null, true, new Date(0), {}])(
    'cannot be of %o',
    (value) => {
      expect(() => idText(value)).toThrow(expect.objectContaining({ code: 'LEX_ERR_NOSQL_005', path: '_id' }))
    },
  )

  it('the text of an _id of a document that another program has named is its name', () => {
    expect(['!n', '!nxyz', 'plain', '!'].map(idOfText)).toEqual(['!n', '!nxyz', 'plain', '!'])
  })
})
