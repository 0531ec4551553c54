/** The server of DynamoDB's API for tests refuses what DynamoDB refuses, and takes what DynamoDB takes. */

import { describe, expect, it } from 'vitest'
import { refusedExpression } from '../../tools/dynamodb-server/expression-limits.ts'

const list = (count: number, make: (at: number) => string): readonly string[] =>
  Array.from({ length: count }, (_, at) => make(at))
/** An expression of so many bytes with one operator. */
const ofBytes = (bytes: number) => `#a = :${'v'.repeat(bytes - 6)}`
const kinds = [
  'FilterExpression',
  'ConditionExpression',
  'UpdateExpression',
  'KeyConditionExpression',
  'ProjectionExpression',
]

describe.each(kinds)('%s', (kind) => {
  it('an expression of 4 KB is taken', () => {
    expect(refusedExpression({ [kind]: ofBytes(4096) })).toBeUndefined()
  })

  it('an expression of one more byte than 4 KB is refused', () => {
    const refusal = `Invalid ${kind}: Expression size has exceeded the maximum allowed size; expression size: 4097`
    expect(refusedExpression({ [kind]: ofBytes(4097) })).toBe(refusal)
  })

  it('is measured in bytes of UTF-8', () => {
    expect(refusedExpression({ [kind]: `#a = :${'é'.repeat(2046)}` })).toContain('expression size: 4098')
  })

  it.each(['Put', 'Update', 'Delete', 'ConditionCheck'])('is measured in an action %s of a transaction', (action) => {
    const body = (bytes: number) => ({ TransactItems: [{ Put: {} }, { [action]: { [kind]: ofBytes(bytes) } }] })
    expect(refusedExpression(body(4097))).toContain(kind)
    expect(refusedExpression(body(4096))).toBeUndefined()
  })
})

/** Each has 300 operators and functions, and one more with what follows it. */
const full: Readonly<Record<string, readonly [expression: string, more: string]>> = {
  comparisons: [list(150, () => '#a<>:b').join(' OR ') + ' OR #a', '=:b'],
  'comparisons without spaces': [list(150, () => '#a>=:b').join(' OR ') + ' OR #a', '<:b'],
  ranges: [list(100, () => '#a BETWEEN :b AND :c').join(' AND '), ' AND #a>:b'],
  functions: [list(150, (at) => `contains(#a,:${at})`).join(' OR ') + ' OR #b', ' AND #c'],
  lists: [list(150, (at) => `#a IN (:${at})`).join(' OR ') + ' OR #b', ' AND #c'],
  sums: [`SET ${list(150, () => '#a=#a+:b').join(', ')}`, ', #b=:c'],
}

describe('an expression with many operators', () => {
  it.each(Object.entries(full))('an expression of %s is taken with 300', (_name, [expression]) => {
    expect(refusedExpression({ UpdateExpression: expression })).toBeUndefined()
  })

  it.each(Object.entries(full))('an expression of %s is refused with more', (_name, [expression, more]) => {
    expect(refusedExpression({ UpdateExpression: expression + more })).toMatch(
      /too many operators; operator count: 30\d$/,
    )
  })

  it('does not count words that are parts of names', () => {
    const names = list(400, (at) => `#AND${at}`).join(', ')
    expect(refusedExpression({ ProjectionExpression: names })).toBeUndefined()
    expect(refusedExpression({ ProjectionExpression: list(301, () => '#OR').join(', ') })).toBeUndefined()
  })
})

describe('a list of operands', () => {
  const within = (count: number) => `NOT #a IN (${list(count, (at) => `:v${at}`).join(', ')}) AND size(#b) > :n`

  it('a list of 100 operands is taken', () => {
    expect(refusedExpression({ FilterExpression: within(100) })).toBeUndefined()
  })

  it('a list of 101 operands is refused', () => {
    expect(refusedExpression({ FilterExpression: within(101) })).toContain('too many operands; number of operands: 101')
  })
})
