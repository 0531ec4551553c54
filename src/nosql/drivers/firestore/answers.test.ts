import { describe, expect, it } from 'vitest'
import { answerOf } from './answers.ts'
import { FirestoreFailure } from './errors.ts'

const readTime = '2026-01-01T00:00:00Z'
const later = (status: string) => [
  { document: { name: 'd' }, readTime },
  { error: { code: 503, status, message: 'd of ada' } },
]

describe('an answer of Firestore', () => {
  it.each([
    ['runQuery', [{ readTime }]],
    ['runQuery', [{ document: { name: 'd' }, readTime }]],
    ['batchGet', [{ missing: 'd', readTime }]],
    ['runAggregationQuery', [{ result: {}, readTime }]],
    ['commit', { writeResults: [{}], commitTime: readTime }],
    ['batchWrite', { status: [{}], writeResults: [{}] }],
    ['listCollectionIds', {}],
  ] as const)('an answer of Firestore of %s is what was sent', (method, answer) => {
    expect(answerOf(method, { status: 200, text: JSON.stringify(answer) })).toEqual(answer)
  })

  it.each(['runQuery', 'batchGet', 'runAggregationQuery'] as const)(
    'an answer of Firestore of %s fails with an error in its list',
    (method) => {
      const failure = answerOf(method, { status: 200, text: JSON.stringify(later('UNAVAILABLE')) })
      expect(failure).toBeInstanceOf(FirestoreFailure)
      expect(failure).toMatchObject({ status: 'UNAVAILABLE', isRetriable: true })
    },
  )

  it('an answer of Firestore of a list goes by the code of an error that has no name', () => {
    const text = JSON.stringify([{ readTime }, { error: { code: 500 } }, { error: { code: 429 } }])
    expect(answerOf('runQuery', { status: 200, text })).toMatchObject({ status: 'INTERNAL' })
    const other = JSON.stringify([{ readTime }, { error: { code: 429 } }])
    expect(answerOf('runQuery', { status: 200, text: other })).toMatchObject({ status: 'RESOURCE_EXHAUSTED' })
  })

  const others = ['null', '5', '"x"', 'true', '{}', '[]', '[null]', '[5]', '[[]]', '{"document":{}}', '']
  it.each(
    ['runQuery', 'batchGet', 'runAggregationQuery'].flatMap((method) => others.map((text) => [method, text] as const)),
  )('an answer of Firestore of %s is a failure if it is %s', (method, text) => {
    expect(answerOf(method, { status: 200, text })).toMatchObject({ status: 'INTERNAL', notCarriedOut: false })
  })

  it.each(
    ['commit', 'batchWrite', 'listCollectionIds'].flatMap((method) =>
      ['null', '5', '"x"', '[]', '[{}]', '[{"writeResults":[]}]'].map((text) => [method, text] as const),
    ),
  )('an answer of Firestore of %s is a failure if it is %s', (method, text) => {
    expect(answerOf(method, { status: 200, text })).toMatchObject({ status: 'INTERNAL', notCarriedOut: false })
  })

  it.each(['commit', 'batchWrite'])('an answer of Firestore of %s must have the outcomes of the writes', (method) => {
    expect(answerOf(method, { status: 200, text: '{}' })).toMatchObject({ status: 'INTERNAL', notCarriedOut: false })
  })
})
