import { runInNewContext } from 'node:vm'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseArrayLiteral } from './array-literal.ts'
import { decodeCell } from './decode.ts'
import { DataError } from '../errors.ts'
import { encodeParam } from './encode.ts'

describe('encodeParam', () => {
  it.each([
    ['text', 'text'],
    ['', ''],
    [0, '0'],
    [-0.5, '-0.5'],
    [Number.NaN, 'NaN'],
    [-Infinity, '-Infinity'],
    [9007199254740993n, '9007199254740993'],
    [true, 'true'],
    [null, null],
    [undefined, null],
    [new Date('2026-02-28T23:30:00.123Z'), '2026-02-28T23:30:00.123Z'],
    [new Date(Date.UTC(12_345, 0, 2)), '12345-01-02T00:00:00.000Z'],
    [new Date('-000043-03-15T12:00:00Z'), '0044-03-15T12:00:00.000Z BC'],
    [new Uint8Array([0, 255]), '\\x00ff'],
    [new Uint8Array([1]).buffer, '\\x01'],
    [{ a: [1] }, '{"a":[1]}'],
    [[1, null, 'a"b'], '{"1",NULL,"a\\"b"}'],
    [[[1], [2]], '{{"1"},{"2"}}'],
    [Object('boxed'), 'boxed'],
    [Object(7), '7'],
    [Object(7n), '7'],
    [new DataView(new Uint8Array([1, 2]).buffer, 1), '\\x02'],
    [runInNewContext('new Date(0)'), '1970-01-01T00:00:00.000Z'],
    [runInNewContext('new Uint8Array([1])'), '\\x01'],
    [runInNewContext('[1]'), '{"1"}'],
    [new URL('https://a.example/'), '"https://a.example/"'],
  ])('writes %o as %o', (value, expected) => {
    expect(encodeParam(value)).toBe(expected)
  })

  it.each([[new Date(Number.NaN)], [() => 1], [Symbol('x')]])('refuses %o', (value) => {
    expect(() => encodeParam(value)).toThrow(/parameter/)
  })

  it.each([
    [Promise.resolve(1)],
    [new Map([[1, 2]])],
    [new Set([1])],
    [/x/],
    [new Error('x')],
    [new Float64Array(1)],
    [[new Map()]],
    [{ toJSON: () => undefined }],
  ])('refuses %o, of which JSON would keep nothing', (value) => {
    expect(() => encodeParam(value)).toThrow(/parameter/)
  })

  it.each(['\ud800', 'a\udc00b', '\udc00\ud800', ['x', '\ud800']])('refuses half of a surrogate pair: %j', (value) => {
    expect(() => encodeParam(value)).toThrow(DataError)
  })

  it('writes whole surrogate pairs', () => {
    expect(encodeParam('a😀')).toBe('a😀')
  })

  it('writes what decoding reads back', () => {
    fc.assert(
      fc.property(
        fc.uint8Array(),
        fc.array(fc.option(fc.string({ unit: 'grapheme' }))),
        fc.jsonValue(),
        (bytes, texts, json) => {
          expect(decodeCell(encodeParam(bytes), 17)).toEqual(bytes)
          expect(parseArrayLiteral(encodeParam(texts) ?? '')).toEqual(texts)
          expect(decodeCell(JSON.stringify(json), 3802)).toEqual(JSON.parse(JSON.stringify(json)))
        },
      ),
    )
  })
})
