import { expect, it } from 'vitest'
import { withoutValues } from './issue-text.ts'

it.each([
  ['Invalid type: Expected number but received "s3cret"', [], 'Invalid type: Expected number'],
  ['must be a number (was a string)', [], 'must be a number'],
  ['must be "a" or "b" (was "s3cret")', [], 'must be "a" or "b"'],
  ['Invalid input: expected number, received NaN', [], 'Invalid input: expected number'],
  ['s3cret is taken', ['s3cret'], '[value] is taken'],
  ['at most 50, not 5', ['5'], 'at most 50, not [value]'],
  ['got through: "a\\"b"', ['a"b'], 'got through: "[value]"'],
  ['abcd and abcdef', ['abcd', 'abcdef'], '[value] and [value]'],
  ['plain', [''], 'plain'],
])('%j with %j says %j', (message, values, expected) => {
  expect(withoutValues(message, values)).toBe(expected)
})
