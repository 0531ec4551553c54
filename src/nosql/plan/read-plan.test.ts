import { describe, expect, it } from 'vitest'
import { parseFilter } from '../query/filter/parse-filter.ts'
import { parseSort } from '../query/sort.ts'
import { conjuncts } from './conjuncts.ts'
import { type ReadDecision, type ReadQuestion, readClaims } from './read-plan.ts'

const filter = parseFilter({ a: 1, b: { $gt: 2 } })
const question: ReadQuestion = { filter, sort: parseSort({ a: 1, _id: 1 }), skip: 0, limit: 10 }
const decision: ReadDecision = {
  access: { kind: 'scan', residual: [] },
  native: 'a = 1',
  residual: [],
  sorter: 'native',
  positioned: true,
  limits: true,
  estimatedRequests: 1,
}

describe('what a plan claims', () => {
  it('is the limit only after all that may drop or move documents', () => {
    const limited = (asked: Partial<ReadQuestion>, decided: Partial<ReadDecision>) =>
      readClaims({ ...question, ...asked }, { ...decision, ...decided }).limited
    expect(limited({}, {})).toBe(true)
    expect(limited({}, { residual: conjuncts(filter) })).toBe(false)
    expect(limited({}, { sorter: 'client' })).toBe(false)
    expect(limited({}, { limits: false })).toBe(false)
    expect(limited({ after: [1, 1] }, {})).toBe(true)
    expect(limited({ after: [1, 1] }, { positioned: false })).toBe(false)
    expect(limited({}, { positioned: false })).toBe(true)
  })

  it('is explained', () => {
    expect(readClaims(question, { ...decision, residual: conjuncts(filter), sorter: 'client' }).explain()).toEqual({
      access: 'scan',
      index: null,
      native: 'a = 1',
      residual: ['a eq', 'b gt'],
      sort: 'client',
      scan: true,
      consistency: 'strong',
      estimatedRequests: 1,
      requiredIndexes: [
        [
          ['a', 1],
          ['b', 1],
        ],
      ],
    })
  })

  it('is not a scan where the backend names the index that it uses', () => {
    const access = { kind: 'native', index: 'automatic', scan: false } as const
    expect(readClaims(question, { ...decision, access }).explain()).toMatchObject({
      access: 'index',
      index: 'automatic',
      scan: false,
      requiredIndexes: [],
    })
  })

  it('sends no request where nothing can match', () => {
    expect(
      readClaims(question, { ...decision, access: { kind: 'none', residual: [] } }).explain().estimatedRequests,
    ).toBe(0)
  })
})
