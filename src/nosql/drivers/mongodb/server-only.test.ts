import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { serveMongo } from '../../../../tools/mongodb-server/serve.ts'
import { toSecret } from '../../../core/setting/secret.ts'
import { createDocumentStore } from '../../store/document-store.ts'
import { mongodb } from './mongodb-driver.ts'

describe.each([25, 21])(
  'what only the server can evaluate, with version %i of the wire protocol',
  async (maxWireVersion) => {
    const server = await serveMongo({ hello: { maxWireVersion } })
    const config = { uri: toSecret(server.uri) }
    const store = createDocumentStore(mongodb(), { database: 'only', config, scans: 'allow' })
    afterAll(async () => {
      await store.disconnect()
      await server.close()
    })
    const items = store.collection<{ _id: number; n: number; twice?: number }>('items')
    beforeEach(async () => {
      await items.deleteMany({})
      await items.insertMany([1, 2, 3].map((n) => ({ _id: n, n })))
    })
    const doubled = [{ $set: { twice: { $multiply: ['$n', 2] } } }]
    const sum = { _id: 0, sum: { $add: ['$n', 10] } } as const

    it('returns a document as it was before a pipeline changed it', async () => {
      expect(await items.findOneAndUpdate({ _id: 2 }, doubled)).toEqual({ _id: 2, n: 2 })
      expect(await items.findOne({ _id: 2 })).toEqual({ _id: 2, n: 2, twice: 4 })
    })

    it.each(['before', 'after'] as const)('projects what findOneAndUpdate returns, %s', async (returnDocument) => {
      const returned = await items.findOneAndUpdate({ _id: 2 }, { $inc: { n: 1 } }, { returnDocument, projection: sum })
      expect(returned).toEqual({ sum: returnDocument === 'after' ? 13 : 12 })
    })

    it('projects what the other methods that change one document return', async () => {
      expect(await items.findOneAndReplace({ _id: 2 }, { n: 7 }, { projection: sum })).toEqual({ sum: 12 })
      expect(await items.findOneAndDelete({ _id: 2 }, { projection: sum })).toEqual({ sum: 17 })
      expect(await items.countDocuments({})).toBe(2)
    })

    it('is refused before anything is written where this package has to do it', async () => {
      const limited = { projection: sum, budget: { maxBytes: 1000 } }
      await expect(items.findOneAndDelete({ _id: 2 }, limited)).rejects.toMatchObject({ code: 'LEX_ERR_NOSQL_009' })
      expect(await items.countDocuments({})).toBe(3)
    })

    it('tells the id of an upsert with a sort', async () => {
      const change = { $set: { n: 9 } }
      const result = await items.updateOne({ _id: 9 }, change, { upsert: true, sort: { n: -1 } })
      expect(result).toMatchObject({ matchedCount: 0, upsertedCount: 1, upsertedId: 9 })
    })

    it('changes the first in an order by a pipeline, or refuses it before it is sent', async () => {
      const updating = items.updateOne({}, doubled, { sort: { n: -1 } })
      if (maxWireVersion === 25) expect(await updating).toMatchObject({ matchedCount: 1, modifiedCount: 1 })
      else await expect(updating).rejects.toMatchObject({ code: 'LEX_ERR_NOSQL_009' })
      const changed = maxWireVersion === 25 ? [{ _id: 3, n: 3, twice: 6 }] : []
      expect(await items.find({ twice: { $exists: true } }).toArray()).toEqual(changed)
    })

    it('says that a pipeline has changed nothing', async () => {
      if (maxWireVersion !== 25) return
      const same = [{ $set: { n: '$n' } }]
      expect(await items.updateOne({}, same, { sort: { n: -1 } })).toMatchObject({ matchedCount: 1, modifiedCount: 0 })
    })
  },
)
