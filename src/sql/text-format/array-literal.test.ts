import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatArrayLiteral, parseArrayLiteral } from './array-literal.ts'

describe('parseArrayLiteral', () => {
  it.each([
    ['{}', []],
    ['{1,2,NULL}', ['1', '2', null]],
    ['{"NULL","a,b","q\\"\\\\"}', ['NULL', 'a,b', 'q"\\']],
    [
      '{{1,2},{3,4}}',
      [
        ['1', '2'],
        ['3', '4'],
      ],
    ],
    ['[0:1]={a,b}', ['a', 'b']],
    [' { a , "b" } ', ['a', 'b']],
    ['{{}}', [[]]],
  ])('reads %s', (text, expected) => {
    expect(parseArrayLiteral(text)).toEqual(expected)
  })

  it.each(['', '1', '{', '{1', '{"a}', '{1}x', '{1}}'])('refuses %j', (text) => {
    expect(() => parseArrayLiteral(text)).toThrow(SyntaxError)
  })

  it('reads back whatever formatArrayLiteral wrote', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.string()), { minLength: 0 }), (elements) => {
        expect(parseArrayLiteral(formatArrayLiteral(elements))).toEqual(elements)
      }),
    )
  })
})
