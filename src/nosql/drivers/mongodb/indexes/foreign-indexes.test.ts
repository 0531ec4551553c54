import { describe, expect, it } from 'vitest'
import { openRecorded } from '../../../../../test/support/recorded-mongo.ts'

const foreign = [
  ['2dsphere', { key: { at: '2dsphere' } }],
  ['text', { key: { at: 'text' } }],
  ['hidden', { key: { at: 1 }, hidden: true }],
] as const

describe('an index that another program has made', async () => {
  const { store, failNext } = await openRecorded()
  /** A collection of which nothing is known yet. */
  const placesWith = (name: string, index: object) => {
    const firstBatch = [
      { v: 2, name: '_id_', key: { _id: 1 } },
      { v: 2, name: 'other', ...index },
    ]
    const reply = { ok: 1, cursor: { id: 0n, ns: `recorded.${name}`, firstBatch } }
    failNext('listIndexes', { reply }, { reply })
    return store.collection(name)
  }

  it.each(foreign)('is listed with its kind: %s', async (kind, index) => {
    const listed = await placesWith(`listed ${kind}`, index).listIndexes()
    expect(listed).toMatchObject([{ name: '_id_' }, { name: 'other', kind }])
    expect(listed[0]).not.toHaveProperty('kind')
  })

  it.each(foreign)('answers no plain condition: %s', async (kind, index) => {
    expect(await placesWith(`planned ${kind}`, index).explain({ at: 1 })).toMatchObject({ scan: true })
  })

  it('answers conditions when it is like those of this package', async () => {
    const plain = placesWith('planned', { key: { at: 1 } })
    expect(await plain.explain({ at: 1 })).toMatchObject({ scan: false, index: 'other' })
  })
})
