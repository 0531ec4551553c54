import { describe, expect, it } from 'vitest'
import type { Document, Value } from '../../query/value.ts'
import { firestoreCapabilities } from '../../drivers/firestore/capabilities.ts'
import { assertWithinLimits } from './assert-within-limits.ts'

const { limits } = firestoreCapabilities(false)
const nested = (depth: number): Value => (depth === 0 ? 1 : { d: nested(depth - 1) })
const long = (length: number) => 'n'.repeat(length)

const refusals: Readonly<Record<string, readonly [Document, string]>> = {
  'a document that is too large': [{ _id: 1, a: 'x', picture: 'p'.repeat(2 ** 20) }, 'picture'],
  'a value that is too deep': [{ _id: 1, a: [{ b: nested(30) }] }, `a.0.b${'.d'.repeat(16)}`],
  'a name that is kept': [{ _id: 1, a: [{ fine: 1 }, { __x__: 1 }] }, 'a.1.__x__'],
  'an empty name': [{ _id: 1, a: { '': 1 } }, 'a.'],
  'a name that is too long': [{ _id: 1, a: { [long(1501)]: 1 } }, `a.${long(100)}…`],
  'names that are too long together': [
    { _id: 1, a: { [long(750)]: [{ [long(748)]: 1 }] } },
    `a.${long(100)}….0.${long(100)}…`,
  ],
  'a date that is too early': [{ _id: 1, ok: new Date(0), a: { at: [new Date(0), new Date(-1e15)] } }, 'a.at.1'],
}

describe('what a backend cannot hold', () => {
  it.each(Object.entries(refusals))('%s is refused with its path', (_name, [document, path]) => {
    expect(() => assertWithinLimits(document, limits)).toThrow(expect.objectContaining({ path }) as Error)
  })

  it('names that are as long as they may be together are taken', () => {
    expect(() => assertWithinLimits({ _id: 1, a: { [long(750)]: [{ [long(747)]: 1 }] } }, limits)).not.toThrow()
  })

  it('an ObjectId is refused with its path', () => {
    const id = { _bsontype: 'ObjectId', id: new Uint8Array(12), toHexString: () => '0'.repeat(24) } as unknown as Value
    expect(() => assertWithinLimits({ _id: 1, a: [id] }, limits)).toThrow(/'a\.0'/)
  })

  it('arrays in arrays are refused with their path', () => {
    const without = { ...limits, nestedArrays: false }
    expect(() => assertWithinLimits({ _id: 1, a: { b: [1, [2]] } }, without)).toThrow(/'a\.b\.1'/)
  })
})
