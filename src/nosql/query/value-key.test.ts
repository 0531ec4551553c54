import fc from 'fast-check'
import { expect, it } from 'vitest'
import { equalValues } from './compare.ts'
import type { Value } from './value.ts'
import { idKey, valueKey } from './value-key.ts'

const scalar = fc.oneof(
  fc.constantFrom(
    null,
    true,
    false,
    0,
    -0,
    1,
    1n,
    2,
    2n,
    2 ** 60,
    2n ** 60n,
    2n ** 60n + 1n,
    // As JavaScript writes 2 ** 60.
    1_152_921_504_606_847_000n,
    '',
    '1',
    '\0',
    '\0null',
    'null',
  ),
  fc.constantFrom(new Date(0), new Date(1), new Uint8Array(), new Uint8Array([1]), new Uint8Array([1, 0])),
)

const value: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    scalar,
    fc.array(tie('value'), { maxLength: 2 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'a":1'), tie('value'), { maxKeys: 2, noNullPrototype: true }),
  ),
})).value

it.each([valueKey, idKey])('%o is the same for two values exactly when they are equal', (keyOf) => {
  fc.assert(
    fc.property(value, value, (a, b) => {
      expect(new Map([[keyOf(a), 1]]).has(keyOf(b))).toBe(equalValues(a, b))
    }),
    { numRuns: 5000 },
  )
})

it.each<[Value, Value]>([
  [[new Uint8Array([1]), 0], [new Uint8Array([1, 0])]],
  [[2 ** 60], [1_152_921_504_606_847_000n]],
])('%o has another key than %o', (a, b) => expect(valueKey(a)).not.toBe(valueKey(b)))

it.each<[Value, Value]>([
  [{ a: 1n }, { a: 1 }],
  [{ a: [-0] }, { a: [0n] }],
])('%o names the same document as %o', (a, b) => expect(idKey(a)).toBe(idKey(b)))
