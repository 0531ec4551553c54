import { describe, expect, it } from 'vitest'
import { chooseDriver } from './choose-driver.ts'
import { pglite } from '../drivers/pglite/index.ts'

describe('a URL that no listed driver takes', () => {
  it.each([
    ['postgresql://user:secret@host/database', "import { neon } from 'lexigram-edge/sql/neon'"],
    [
      'postgresql://user:secret@0123.hyperdrive.local:5432/database',
      "import { postgres } from 'lexigram-edge/sql/postgres'",
    ],
    ['mysql://user:secret@host/database', 'Use postgresql:// with neon()'],
  ])('%s is refused with what to do about it', (url, hint) => {
    expect(() => chooseDriver([pglite()], url)).toThrow(
      expect.objectContaining({
        message: expect.not.stringContaining('secret'),
        hint: expect.stringContaining(hint),
      }),
    )
  })

  it('is not looked for among what is not a driver', () => {
    for (const wrong of [pglite, undefined, {}]) {
      expect(() => chooseDriver([wrong as never], 'pglite:memory')).toThrow(
        expect.objectContaining({ code: 'LEX_ERR_USE_001', hint: expect.stringContaining('Call it') }),
      )
    }
  })

  it('names the import of an embedded driver', () => {
    expect(() => chooseDriver([], 'pglite:memory')).toThrow(
      expect.objectContaining({ hint: expect.stringContaining("'lexigram-edge/sql/pglite'") }),
    )
  })

  it('invents no import for a driver with a name that this package does not publish', () => {
    expect(() => chooseDriver([pglite()], 'pglite:memory', 'mine')).toThrow(
      expect.objectContaining({ hint: expect.not.stringContaining('sql/mine') }),
    )
  })
})
