import { describe, expect, it } from 'vitest'
import { parseInstant } from './instant.ts'

describe('parseInstant', () => {
  it.each([
    ['a date', '2024-02-29', '2024-02-29T00:00:00.000Z'],
    ['a timestamp', '2024-02-29 12:34:56', '2024-02-29T12:34:56.000Z'],
    ['microseconds', '2024-02-29 12:34:56.123999', '2024-02-29T12:34:56.123Z'],
    ['microseconds before 1970', '1969-12-31 23:59:59.999999+00', '1969-12-31T23:59:59.999Z'],
    ['a tenth of a second', '2024-02-29 12:34:56.5', '2024-02-29T12:34:56.500Z'],
    ['an offset', '2024-02-29 12:34:56+05:30', '2024-02-29T07:04:56.000Z'],
    ['an offset to the west', '2024-02-29 12:34:56-08', '2024-02-29T20:34:56.000Z'],
    ['an offset with seconds', '1900-01-01 00:00:00+00:19:32', '1899-12-31T23:40:28.000Z'],
    ['a year before 100', '0001-01-01 00:00:00+00', '0001-01-01T00:00:00.000Z'],
    ['a year of five digits', '12024-01-01 00:00:00', '+012024-01-01T00:00:00.000Z'],
    ['a year before Christ', '0044-03-15 00:00:00 BC', '-000043-03-15T00:00:00.000Z'],
  ])('reads %s', (_what, text, expected) => {
    expect(parseInstant(text)?.toISOString()).toBe(expected)
  })

  it.each(['infinity', '-infinity', '294276-12-31 00:00:00'])('reads %s as an invalid date', (text) => {
    expect(parseInstant(text)?.getTime()).toBeNaN()
  })

  it.each(['29/02/2024', '2024-02-29T12:34', 'yesterday'])('leaves %s to others', (text) => {
    expect(parseInstant(text)).toBeUndefined()
  })
})
