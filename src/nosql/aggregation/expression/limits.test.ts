import { describe, expect, it } from 'vitest'
import { aggregation } from '../index.ts'

const run = (expression: unknown) => aggregation().expression(expression)({})
const numbers = (count: number) => ({ $range: [0, count] })

function nested(times: number, wrap: (inner: unknown) => unknown, inner: unknown): unknown {
  return times === 0 ? inner : nested(times - 1, wrap, wrap(inner))
}

const overBudget: readonly (readonly [string, unknown])[] = [
  ['a range of two thousand million', { $range: [0, 2147483647] }],
  ['loops in loops', { $map: { input: numbers(100_000), in: { $map: { input: numbers(100_000), in: 1 } } } }],
  ['searches in loops', { $map: { input: { $range: [-100_000, 0] }, in: { $in: ['$$this', numbers(200_000)] } } }],
  [
    'dates in loops',
    { $map: { input: numbers(1_000_000), in: { $hour: { date: '$$NOW', timezone: 'Europe/Paris' } } } },
  ],
  [
    'patterns in loops',
    { $map: { input: numbers(1_000_000), in: { $regexMatch: { input: 'a', regex: { $toString: '$$this' } } } } },
  ],
  [
    'a string that doubles',
    { $reduce: { input: numbers(99), initialValue: 'x', in: { $concat: ['$$value', '$$value'] } } },
  ],
  [
    'an array that doubles',
    { $reduce: { input: numbers(99), initialValue: [1], in: { $concatArrays: ['$$value', '$$value'] } } },
  ],
  ['a shared part that doubles', { $reduce: { input: numbers(99), initialValue: 1, in: ['$$value', '$$value'] } }],
  ['a value that gets deeper', { $reduce: { input: numbers(999), initialValue: 1, in: ['$$value'] } }],
  [
    'variables that double',
    {
      $let: {
        vars: { a: 1 },
        in: nested(60, (inner) => ({ $let: { vars: { a: ['$$a', '$$a'] }, in: inner } }), '$$a'),
      },
    },
  ],
  [
    'replacements that multiply',
    { $strLenCP: nested(12, (input) => ({ $replaceAll: { input, find: 'a', replacement: 'a'.repeat(16) } }), 'a') },
  ],
]

describe('hostile expressions', () => {
  it.each(overBudget)('ends %s with BudgetExceededError', (_, expression) => {
    expect(() => run(expression)).toThrow(expect.objectContaining({ code: 'LEX_ERR_NOSQL_010' }))
  })

  it('refuses nesting that would exhaust the stack', () => {
    const deep = (times: number) => {
      let expression: unknown = 1
      for (let level = 0; level < times; level++) expression = { $abs: expression }
      return expression
    }
    expect(run(deep(150))).toBe(1)
    expect(() => run(deep(50_000))).toThrow(expect.objectContaining({ reason: 'Overflow' }))
  })

  it('refuses regular expressions that backtrack without end', () => {
    expect(() => run({ $regexMatch: { input: 'aaaa', regex: '(a+)+$' } })).toThrow(
      expect.objectContaining({ code: 'LEX_ERR_NOSQL_007' }),
    )
  })

  it('reads a date by a format in one pass', () => {
    const hostile = { $dateFromString: { dateString: `${'1'.repeat(60)}x`, format: '%d'.repeat(40), onError: 'no' } }
    expect(run(hostile)).toBe('no')
  })

  it('has a separate budget for every document', () => {
    const evaluate = aggregation().expression({ $size: { $map: { input: numbers(1_000_000), in: 1 } } })
    for (let round = 0; round < 5; round++) expect(evaluate({})).toBe(1_000_000)
  })
})
