import { describe, expect, it } from 'vitest'
import { BudgetExceededError, NoSQLFilterError } from '../../errors.ts'
import { Meter } from '../meter.ts'
import { patternOf } from './pattern.ts'

const place = { at: 'a' }
const test = (source: string, text: string, options?: string): boolean => patternOf(source, options, place).test(text)

describe('portable regular expressions', () => {
  it('mean what PCRE means', () => {
    const yes: readonly (readonly [string, string, string?])[] = [
      ['abc$', 'abc\n'],
      ['abc\\Z', 'abc\n'],
      ['^S', 'First\r\nSecond', 'm'],
      ['a.b', 'a\u2028b'],
      ['a.b', 'a\nb', 's'],
      ['a b # c', 'ab', 'x'],
      ['[a b]', ' ', 'x'],
      ['(?i)a(?-i)bc', 'Abc'],
      ['(?s:a.b)c', 'a\nbc'],
      ['(?P<w>ab)-(?P=w)', 'ab-ab'],
      ['a++b', 'aaab'],
      ['(?>a|ab)c', 'ac'],
      ['\\Qa.b\\E$', 'a.b'],
      ['^\\Qa.\\E{2}b$', 'a..b'],
      ['^\\Qa.\\E?$', 'a'],
      ['foo\\Kbar', 'foobar'],
      ['(?<=foo)bar', 'foobar'],
      ['^[[:alpha:]_-]+$', 'a_-'],
      ['^\\p{Cyrillic}+$', 'Привет'],
      ['(*UCP)^\\w+$', 'é'],
      ['^[^\\s]\\x41\\x{1F600}$', 'bA\u{1f600}'],
      ['^CAFÉ', 'café', 'i'],
      ['^(a)\\1$', 'aA', 'i'],
      ['x{,2}', 'x{,2}'],
      ['^(?#comment)a{2,3}?$', 'aaa'],
      ['(?>x)(a)\\1$', 'xaa'],
      ['x++(a)b++\\1$', 'xaba'],
      ['(a)++(b)\\2$', 'abb'],
      ['^a\\Rb$', 'a\r\nb'],
      ['^a\\Rb$', 'a\u2028b'],
      ['^\\101$', 'A'],
    ]
    for (const [source, text, options] of yes) expect([source, test(source, text, options)]).toEqual([source, true])
    const no: readonly (readonly [string, string, string?])[] = [
      ['abc\\z', 'abc\n'],
      ['^b', 'a\rb', 'm'],
      ['a.b', 'a\nb'],
      ['(?i)a(?-i)bc', 'ABC'],
      ['(?>a|ab)c', 'abc'],
      ['a++ab', 'aaab'],
      ['^\\d$', '\u0661'],
      ['^\\w$', 'é'],
      ['^\\s$', '\u00a0'],
      ['\\AB', 'ab\nB', 'm'],
      ['^\\R\\n$', '\r\n'],
    ]
    for (const [source, text, options] of no) expect([source, test(source, text, options)]).toEqual([source, false])
  })

  it.each([
    ['(a+)+$'],
    ['(a*)*b'],
    ['(a|a)*b'],
    ['(a|ab)*c'],
    ['(\\w+\\s?)*$'],
    ['(aa?)*b'],
    ['(?:a{1,10}){1,10}$'],
    ['(a|a){30}b'],
    ['((a|a){16}){16}b'],
    [`${'a?'.repeat(30)}${'a'.repeat(30)}`],
    [`${'a{0,9}'.repeat(8)}b`],
    [`${'(?:a|ab)'.repeat(40)}c`],
    [`(?=${'a{0,9}'.repeat(8)}b)`],
    ['(.*)\\1*'],
    ['(?:\\d+\\.)*x'],
  ])('refuses %s, which could take exponential time', (source) => {
    expect(() => patternOf(source, undefined, place)).toThrow(NoSQLFilterError)
  })

  it.each([
    ['^(?:abc)+$'],
    ['(?:foo|bar)*x'],
    ['(\\d{1,3}\\.){3}\\d{1,3}'],
    ['[0-9a-f]{32}'],
    ['^(?:[a-z]|-)+$'],
    ['(a?b)*c'],
  ])('accepts %s, whose loops can go one way only', (source) => {
    expect(patternOf(source, undefined, place).source).toBe(source)
  })

  it.each([
    ['('],
    [')'],
    ['[a'],
    ['a{2,1}'],
    ['*a'],
    ['a**'],
    ['\\'],
    ['(?<n>a)(?<n>b)'],
    ['(?R)'],
    ['(?(1)a|b)'],
    ['\\y'],
    ['a{65536}'],
    ['a{1,1000000000}'],
    ['[z-a]'],
    ['\\p{Nope}'],
    ['[[:Alpha:]]'],
    ['[[:toString:]]'],
    ['[[:constructor:]]'],
    ['[x[:no name:]]'],
    ['[[.a.]]'],
    ['[[=a=]]'],
    ['[:alpha:]'],
    ['a\0'],
    ['(a)?b\\1'],
    ['(?:(a)|b)\\1'],
    ['(?!(a))b\\1'],
    ['(?<n>a)?\\k<n>'],
    ['(a)\\2'],
    ['(?i:(a)\\1)b'],
  ])('refuses %s', (source) => {
    expect(() => patternOf(source, undefined, place)).toThrow(NoSQLFilterError)
  })

  it('have at most 16,384 bytes and shallow groups', () => {
    expect(patternOf('a'.repeat(16_384), undefined, place).test('b')).toBe(false)
    expect(patternOf('é'.repeat(8_192), undefined, place).test('b')).toBe(false)
    expect(() => patternOf('a'.repeat(16_385), undefined, place)).toThrow(/16384/)
    expect(() => patternOf('é'.repeat(8_193), undefined, place)).toThrow(/16384/)
    expect(() => patternOf(`${'('.repeat(500)}${')'.repeat(500)}`, undefined, place)).toThrow(NoSQLFilterError)
  })

  it('are read quickly however long they are', () => {
    const words = Array.from({ length: 2_000 }, (_, index) => `w${index}`).join('|')
    expect(patternOf(`^(?:${words})$`, undefined, place).test('w1999')).toBe(true)
    expect(() => patternOf(`(?:${words})*`, undefined, place)).toThrow(/begin alike/)
  })

  it('refuse only text that would keep them too busy', () => {
    const pattern = patternOf('^.*a.*b.*c.*d$', undefined, place)
    expect(pattern.test('xaxbxcxd')).toBe(true)
    expect(pattern.test('a'.repeat(5000))).toBe(false)
    expect(() => pattern.test('abc'.repeat(2000))).toThrow(BudgetExceededError)
    const bounded = patternOf(`x${'a{0,9}'.repeat(6)}b`, undefined, place)
    expect(bounded.test('xaab')).toBe(true)
    expect(() => bounded.test('xaaaaaaaaa'.repeat(200))).toThrow(BudgetExceededError)
    const long = patternOf(`${'a'.repeat(16_000)}b`, undefined, place)
    expect(() => long.test('a'.repeat(1_000_000))).toThrow(BudgetExceededError)
  })

  it('take time in proportion to the text where a loop at an end only makes the match longer', () => {
    const long = 'a'.repeat(1_000_000)
    for (const source of [
      'a*b',
      '.*b',
      'a*a*a*a*a*a*b',
      '\\w*[a-z]*\\w*[^b]*b',
      'a+b',
      'b.*',
      'b.+.*',
      '(?:ab)*c|a*d',
    ]) {
      expect([source, test(source, long)]).toEqual([source, false])
    }
    expect(test('a*b.*', `${long}b`)).toBe(true)
    expect(test('a+b', 'b')).toBe(false)
    expect(test('a{2,}b', 'ab')).toBe(false)
    expect(test('a{2,}b{2,3}', 'xaaabbbb')).toBe(true)
    expect(test('a*+a', 'aaa')).toBe(false)
  })

  it('pay for what the text makes them do', () => {
    const text = 'The quick brown fox jumps over the lazy dog. '.repeat(250)
    const used = (source: string, options?: string): number => {
      for (let maxSteps = 1000; ; maxSteps *= 2) {
        const meter = new Meter({ maxSteps })
        try {
          patternOf(source, options, place).test(text, meter)
          return maxSteps
        } catch {
          // Twice as much, then.
        }
      }
    }
    for (const source of ['fox.*cat', '\\w+@\\w+\\.com', '(cat|bird)s?\\s+\\w+x', '^the.*cat$', '\\bquick\\s+red\\b']) {
      expect([source, used(source, 'i') < 1_000_000]).toEqual([source, true])
    }
    expect(used('o.*o.*o.*x')).toBeGreaterThan(1_000_000)
  })

  it('answer what people write, for long texts too', () => {
    const long = 'a'.repeat(10_000)
    for (const source of [
      'colou?r',
      'https?://(www\\.)?[^/]+',
      '(\\d{1,3}\\.){3}\\d{1,3}',
      '^(?:(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)(?:\\.(?!$)|$)){4}$',
      '^(?=.*[A-Z])(?=.*\\d).{8,16}$',
      '(a|ab)(c|bcd)(d*)',
      '\\w{1,10}-\\w{1,10}',
    ]) {
      expect([source, test(source, long)]).toEqual([source, false])
    }
  })

  it('look back by a bounded distance only, as PCRE does', () => {
    for (const source of ['(?<=a+)b', '(?<!a*)b', '(?<=(?:ab){2,})c', '(?<=a|b+)c']) {
      expect(() => patternOf(source, undefined, place)).toThrow(/look-behind/)
    }
    expect(test('(?<=ab|c)d', 'abd')).toBe(true)
    expect(test('(?<=a{2})b', 'aab')).toBe(true)
  })

  it('know the literal beginning of their matches', () => {
    expect(patternOf('^ab\\.c[de]', undefined, place).prefix).toBe('ab.c')
    expect(patternOf('^ab?', undefined, place).prefix).toBe('a')
    expect(patternOf('ab', undefined, place).prefix).toBeUndefined()
    expect(patternOf('^ab|c', undefined, place).prefix).toBeUndefined()
    expect(patternOf('^ab', 'i', place).prefix).toBeUndefined()
    expect(patternOf('^ab', 'm', place).prefix).toBeUndefined()
  })
})
