import { describe, expect, it } from 'vitest'
import { toIsoStyle } from './date-style.ts'

describe('toIsoStyle', () => {
  it.each(['2026-02-28', '2026-02-28 23:30:00.123+00', '12026-02-28', '0044-03-15 BC', 'infinity', '-infinity'])(
    'keeps %s',
    (text) => {
      expect(toIsoStyle(text)).toBe(text)
    },
  )

  it.each([
    ['28.02.2026', '2026-02-28'],
    ['28.02.2026 23:30:00', '2026-02-28 23:30:00'],
    ['28.02.2026 23:30:00.123 UTC', '2026-02-28 23:30:00.123+00'],
    ['28.02.2026 23:30:00 +05:30', '2026-02-28 23:30:00+05:30'],
    ['15.03.0044 BC', '0044-03-15 BC'],
    ['Sat 28 Feb 23:30:00 2026', '2026-02-28 23:30:00'],
    ['Sat Feb 28 23:30:00.123 2026 UTC', '2026-02-28 23:30:00.123+00'],
  ])('rewrites %s', (text, iso) => {
    expect(toIsoStyle(text)).toBe(iso)
  })

  it.each(['02/03/2026', '02-03-2026', '28.02.2026 23:30:00 CET', 'Sat Foo 28 23:30:00 2026', ''])(
    'refuses %j, which can be read in two ways',
    (text) => {
      expect(() => toIsoStyle(text)).toThrow(expect.objectContaining({ code: 'LEX_ERR_SQL_026' }))
    },
  )
})
