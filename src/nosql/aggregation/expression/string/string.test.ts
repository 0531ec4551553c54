import { describe, expect, it } from 'vitest'
import { aggregation } from '../../index.ts'

const run = (expression: unknown) => aggregation().expression(expression)({})

describe('strings', () => {
  it.each<[unknown, unknown]>([
    [{ $concat: ['a', 'b'] }, 'ab'],
    [{ $concat: ['a', '$nope'] }, null],
    [{ $split: ['a-b-', '-'] }, ['a', 'b', '']],
    [{ $indexOfCP: ['😀x', 'x'] }, 1],
    [{ $indexOfBytes: ['😀x', 'x'] }, 4],
    [{ $indexOfBytes: ['abc', 'c', 0, 2] }, -1],
    [{ $indexOfCP: ['abc', 'bc', 0, 2] }, 1],
    [{ $indexOfCP: ['abc', 'a', 5] }, -1],
    [{ $strLenCP: 'é😀' }, 2],
    [{ $strLenBytes: 'é😀' }, 6],
    [{ $substrCP: ['a😀b', 1, 1] }, '😀'],
    [{ $substrBytes: ['é!', 2, -1] }, '!'],
    [{ $substr: ['abc', 9, 1] }, ''],
    [{ $substrBytes: ['\ufeffa', 0, 4] }, '\ufeffa'],
    [{ $toUpper: 'aéß' }, 'Aéß'],
    [{ $toLower: null }, ''],
    [{ $toLower: 123456.789 }, '123457'],
    [{ $strcasecmp: ['aB', 'Ab'] }, 0],
    [{ $strcasecmp: ['a', 'B'] }, -1],
    [{ $trim: { input: ' \0\u2003x\n' } }, 'x'],
    [{ $ltrim: { input: 'aabca', chars: 'a' } }, 'bca'],
    [{ $rtrim: { input: 'aabca', chars: 'a' } }, 'aabc'],
    [{ $replaceOne: { input: 'aa', find: 'a', replacement: { $literal: '$&' } } }, '$&a'],
    [{ $replaceAll: { input: 'a😀', find: '', replacement: '-' } }, '-a-😀-'],
  ])('%o', (expression, expected) => {
    expect(run(expression)).toEqual(expected)
  })

  it.each<[unknown, string]>([
    [{ $concat: ['a', 1] }, 'Location16702'],
    [{ $split: ['a', ''] }, 'Location40087'],
    [{ $strLenCP: null }, 'Location34471'],
    [{ $substrBytes: ['é', 1, 1] }, 'Location28656'],
    [{ $substrBytes: ['é', 0, 1] }, 'Location28657'],
    [{ $substrBytes: ['a', -1, 1] }, 'Location50752'],
    [{ $substrCP: ['a', 0, 1.5] }, 'Location34453'],
    [{ $toUpper: [[1]] }, 'Location16007'],
    [{ $trim: { input: 1 } }, 'Location50699'],
    [{ $indexOfCP: ['a', 'b', -1] }, 'Location40097'],
    [{ $replaceAll: { input: 1, find: null, replacement: 'x' } }, 'Location10503904'],
  ])('%o is refused', (expression, reason) => {
    expect(() => run(expression)).toThrow(expect.objectContaining({ reason }))
  })
})

describe('regular expressions', () => {
  it.each<[unknown, unknown]>([
    [{ $regexMatch: { input: 'Hello', regex: '^hel', options: 'i' } }, true],
    [{ $regexMatch: { input: null, regex: 'a' } }, false],
    [{ $regexMatch: { input: 'abc', regex: /B/i } }, true],
    [{ $regexFind: { input: '😀abc', regex: '(b)(x)?' } }, { match: 'b', idx: 2, captures: ['b', null] }],
    [{ $regexFind: { input: 'a', regex: 'b' } }, null],
    [{ $regexFind: { input: 'xab', regex: '(?>x)(a)b++' } }, { match: 'xab', idx: 0, captures: ['a'] }],
    [{ $regexFind: { input: 'b', regex: '(a*)?b' } }, { match: 'b', idx: 0, captures: [''] }],
    [{ $regexFind: { input: 'aab', regex: '(a)++(b)' } }, { match: 'aab', idx: 0, captures: ['a', 'b'] }],
    [
      { $regexFindAll: { input: '😀a-a', regex: 'a' } },
      [
        { match: 'a', idx: 1, captures: [] },
        { match: 'a', idx: 3, captures: [] },
      ],
    ],
    [{ $size: { $regexFindAll: { input: 'a😀', regex: '' } } }, 2],
    [{ $regexFindAll: { input: '', regex: '' } }, [{ match: '', idx: 0, captures: [] }]],
    [{ $regexFindAll: { input: '$nope', regex: 'a' } }, []],
  ])('%o', (expression, expected) => {
    expect(run(expression)).toEqual(expected)
  })

  it('refuses captures that PCRE would remember and JavaScript forgets', () => {
    const forgetful = { input: 'ab', regex: '(?:(a)|b)+' }
    expect(() => run({ $regexFind: forgetful })).toThrow(expect.objectContaining({ code: 'LEX_ERR_NOSQL_009' }))
    expect(run({ $regexMatch: forgetful })).toBe(true)
  })

  it.each([
    { $regexMatch: { input: 1, regex: 'a' } },
    { $regexMatch: { input: 'a', regex: 1 } },
    { $regexMatch: { input: 'a', regex: '(' } },
    { $regexMatch: { input: 'a', regex: 'a', options: 'g' } },
    { $regexMatch: { input: null, regex: null, options: 1 } },
  ])('%o is refused', (expression) => {
    expect(() => run(expression)).toThrow(expect.objectContaining({ code: 'LEX_ERR_NOSQL_007' }))
  })
})
