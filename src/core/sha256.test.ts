import { describe, expect, it } from 'vitest'
import { sha256Hex } from './sha256.ts'

describe('sha256Hex', () => {
  // https://csrc.nist.gov/projects/cryptographic-standards-and-guidelines/example-values
  it.each([
    ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  ])('agrees with the published digest of %j', async (text, digest) => {
    expect(await sha256Hex(text)).toBe(digest)
  })
})
