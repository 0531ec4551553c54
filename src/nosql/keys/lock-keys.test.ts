import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyValue } from '../../../test/support/documents/any-value.ts'
import { compareValues } from '../query/compare.ts'
import type { Document } from '../query/value.ts'
import { lockKeys, type UniqueIndex } from './lock-keys.ts'

const email: UniqueIndex = { name: 'email_1', key: [['email', 1]] }
const pair: UniqueIndex = {
  name: 'pair',
  key: [
    ['a', 1],
    ['b', -1],
  ],
}

async function meet(index: UniqueIndex, one: Document, other: Document): Promise<boolean> {
  const names = await lockKeys(index, one)
  return (await lockKeys(index, other)).some((name) => names.includes(name))
}

describe('the locks of a unique index', () => {
  it('meet exactly where two scalar keys are equal', async () => {
    await fc.assert(
      fc.asyncProperty(anyValue, anyValue, async (a, b) => {
        fc.pre(!Array.isArray(a) && !Array.isArray(b))
        expect(await meet(email, { email: a }, { email: b })).toBe(compareValues(a, b) === 0)
      }),
      { numRuns: 2000 },
    )
  })

  it.each<[string, UniqueIndex, Document, Document, boolean]>([
    ['a number and the same as int64', email, { email: 1 }, { email: 1n }, true],
    ['a number and its text', email, { email: 1 }, { email: '1' }, false],
    ['null and missing', email, { email: null }, {}, true],
    ['missing in both of a sparse index', { ...email, sparse: true }, {}, {}, false],
    ['null in both of a sparse index', { ...email, sparse: true }, { email: null }, { email: null }, true],
    ['one array element', email, { email: ['a', 'b'] }, { email: ['c', 'b'] }, true],
    ['an array and an element', email, { email: ['a', 'b'] }, { email: 'b' }, true],
    ['arrays that share no element', email, { email: ['a'] }, { email: ['b'] }, false],
    ['both parts of two', pair, { a: 1, b: 2 }, { a: 1, b: 2 }, true],
    ['one part of two', pair, { a: 1, b: 2 }, { a: 1, b: 3 }, false],
    ['a part missing in both', pair, { a: 1 }, { a: 1, b: null }, true],
    ['parts missing, of a sparse index that holds both', { ...pair, sparse: true }, { a: 1 }, { a: 1 }, true],
    ['objects with keys in another order', email, { email: { x: 1, y: 2 } }, { email: { y: 2, x: 1 } }, false],
    ['long texts', email, { email: 'x'.repeat(3000) }, { email: 'x'.repeat(3000) }, true],
    [
      'long texts that differ at the end',
      email,
      { email: `${'x'.repeat(3000)}a` },
      { email: `${'x'.repeat(3000)}b` },
      false,
    ],
  ])('meet or not: %s', async (_what, ...[index, one, other, expected]) => {
    expect(await meet(index, one, other)).toBe(expected)
  })

  it('are empty for a document that a partial index leaves out', async () => {
    const living: UniqueIndex = { ...email, includes: ({ deleted }) => deleted !== true }
    expect(await lockKeys(living, { email: 'a', deleted: true })).toEqual([])
    expect(await lockKeys(living, { email: 'a' })).toHaveLength(1)
  })

  it('are one for equal elements of one document', async () => {
    expect(await lockKeys(email, { email: ['a', 'a', 'b'] })).toHaveLength(2)
  })

  it('the locks of two indexes never meet', async () => {
    const [one] = await lockKeys(email, { email: 'a' })
    expect(await lockKeys({ ...email, name: 'other' }, { email: 'a' })).not.toContain(one)
  })

  it('have short names of letters, digits, - and _', async () => {
    const texts = ['', 'a', '__', 'x'.repeat(90), 'é'.repeat(90), 'x'.repeat(5000), '/..\0']
    for (const text of texts) {
      for (const name of await lockKeys(email, { email: text })) expect(name).toMatch(/^[kh][\w-]{1,175}$/)
    }
  })

  it('are refused for two arrays in one document', async () => {
    await expect(lockKeys(pair, { a: [1], b: [2] })).rejects.toMatchObject({ reason: 'CannotIndexParallelArrays' })
  })
})
