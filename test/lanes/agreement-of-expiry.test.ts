import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { defineCollection } from '../../src/nosql/contract/define-collection.ts'
import { laneNames, startLane, type DocumentLane } from '../support/document-lanes.ts'

const sessions = defineCollection<{ _id: string; token: string; at: Date; n?: number }>('sessions', {
  indexes: [
    { keys: 'token', unique: true },
    { keys: 'at', expireAfterSeconds: 60 },
  ],
})

describe.each(laneNames)('a unique key and a time to live on %s', (name) => {
  let lane: DocumentLane
  beforeAll(async () => {
    lane = await startLane(name)
  })
  afterAll(() => lane.close())

  it('is held by living documents only', async () => {
    const store = lane.open()
    await store.createCollection(sessions)
    const items = store.collection(sessions)
    const past = new Date(Date.now() - 3_600_000)
    const at = new Date(Date.now() + 3_600_000)
    const taken = { code: 'LEX_ERR_DB_005' }
    const tokens = ['insertOne', 'insertMany', 'updateOne', 'upsert', 'bulkWrite', 'transaction'] as const
    await items.insertMany(tokens.map((token) => ({ _id: `old ${token}`, token, at: past })))
    await items.insertOne({ _id: 'mover', token: 'of its own', at })
    const write = {
      insertOne: (_id: string) => items.insertOne({ _id, token: 'insertOne', at }),
      insertMany: (_id: string) => items.insertMany([{ _id, token: 'insertMany', at }]),
      updateOne: (_id: string) => items.updateOne({ _id: 'mover' }, { $set: { token: 'updateOne' } }),
      upsert: (_id: string) => items.updateOne({ _id }, { $set: { token: 'upsert', at } }, { upsert: true }),
      bulkWrite: (_id: string) =>
        items.bulkWrite([
          { insertOne: { document: { _id, token: 'bulkWrite', at } } },
          { updateOne: { filter: { _id }, update: { $set: { n: 1 } } } },
        ]),
      transaction: (_id: string) =>
        store.transaction(async (tx) => tx.collection(sessions).insertOne({ _id, token: 'transaction', at })),
    }
    for (const token of tokens) await write[token](`new ${token}`)
    await items.insertOne({ _id: 'same id', token: 'before', at: past })
    await store.transaction(async (tx) => {
      await tx.collection(sessions).insertOne({ _id: 'same id', token: 'after', at })
    })
    expect(await items.findOne({ _id: 'same id' })).toMatchObject({ token: 'after' })
    await items.deleteOne({ _id: 'same id' })
    const living = await items.find({}).toArray()
    expect(living.map((found) => found.token).toSorted()).toEqual(tokens.toSorted())
    for (const token of tokens) {
      if (token === 'updateOne') continue
      const error: unknown = await write[token](`late ${token}`).catch((thrown: unknown) => thrown)
      const { errors } = error as { errors?: readonly { readonly error: unknown }[] }
      expect(errors?.[0]?.error ?? error, token).toMatchObject(taken)
    }
    expect(await items.countDocuments({})).toBe(tokens.length)
  })
})
