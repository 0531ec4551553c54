import { describe, expect, it } from 'vitest'
import { DocumentValidationError } from '../errors.ts'
import { toStorable } from './storable.ts'

describe('toStorable', () => {
  it('copies, drops undefined fields and turns -0 into 0', () => {
    const at = new Date(0)
    const bytes = new Uint8Array([1])
    const stored = toStorable({ at, bytes, n: -0, gone: undefined, list: [{ x: 1 }] })
    expect(stored).toStrictEqual({ at, bytes, n: 0, list: [{ x: 1 }] })
    expect(stored['at']).not.toBe(at)
    bytes[0] = 9
    expect(stored['bytes']).toEqual(new Uint8Array([1]))
  })

  it('takes names that only look dangerous', () => {
    expect(toStorable({ constructor: 1, toString: 2 })).toEqual({ constructor: 1, toString: 2 })
    const named = { 'a.b': 1, $c: 2, d: { $set: { '.': 3 } } }
    expect(toStorable(named)).toEqual(named)
  })

  it.each<readonly [string, unknown]>([
    ['BadValue', null],
    ['BadValue', []],
    ['BadValue', new Date()],
    ['BadValue', { a: Number.NaN }],
    ['BadValue', { a: [Number.NEGATIVE_INFINITY] }],
    ['BadValue', { a: -(2n ** 63n) - 1n }],
    ['BadValue', { a: new Date(Number.NaN) }],
    ['BadValue', { a: [undefined] }],
    ['BadValue', { a: () => 1 }],
    ['BadValue', { a: Symbol('x') }],
    ['BadValue', { a: /x/ }],
    ['BadValue', { a: new Map() }],
    ['BadValue', { a: new Uint16Array(1) }],
    ['BadValue', JSON.parse('{"__proto__":1}')],
    ['EmptyFieldName', { a: { '': 1 } }],
    ['BadValue', { 'a\0b': 1 }],
  ])('refuses with %s: %o', (reason, document) => {
    expect(() => toStorable(document)).toThrow(DocumentValidationError)
    expect(() => toStorable(document)).toThrow(expect.objectContaining({ reason }))
  })

  it('refuses reserved names at the top', () => {
    const reserved = new Set(['_rev'])
    expect(() => toStorable({ _rev: 1 }, { reserved })).toThrow(/the store reserves it/)
    expect(toStorable({ a: { _rev: 1 } }, { reserved })).toEqual({ a: { _rev: 1 } })
  })

  it('refuses a document that nests too deep or without end', () => {
    const nested = (depth: number): unknown => (depth === 1 ? {} : { a: nested(depth - 1) })
    expect(() => toStorable(nested(32))).not.toThrow()
    expect(() => toStorable(nested(33))).toThrow(expect.objectContaining({ reason: 'Overflow' }))
    const cyclic: Record<string, unknown> = {}
    cyclic['self'] = [cyclic]
    expect(() => toStorable(cyclic)).toThrow(DocumentValidationError)
  })
})
