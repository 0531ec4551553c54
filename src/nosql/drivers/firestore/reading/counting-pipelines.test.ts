import { describe, expect, it } from 'vitest'
import { describeWithFirestore } from '../../../../../test/support/firestore-emulator.ts'
import { aggregation } from '../../../aggregation/engine.ts'
import { defineCollection } from '../../../contract/define-collection.ts'
import type { Document } from '../../../query/value.ts'
import { createDocumentStore } from '../../../store/document-store.ts'
import { memory } from '../../memory/memory-driver.ts'
import { firestore } from '../firestore-driver.ts'

const items = defineCollection<Document>('items', { fields: { n: 'number' } })
const documents = Array.from({ length: 50 }, (_, n): Document => ({ _id: n, n, big: BigInt(n), half: n / 2 }))
const pipelines: readonly (readonly [Document[], native: boolean])[] = [
  [[{ $count: 'total' }], true],
  [[{ $match: { n: { $gte: 10 } } }, { $match: { n: { $lt: 30 } } }, { $count: 'total' }], true],
  [[{ $group: { _id: null, total: { $sum: 1 }, again: { $count: {} } } }], true],
  [[{ $match: { n: -1 } }, { $group: { _id: 7, total: { $sum: 1 } } }], true],
  [[{ $match: { n: -1 } }, { $count: 'total' }], true],
  [[{ $match: { n: { $ne: 3 } } }, { $count: 'total' }], false],
  [[{ $group: { _id: '$n', total: { $sum: 1 } } }, { $sort: { _id: 1 } }], false],
  [[{ $group: { _id: null, total: { $sum: '$n' }, mean: { $avg: '$half' } } }], false],
  [[{ $group: { _id: null, total: { $sum: '$big' } } }], false],
  [[{ $limit: 3 }, { $count: 'total' }], false],
]

describeWithFirestore((emulator) => {
  describe('pipelines', () => {
    it('answer as the engine does, those that only count in one request', async () => {
      const calls: string[] = []
      const driver = firestore({
        catalogLifetime: 600_000,
        aggregation: aggregation(),
        fetch: (url, init) => {
          calls.push(url.slice(url.lastIndexOf(':') + 1))
          return fetch(url, init)
        },
      })
      const config = { projectId: 'pipelines', emulatorHost: emulator().host }
      await using store = createDocumentStore(driver, { config, scans: 'allow' })
      await using reference = createDocumentStore(memory({ aggregation: aggregation() }), { scans: 'allow' })
      for (const each of [store, reference]) await each.collection(items).insertMany(documents)
      for (const [pipeline, native] of pipelines) {
        calls.length = 0
        const found = await store.collection(items).aggregate(pipeline).toArray()
        expect(found).toEqual(await reference.collection(items).aggregate(pipeline).toArray())
        expect(calls).toEqual([native ? 'runAggregationQuery' : 'runQuery'])
      }
    })

    it('pipelines that only count go no further than a budget of documents', async () => {
      const bodies: string[] = []
      const driver = firestore({
        catalogLifetime: 600_000,
        aggregation: aggregation(),
        fetch: (url, init) => {
          if (url.endsWith(':runAggregationQuery')) bodies.push(String(init?.body))
          return fetch(url, init)
        },
      })
      const config = { projectId: 'budgets', emulatorHost: emulator().host }
      await using store = createDocumentStore(driver, { config, scans: 'allow' })
      await store.collection(items).insertMany(documents)
      const count = (maxDocuments: number) =>
        store
          .collection(items)
          .aggregate([{ $match: { n: { $lt: 20 } } }, { $count: 'total' }], { budget: { maxDocuments } })
          .toArray()
      expect(await count(20)).toEqual([{ total: 20 }])
      await expect(count(19)).rejects.toMatchObject({ code: 'LEX_ERR_NOSQL_010' })
      expect(bodies.map((body) => /"limit":(\d+)/.exec(body)?.[1])).toEqual(['21', '20'])
    })
  })
})
