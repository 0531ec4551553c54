import { describe, expect, it } from 'vitest'
import { retryAfterOf, waitAsked } from './retry-after.ts'

const read = (asked: string, date?: string): number | undefined =>
  retryAfterOf(new Headers({ 'retry-after': asked, ...(date !== undefined && { date }) }))

const noon = 'Sun, 29 Nov 2026 12:00:00 GMT'

describe('the wait that an answer asks for', () => {
  it.each([
    ['0', 0],
    ['120', 120_000],
    [' 3 ', 3000],
    ['1.5', 1500],
    ['99999999999999999999', 1e23],
  ])('is "%s" in seconds', (asked, milliseconds) => {
    expect(read(asked)).toBe(milliseconds)
  })

  it.each([
    ['Sun, 29 Nov 2026 12:00:30 GMT', 30_000],
    ['Sunday, 29-Nov-26 12:00:30 GMT', 30_000],
    ['Sun Nov 29 12:00:30 2026', 30_000],
    ['Sun, 29 Nov 2026 11:59:00 GMT', 0],
  ])('the wait until %s counts from the moment of the answer', (asked, milliseconds) => {
    expect(read(asked, noon)).toBe(milliseconds)
  })

  it('the wait until a moment counts from the own clock where the answer has no moment', () => {
    expect(read(new Date(Date.now() + 60_000).toUTCString())).toBeGreaterThan(50_000)
  })

  it.each([
    '',
    '-5',
    '+5',
    '1e3',
    'soon',
    '5, 10',
    '0x10',
    'NaN',
    '2026-11-29T12:00:00Z',
    'Sun, 99 Nov 2026 12:00:00 GMT',
  ])('is undefined for "%s"', (asked) => {
    expect(read(asked, noon)).toBeUndefined()
  })

  it('is named in whole seconds', () => {
    expect(waitAsked(20)).toEqual({
      hint: 'Try again in 1 second: the service asked for this wait.',
      details: { retryAfter: 20 },
    })
  })

  it('needs no hint when it is over', () => {
    expect(waitAsked(0)).toEqual({ details: { retryAfter: 0 } })
  })
})
