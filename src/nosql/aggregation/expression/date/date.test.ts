import { describe, expect, it } from 'vitest'
import { aggregation } from '../../index.ts'

const run = (expression: unknown) => aggregation().expression(expression)({})
const at = (text: string) => new Date(text)
const noon = at('2024-06-15T12:34:56.789Z')
const newYork = 'America/New_York'

describe('parts of dates', () => {
  it.each<[unknown, unknown]>([
    [{ $year: noon }, 2024],
    [{ $month: [noon] }, 6],
    [{ $hour: { date: noon, timezone: newYork } }, 8],
    [{ $hour: { date: noon, timezone: '-0530' } }, 7],
    [{ $dayOfMonth: { date: at('2024-06-15T23:00Z'), timezone: '+02' } }, 16],
    [{ $dayOfWeek: noon }, 7],
    [{ $isoDayOfWeek: at('2024-06-16') }, 7],
    [{ $dayOfYear: at('2024-12-31') }, 366],
    [{ $week: at('2023-01-01') }, 1],
    [{ $week: at('2022-01-01') }, 0],
    [{ $isoWeek: at('2021-01-03') }, 53],
    [{ $isoWeekYear: at('2021-01-03') }, 2020n],
    [{ $millisecond: noon }, 789],
    [{ $year: { date: null } }, null],
    [{ $year: { date: noon, timezone: null } }, null],
    [
      { $dateToParts: { date: noon, timezone: 'UTC' } },
      { year: 2024, month: 6, day: 15, hour: 12, minute: 34, second: 56, millisecond: 789 },
    ],
    [{ $getField: { field: 'isoWeekYear', input: { $dateToParts: { date: at('2021-01-03'), iso8601: true } } } }, 2020],
    [{ $dateFromParts: { year: 2024, month: 14, day: 0 } }, at('2025-01-31')],
    [{ $dateFromParts: { year: 2024, month: 6, hour: 8, timezone: newYork } }, at('2024-06-01T12:00Z')],
    [{ $dateFromParts: { isoWeekYear: 2020, isoWeek: 53, isoDayOfWeek: 7 } }, at('2021-01-03')],
  ])('%o', (expression, expected) => {
    expect(run(expression)).toEqual(expected)
  })
})

describe('moving and measuring', () => {
  it.each<[unknown, unknown]>([
    [{ $dateAdd: { startDate: at('2024-01-31'), unit: 'month', amount: 1 } }, at('2024-02-29')],
    [{ $dateSubtract: { startDate: at('2024-02-29'), unit: 'year', amount: 1 } }, at('2023-02-28')],
    [
      { $dateAdd: { startDate: at('2024-03-09T12:00Z'), unit: 'day', amount: 1, timezone: newYork } },
      at('2024-03-10T11:00Z'),
    ],
    [
      { $dateAdd: { startDate: at('2024-03-09T07:30Z'), unit: 'day', amount: 1, timezone: newYork } },
      at('2024-03-10T07:30Z'),
    ],
    [
      { $dateAdd: { startDate: at('2024-03-09T12:00Z'), unit: 'hour', amount: 24, timezone: newYork } },
      at('2024-03-10T12:00Z'),
    ],
    [{ $dateDiff: { startDate: at('2023-12-31T23:59Z'), endDate: at('2024-01-01'), unit: 'year' } }, 1n],
    [{ $dateDiff: { startDate: at('2024-06-15'), endDate: at('2024-06-17'), unit: 'week', startOfWeek: 'mon' } }, 1n],
    [
      {
        $dateDiff: {
          startDate: at('2024-03-10T06:00Z'),
          endDate: at('2024-03-10T08:00Z'),
          unit: 'hour',
          timezone: newYork,
        },
      },
      2n,
    ],
    [{ $dateDiff: { startDate: at('2024-01-02'), endDate: at('2024-01-01'), unit: 'millisecond' } }, -86_400_000n],
    [{ $dateTrunc: { date: noon, unit: 'month' } }, at('2024-06-01')],
    [{ $dateTrunc: { date: noon, unit: 'day', timezone: newYork } }, at('2024-06-15T04:00Z')],
    [{ $dateTrunc: { date: noon, unit: 'hour', binSize: 2, timezone: newYork } }, at('2024-06-15T11:00Z')],
    [{ $dateTrunc: { date: noon, unit: 'day', startOfWeek: null } }, at('2024-06-15')],
    [{ $dateTrunc: { date: '$$ROOT.noon', unit: 'day', startOfWeek: null } }, null],
    [{ $dateAdd: { startDate: '$$ROOT.noon', unit: null, amount: 'x' } }, null],
    [{ $dateFromParts: { year: 2024, second: 86_400, day: -32_768 } }, at('1934-04-15')],
    [{ $dateFromParts: { year: 0, month: null } }, null],
    [{ $year: { date: null, timezone: 'nowhere' } }, null],
    [{ $dateToString: { date: noon, timezone: '-00:00' } }, '2024-06-15T12:34:56.789Z'],
    [{ $dateToString: { date: noon, timezone: 'GMT' } }, '2024-06-15T12:34:56.789'],
    [{ $dateToString: { date: at('1850-01-01'), timezone: newYork, format: '%z %Z' } }, '-0456 -296'],
    [{ $dateTrunc: { date: noon, unit: 'minute', binSize: 15 } }, at('2024-06-15T12:30Z')],
    [{ $dateTrunc: { date: noon, unit: 'week', startOfWeek: 'Monday' } }, at('2024-06-10')],
    [{ $dateTrunc: { date: at('1999-12-31'), unit: 'year', binSize: 10 } }, at('1990-01-01')],
    [{ $dateAdd: { startDate: '$nope', unit: 'day', amount: 1 } }, null],
  ])('%o', (expression, expected) => {
    expect(run(expression)).toEqual(expected)
  })
})

describe('dates and texts', () => {
  it.each<[unknown, unknown]>([
    [{ $dateToString: { date: noon } }, '2024-06-15T12:34:56.789Z'],
    [{ $dateToString: { date: noon, timezone: newYork } }, '2024-06-15T08:34:56.789'],
    [{ $dateToString: { date: noon, format: '%d %b %B %j %u %w %U %V %G %%' } }, '15 Jun June 167 6 7 23 24 2024 %'],
    [{ $dateToString: { date: noon, format: '%z %Z', timezone: '-03:30' } }, '-0330 -210'],
    [{ $dateToString: { date: null, onNull: 'none' } }, 'none'],
    [{ $dateFromString: { dateString: '2024-06-15' } }, at('2024-06-15')],
    [{ $dateFromString: { dateString: '2024-06-15T08:00', timezone: newYork } }, at('2024-06-15T12:00Z')],
    [{ $dateFromString: { dateString: 'WED jan 31 12:05:28 +03:30 1996' } }, at('1996-01-31T08:35:28Z')],
    [{ $dateFromString: { dateString: 'July 4th, 1976 3:05 pm' } }, at('1976-07-04T15:05Z')],
    [{ $dateFromString: { dateString: 'Mon, 02 Jan 2006 15:04:05 GMT' } }, at('2006-01-02T15:04:05Z')],
    [{ $dateFromString: { dateString: '15/06/2024', format: '%d/%m/%Y' } }, at('2024-06-15')],
    [{ $dateFromString: { dateString: '2024-W24', format: '%G-W%V' } }, at('2024-06-10')],
    [{ $dateFromString: { dateString: '3 June 2024', format: '%d %B %Y' } }, at('2024-06-03')],
    [{ $dateFromString: { dateString: 'soon', onError: 'bad' } }, 'bad'],
    [{ $dateFromString: { dateString: '2024-06-15T12:00+05:00', timezone: '+00:00' } }, at('2024-06-15T07:00Z')],
    [{ $dateFromString: { dateString: '2024-06-15T12:00Z', timezone: newYork, onError: 'two zones' } }, 'two zones'],
    [{ $dateFromString: { dateString: '2024-06 ', timezone: newYork } }, at('2024-06-01T04:00Z')],
    [{ $dateFromString: { dateString: 'Mon 2024-06-15 10:00 EST' } }, at('2024-06-17T15:00Z')],
    [{ $dateFromString: { dateString: 'Jun 15 12:30:45 2024' } }, at('2024-06-15T12:30:45Z')],
    [{ $dateFromString: { dateString: '20240615T123045Z' } }, at('2024-06-15T12:30:45Z')],
    [{ $dateFromString: { dateString: '15/Jun/2024:12:30:45 -0700' } }, at('2024-06-15T19:30:45Z')],
    [{ $dateFromString: { dateString: '6/15/24 3.30 pm' } }, at('2024-06-15T15:30Z')],
    [{ $dateFromString: { dateString: '2024-6-5 5', format: '%Y-%m-%d %L' } }, at('2024-06-05T00:00:00.500Z')],
    [{ $dateFromString: { dateString: '24 sep', format: '%Y %B', onError: 'no day' } }, 'no day'],
    [{ $dateFromString: { dateString: 'September 24 2024', format: '%b %d %Y' } }, at('2024-09-24')],
    [{ $dateFromString: { dateString: '2024', format: '%G' } }, at('2024-01-01')],
    [{ $dateFromString: { dateString: '2024-06-15 -90', format: '%Y-%m-%d %Z' } }, at('2024-06-15T01:30Z')],
    [{ $dateFromString: { dateString: '2024-06-15 EDT', format: '%Y-%m-%d %z' } }, at('2024-06-15T04:00Z')],
    [{ $dateFromString: { dateString: null, onNull: 'none' } }, 'none'],
  ])('%o', (expression, expected) => {
    expect(run(expression)).toEqual(expected)
  })

  it.each<[unknown, string]>([
    [{ $year: 'x' }, 'Location16006'],
    [{ $year: { date: noon, timezone: 'america/new_york' } }, 'Location40485'],
    [{ $year: { date: noon, timezone: 1 } }, 'Location40517'],
    [{ $year: { date: noon, zone: 'UTC' } }, 'FailedToParse'],
    [{ $dateAdd: { startDate: noon, unit: 'fortnight', amount: 1 } }, 'FailedToParse'],
    [{ $dateAdd: { startDate: noon, unit: 'day', amount: 1.5 } }, 'Location5166405'],
    [{ $dateAdd: { startDate: noon, unit: 'year', amount: 999999 } }, 'Overflow'],
    [{ $dateTrunc: { date: noon, unit: 'day', binSize: 0 } }, 'Location5439018'],
    [{ $dateFromParts: { year: 10000 } }, 'Location40523'],
    [{ $dateToString: { date: noon, format: '%Q' } }, 'Location18536'],
    [{ $dateToString: { date: noon, format: 'x%' } }, 'Location18535'],
    [{ $dateFromString: { dateString: '2023-02-29' } }, 'ConversionFailure'],
    [{ $dateFromString: { dateString: '2024-06-15T24:00:00' } }, 'ConversionFailure'],
    [{ $dateFromString: { dateString: '2024-06-15\r12:00' } }, 'ConversionFailure'],
    [{ $dateFromString: { dateString: '2024-06-15T12:00 UTC', timezone: 'Europe/Paris' } }, 'ConversionFailure'],
    [{ $dateFromString: { dateString: '2024-06-15T12:00Z UTC' } }, 'ConversionFailure'],
    [{ $dateFromString: { dateString: '167 2024', format: '%j %Y' } }, 'ConversionFailure'],
    [{ $dateFromString: { dateString: '2024-06 W24', format: '%Y-%m W%V' } }, 'ConversionFailure'],
    [{ $dateFromString: { dateString: '2024-06-15 12:3', format: '%Y-%m-%d %H:%M' } }, 'ConversionFailure'],
    [{ $dateFromString: { dateString: 5, timezone: null } }, 'ConversionFailure'],
    [{ $year: { date: 'x', timezone: null } }, 'Location16006'],
    [{ $year: { date: noon, timezone: 'Z' } }, 'Location40485'],
    [{ $dateFromParts: { year: null, hour: 'x' } }, 'Location40515'],
    [{ $year: { date: '$nope', timezone: 'nowhere' } }, 'Location40485'],
    [{ $dateTrunc: { date: '$nope', unit: 'day', startOfWeek: 'x' } }, 'Location5439016'],
    [{ $dateSubtract: { startDate: '$nope', unit: 'x', amount: 1 } }, 'FailedToParse'],
    [{ $dateDiff: { startDate: noon, endDate: noon, unit: 'x', timezone: null } }, 'FailedToParse'],
    [{ $dateFromString: { dateString: '12:00' } }, 'ConversionFailure'],
    [{ $dateFromString: { dateString: '2024-06-15 2024-06-16' } }, 'ConversionFailure'],
  ])('%o is refused', (expression, reason) => {
    expect(() => run(expression)).toThrow(expect.objectContaining({ reason }))
  })
})
