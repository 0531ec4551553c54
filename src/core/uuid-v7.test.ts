import { describe, expect, it } from 'vitest'
import { uuidV7Generator } from './uuid-v7.ts'

const fixed = (byte: number) => (bytes: Uint8Array<ArrayBuffer>) => bytes.fill(byte)

describe('uuidV7Generator', () => {
  it('places the time, the version, the variant and the random bits', () => {
    expect(uuidV7Generator(() => 0x0123_4567_89ab, fixed(0xff))()).toBe('01234567-89ab-77ff-bfff-ffffffffffff')
    expect(uuidV7Generator(() => 0, fixed(0))()).toBe('00000000-0000-7000-8000-000000000000')
  })

  it('sorts in the order of making, within a millisecond and when the clock goes back', () => {
    let now = 1000
    const next = uuidV7Generator(
      () => now,
      (bytes) => crypto.getRandomValues(bytes),
    )
    const ids = Array.from({ length: 10_000 }, (_, i) => {
      if (i === 9000) now = 500
      return next()
    })
    expect([...ids].sort()).toEqual(ids)
    expect(new Set(ids).size).toBe(ids.length)
  })
})
