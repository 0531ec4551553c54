/** Random values of every class, of which many are equal or close to one another. */

import fc from 'fast-check'
import type { Document, Value } from '../../../src/nosql/query/value.ts'

const text = fc.oneof(
  fc.constantFrom('', 'a', 'a\0', 'a\0b', 'ab', '\u{7ff}', '\u{ff61}', '\u{1f600}', '\u{10ffff}', '\ud800', '\udfff'),
  fc.string({ unit: 'binary', maxLength: 4 }),
)

const number = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.bigInt({ min: -3n, max: 3n }),
  fc.double({ noNaN: true }),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc
    .tuple(fc.constantFrom(2n ** 53n, -(2n ** 53n), 2n ** 62n), fc.bigInt({ min: -3n, max: 3n }))
    .map(([near, by]) => near + by),
)

export const anyScalar: fc.Arbitrary<Value> = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  number,
  text,
  fc.date({ noInvalidDate: true }),
  fc.uint8Array({ maxLength: 3 }).map((bytes) => new Uint8Array(bytes)),
)

/** What a filter or a document may hold. */
export const finiteScalar: fc.Arbitrary<Value> = anyScalar.filter(
  (value) =>
    (typeof value !== 'number' || Number.isFinite(value)) && (typeof value !== 'string' || value.isWellFormed()),
)

export const { value: anyValue } = fc.letrec<{ value: Value; document: Document }>((tie) => ({
  value: fc.oneof({ maxDepth: 3 }, anyScalar, anyScalar, fc.array(tie('value'), { maxLength: 3 }), tie('document')),
  document: fc.dictionary(fc.constantFrom('', 'a', 'b', 'a\0'), tie('value'), { maxKeys: 3, noNullPrototype: true }),
}))
