import { describe, expect, it } from 'vitest'
import { decodeBytes } from './bytes.ts'

describe('decodeBytes', () => {
  it.each([
    ['hexadecimal', '\\x00ff5c78', [0, 255, 0x5c, 0x78]],
    ['nothing in hexadecimal', '\\x', []],
    ['escapes', 'a\\000\\377\\\\x', [0x61, 0, 255, 0x5c, 0x78]],
    ['nothing in escapes', '', []],
    ['octal digits after an escape', '\\0011', [1, 0x31]],
  ])('reads %s', (_what, text, bytes) => {
    expect([...decodeBytes(text)]).toEqual(bytes)
  })

  it.each(['\\9', '\\400', '\\', '\\01'])('refuses %j', (text) => {
    expect(() => decodeBytes(text)).toThrow(SyntaxError)
  })
})
