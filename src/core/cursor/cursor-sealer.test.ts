import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createCursorSealer, type CursorSealer } from './cursor-sealer.ts'

const secret = 'sixteen bytes ok'

const refusal = (work: Promise<unknown>) =>
  work.then(
    (value) => value,
    (error: { code?: string; status?: number }) => [error.code, error.status],
  )
const badRequest = ['LEX_ERR_DOM_001', 400]

describe('a cursor', () => {
  const sealer = createCursorSealer(secret)

  it('holds any position', async () => {
    const text = fc.string({ unit: 'binary', maxLength: 300 })
    await fc.assert(
      fc.asyncProperty(text, text, async (position, binding) => {
        expect(await sealer.open(await sealer.seal(position, binding), binding)).toBe(position)
      }),
      { numRuns: 50 },
    )
  }, 60_000)

  it('is in letters that a URL takes as they are', async () => {
    expect(await sealer.seal('["ü", null]', 'players')).toMatch(/^[\w-]+$/)
  })

  it('hides what it holds', async () => {
    const cursor = await sealer.seal('salary of Ada', 'players')
    expect(atob(cursor.replaceAll('-', '+').replaceAll('_', '/'))).not.toContain('Ada')
  })

  it('is another text each time', async () => {
    expect(await sealer.seal('a', 'players')).not.toBe(await sealer.seal('a', 'players'))
  })

  it('opens in every instance that has the secret', async () => {
    const cursor = await sealer.seal('a', 'players')
    expect(await createCursorSealer(secret).open(cursor, 'players')).toBe('a')
  })

  it('does not open with another secret', async () => {
    const cursor = await sealer.seal('a', 'players')
    expect(await refusal(createCursorSealer(`${secret}!`).open(cursor, 'players'))).toEqual(badRequest)
  })

  it('does not open for another binding', async () => {
    expect(await refusal(sealer.open(await sealer.seal('a', 'players'), 'teams'))).toEqual(badRequest)
  })

  it('a cursor without a secret opens where it was made', async () => {
    const own = createCursorSealer()
    expect(await own.open(await own.seal('a', ''), '')).toBe('a')
  })

  it('a cursor without a secret opens nowhere else', async () => {
    const cursor = await createCursorSealer().seal('a', '')
    expect(await refusal(createCursorSealer().open(cursor, ''))).toEqual(badRequest)
  })

  it('is refused with any one character changed', async () => {
    const cursor = await sealer.seal('["abc", 5]', 'players')
    for (let i = 0; i < cursor.length; i++) {
      const changed = cursor.slice(0, i) + (cursor[i] === 'A' ? 'B' : 'A') + cursor.slice(i + 1)
      expect(await refusal(sealer.open(changed, 'players'))).toEqual(badRequest)
    }
  }, 60_000)

  it('is refused when it was shortened or lengthened', async () => {
    const cursor = await sealer.seal('a', 'players')
    for (const changed of [cursor.slice(1), cursor.slice(0, -1), `${cursor}A`, `${cursor}=`, ` ${cursor}`]) {
      expect(await refusal(sealer.open(changed, 'players'))).toEqual(badRequest)
    }
  })

  it.each<readonly [string, unknown]>([
    ['a number', 5],
    ['an empty text', ''],
    ['a short text', 'x'],
    ['not base64url', '!!!'],
    ['a NUL character', '\u0000'],
    ['null', null],
    ['undefined', undefined],
    ['a boolean', true],
    ['an array', ['x']],
    ['an object', {}],
    ['an object like a text', { toString: () => 'x', length: 1 }],
    ['a symbol', Symbol('x')],
    ['a bigint', 10n],
    ['a function', () => 'x'],
    ['an open position', btoa('["id asc", 1]')],
  ])('is refused with a bad request where it is %s', async (_what, value) => {
    expect(await refusal(sealer.open(value, 'players'))).toEqual(badRequest)
  })

  it('a cursor that is too long is refused before it is read', async () => {
    const huge = 'A'.repeat(200_000_000)
    const start = performance.now()
    expect(await refusal(sealer.open(huge, 'players'))).toEqual(badRequest)
    expect(performance.now() - start).toBeLessThan(100)
  })

  it('a cursor of the longest position opens', async () => {
    const longest = 'ü'.repeat(6_000)
    expect(await sealer.open(await sealer.seal(longest, ''), '')).toBe(longest)
  })

  it('is refused for a position that is longer', async () => {
    await expect(sealer.seal('ü'.repeat(6_001), '')).rejects.toThrow(
      expect.objectContaining({
        code: 'LEX_ERR_USE_001',
        message: 'a page cursor cannot hold a position of 12002 bytes: at most 12000',
      }),
    )
  })
})

describe('a secret of cursors', () => {
  it.each(['', 'short', 'fifteen bytes x', 5, null, {}])('is refused when it is %j', (given) => {
    expect(() => Reflect.apply(createCursorSealer, undefined, [given]) as CursorSealer).toThrow(
      expect.objectContaining({
        code: 'LEX_ERR_USE_001',
        message: 'cursorSecret must be text of at least 16 bytes',
      }),
    )
  })

  it('is measured in bytes', () => {
    expect(() => createCursorSealer('ü'.repeat(8))).not.toThrow()
  })
})
