import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { runtimeCiphers, webCipher } from './cursor-cipher.ts'
import { createCursorSealer } from './cursor-sealer.ts'

const secret = 'sixteen bytes ok'
const byRuntime = createCursorSealer(secret, runtimeCiphers())
const byWeb = createCursorSealer(secret, webCipher)

it('the runtime of these tests has a cipher apart from WebCrypto', () => {
  expect(runtimeCiphers()).not.toBe(webCipher)
})

describe.each([
  ['the cipher of the runtime', byRuntime, 'WebCrypto', byWeb],
  ['WebCrypto', byWeb, 'the cipher of the runtime', byRuntime],
])('a cursor sealed by %s', (_, sealer, __, other) => {
  it('opens by the other one', async () => {
    const text = fc.string({ unit: 'binary', maxLength: 300 })
    await fc.assert(
      fc.asyncProperty(text, text, async (position, binding) => {
        expect(await other.open(await sealer.seal(position, binding), binding)).toBe(position)
      }),
      { numRuns: 50 },
    )
  })

  it('does not open once a byte of it has changed', async () => {
    const cursor = await sealer.seal('a position', 'players')
    for (const at of [0, 20, 45, cursor.length - 2]) {
      const changed = cursor.slice(0, at) + (cursor[at] === 'A' ? 'B' : 'A') + cursor.slice(at + 1)
      await expect(sealer.open(changed, 'players')).rejects.toMatchObject({ code: 'LEX_ERR_DOM_001' })
    }
  })

  it('does not open when its end is cut off', async () => {
    const cursor = await sealer.seal('a position', 'players')
    for (const length of [0, 10, 38, 50, cursor.length - 4]) {
      await expect(sealer.open(cursor.slice(0, length), 'players')).rejects.toMatchObject({ code: 'LEX_ERR_DOM_001' })
    }
  })
})
