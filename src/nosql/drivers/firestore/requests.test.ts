import { describe, expect, it } from 'vitest'
import { describeWithFirestore } from '../../../../test/support/firestore-emulator.ts'
import { defineCollection } from '../../contract/define-collection.ts'
import { createDocumentStore, type DocumentStore } from '../../store/document-store.ts'
import { firestore } from './firestore-driver.ts'

interface Item {
  readonly _id: number
  readonly n?: number
  readonly s?: string
  readonly email?: string
}

const plain = defineCollection<Item>('plain', { fields: { n: 'number', s: 'string' } })
const unique = defineCollection<Item>('unique', {
  fields: { email: 'string', s: 'string' },
  indexes: [
    { keys: 'email', unique: true },
    { keys: 's', unique: true },
  ],
})

describeWithFirestore((emulator) => {
  const calls: string[] = []
  const driver = firestore({
    catalogLifetime: 600_000,
    fetch: (url, init) => {
      calls.push(url.slice(url.lastIndexOf(':') + 1))
      return fetch(url, init)
    },
  })
  const open = () => createDocumentStore(driver, { config: { projectId: 'requests', emulatorHost: emulator().host } })

  /** The requests of some work, in their order; indexes are known already. */
  async function requestsOf(work: (store: DocumentStore) => Promise<unknown>): Promise<readonly string[]> {
    await using store = open()
    await store.collection('many').findOne({ _id: -1 })
    for (const spec of [plain, unique]) await store.collection(spec).findOne({ _id: -1 })
    calls.length = 0
    await work(store)
    return [...calls]
  }

  describe('requests', () => {
    it('each operation sends as many as one would by hand', async () => {
      await requestsOf((store) =>
        store.collection(plain).insertMany(Array.from({ length: 1200 }, (_, _id) => ({ _id, n: _id % 600, s: 'x' }))),
      )
      const all = { n: { $gte: 0 } }
      const expected: readonly (readonly [string, (store: DocumentStore) => Promise<unknown>, readonly string[]])[] = [
        ['get by _id', (store) => store.collection(plain).findOne({ _id: 3 }), ['batchGet']],
        [
          'get 100 by _id',
          (store) =>
            store
              .collection(plain)
              .find({ _id: { $in: Array.from({ length: 100 }, (_, id) => id) } })
              .toArray(),
          ['batchGet'],
        ],
        ['insert', (store) => store.collection(plain).insertOne({ _id: 5000, n: 1 }), ['commit']],
        [
          'insert with unique keys',
          (store) => store.collection(unique).insertOne({ _id: 1, email: 'a', s: 'b' }),
          ['commit'],
        ],
        [
          'insert of 600, in no order',
          (store) =>
            store.collection('many').insertMany(
              Array.from({ length: 600 }, (_, n) => ({ n })),
              { ordered: false },
            ),
          ['batchWrite', 'batchWrite'],
        ],
        [
          'insert of 600, in order',
          (store) => store.collection('many').insertMany(Array.from({ length: 600 }, (_, n) => ({ n }))),
          ['commit', 'commit'],
        ],
        [
          // A transform would not answer as MongoDB does: decision 0032.
          'update by _id',
          (store) => store.collection(plain).updateOne({ _id: 3 }, { $inc: { n: 1 } }),
          ['batchGet', 'commit'],
        ],
        ['replace by _id', (store) => store.collection(plain).replaceOne({ _id: 3 }, { n: 3 }), ['batchGet', 'commit']],
        ['delete by _id', (store) => store.collection(plain).deleteOne({ _id: 3 }), ['batchGet', 'commit']],
        [
          'first page',
          (store) =>
            store
              .collection(plain)
              .find(all, { sort: { n: 1 }, limit: 20 })
              .toArray(),
          ['runQuery'],
        ],
        [
          'first page, downwards',
          (store) =>
            store
              .collection(plain)
              .find(all, { sort: { n: -1 }, limit: 20 })
              .toArray(),
          ['runQuery'],
        ],
        [
          'page by cursor',
          async (store) => {
            const first = await store.collection(plain).findPage(all, { sort: { n: 1 }, limit: 20 })
            calls.length = 0
            await store.collection(plain).findPage(all, { sort: { n: 1 }, limit: 20, after: first.next })
          },
          ['runQuery'],
        ],
        ['count', (store) => store.collection(plain).countDocuments(all), ['runAggregationQuery']],
        [
          '40 values of a list',
          (store) =>
            store
              .collection(plain)
              .find({ n: { $in: Array.from({ length: 40 }, (_, n) => n) } })
              .toArray(),
          ['runQuery', 'runQuery'],
        ],
        [
          'update of 600 by an index',
          (store) => store.collection(plain).updateMany({ n: { $lt: 300 } }, { $set: { s: 'y' } }),
          ['runQuery', 'runQuery', 'runQuery', 'batchWrite', 'batchWrite'],
        ],
        [
          'nothing can match',
          (store) =>
            store
              .collection(plain)
              .find({ n: { $in: [] } })
              .toArray(),
          [],
        ],
      ]
      const seen: (readonly [string, readonly string[]])[] = []
      for (const [name, work] of expected) seen.push([name, (await requestsOf(work)).toSorted()])
      expect(seen).toEqual(expected.map(([name, , requests]) => [name, requests.toSorted()]))
    }, 60_000)

    it('a page costs what it returns, wherever it is', async () => {
      await using store = open()
      const explanation = await store.collection(plain).explain({ n: { $gte: 0 } }, { sort: { n: -1 }, limit: 20 })
      expect(explanation).toMatchObject({ scan: false, sort: 'index', residual: [], index: 'automatic' })
    })
  })
})
