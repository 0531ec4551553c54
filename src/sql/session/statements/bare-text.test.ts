import { describe, expect, it } from 'vitest'
import { bareText } from './bare-text.ts'

describe('bareText', () => {
  it.each([
    [`select 'a''b' from t`, 'select   from t'],
    [`select E'a\\'b' x`, 'select   x'],
    ['select "a ""b""" x', 'select q_ x'],
    ['a -- commit\nb', 'a  \nb'],
    ['a /* x /* y */ z */ b', 'a   b'],
    ['a /* open', 'a  '],
    ['a $$ commit $$ b', 'a   b'],
    ['a $x$ $$ $x$ b', 'a   b'],
    ['a $1 b', 'a $1 b'],
  ])('takes what is quoted out of %j', (text, bare) => {
    expect(bareText(text)).toBe(bare)
  })
})
