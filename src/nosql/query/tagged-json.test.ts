import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Value } from './value.ts'
import { fromTagged, toTagged } from './tagged-json.ts'

const value = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    fc.date({ noInvalidDate: true }),
    fc.uint8Array({ maxLength: 9 }).map((bytes) => new Uint8Array(bytes)),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), tie('value'), { maxKeys: 3 }),
  ),
})).value

describe('tagged JSON', () => {
  it('keeps every portable value through JSON', () => {
    fc.assert(
      fc.property(value, (original) => {
        expect(fromTagged(JSON.parse(JSON.stringify(toTagged(original))))).toEqual(original)
      }),
    )
  })
})
