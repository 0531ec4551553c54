import { expect, it } from 'vitest'
import { cutText } from './cut-text.ts'

it('leaves text alone that is short enough', () => {
  expect(cutText('select 1')).toBe('select 1')
  expect(cutText('x'.repeat(2000))).toBe('x'.repeat(2000))
})

it('says how long the text was that it has cut', () => {
  const text = cutText('x'.repeat(10_000_000))
  expect(text).toHaveLength(2000)
  expect(text).toMatch(/^x+… \(cut: 10000000 characters\)$/)
})

it('leaves text alone that it has cut', () => {
  const text = cutText('x'.repeat(5000))
  expect(cutText(text)).toBe(text)
})

it('makes text well-formed, wherever it is cut', () => {
  for (const given of ['\ud800', `a${'😀'.repeat(2000)}`, '😀'.repeat(2000)]) {
    expect(cutText(given).isWellFormed()).toBe(true)
  }
})
