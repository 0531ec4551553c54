import { describe, expect, it } from 'vitest'
import { describeWithFirestore } from '../../../../test/support/firestore-emulator.ts'
import { defineCollection } from '../../contract/define-collection.ts'
import type { Document } from '../../query/value.ts'
import { createDocumentStore } from '../../store/document-store.ts'
import { firestoreIndexes } from './deployment/index-file.ts'
import { firestore } from './firestore-driver.ts'

const fields = { total: 'number' } as const
const ofAda = defineCollection<Document>('users/ada/orders', { fields })
const ofBo = defineCollection<Document>('users/bo/orders', { fields })
const all = defineCollection<Document>('*/orders', { fields, indexes: [{ keys: { state: 1, total: -1 } }] })

describeWithFirestore((emulator) => {
  const open = () =>
    createDocumentStore(firestore(), { config: { projectId: 'below', emulatorHost: emulator().host }, scans: 'allow' })
  const filled = async () => {
    const store = open()
    await store.collection(ofAda).deleteMany({})
    await store.collection(ofBo).deleteMany({})
    await store.collection('orders').deleteMany({})
    await store.collection(ofAda).insertMany([
      { _id: '1', total: 5, state: 'new' },
      { _id: 2, total: 7, state: 'sent' },
    ])
    await store.collection(ofBo).insertMany([
      { _id: '1', total: 6, state: 'new' },
      { _id: '3', total: 5, state: 'new' },
    ])
    await store.collection('orders').insertOne({ _id: 'root', total: 1, state: 'new' })
    return store
  }

  describe('a collection below a document', () => {
    it('is apart from those below others or at the root', async () => {
      await using store = await filled()
      expect(store.capabilities.subcollections).toBe(true)
      expect(await store.collection(ofAda).countDocuments({})).toBe(2)
      expect(await store.collection(ofBo).findOne({ _id: '1' })).toEqual({ _id: '1', total: 6, state: 'new' })
      await store.collection(ofAda).updateOne({ _id: '1' }, { $inc: { total: 1 } })
      expect(
        await store
          .collection(ofAda)
          .find({ total: { $gt: 5 } }, { sort: { total: 1 } })
          .toArray(),
      ).toEqual([
        { _id: '1', total: 6, state: 'new' },
        { _id: 2, total: 7, state: 'sent' },
      ])
      expect(await store.dropCollection('users/bo/orders')).toBe(true)
      expect(await store.collection(ofAda).countDocuments({})).toBe(2)
    })

    it('has its own unique keys', async () => {
      await using store = open()
      const [first, second] = ['users/ada/cards', 'users/bo/cards'].map((name) =>
        store.collection(defineCollection<Document>(name, { indexes: [{ keys: 'n', unique: true }] })),
      )
      await first?.insertOne({ n: 1 })
      await second?.insertOne({ n: 1 })
      await expect(first?.insertOne({ n: 1 })).rejects.toMatchObject({ details: { fields: ['n'] } })
      for (const name of ['users/ada/cards', 'users/bo/cards']) await store.dropCollection(name)
    })

    it.each(['users/ada', 'a//b', 'users/ada/*'])('%s names none', async (name) => {
      await using store = open()
      await expect(store.collection(name).findOne({})).rejects.toMatchObject({
        details: { reason: 'InvalidNamespace' },
      })
    })
  })

  describe('a group of collections', () => {
    it('is read as one, by ids that are paths of documents', async () => {
      await using store = await filled()
      const group = store.collection(all)
      const options = { sort: { total: -1 } } as const
      const found = await group.find({ total: { $gte: 5 } }, options).toArray()
      expect(found.map(({ _id }) => _id)).toEqual([
        expect.stringMatching(/^users\/ada\/orders\/!n/),
        'users/bo/orders/1',
        'users/ada/orders/1',
        'users/bo/orders/3',
      ])
      expect(await group.findOne({ _id: 'users/bo/orders/1' })).toMatchObject({ total: 6 })
      expect(await group.findOne({ _id: 'users/bo/cards/1' })).toBeNull()
      expect(await group.findOne({ _id: '1' })).toBeNull()
      expect(await group.countDocuments({ state: 'new' })).toBe(4)
      expect(await group.find({}, { sort: { _id: 1 }, limit: 2 }).toArray()).toHaveLength(2)
    })

    it('below one document answers every filter', async () => {
      await using store = await filled()
      const group = store.collection(defineCollection<Document>('users/ada/*/orders', { fields }))
      const found = await group.find({ total: { $gte: 5 } }, { sort: { total: -1 } }).toArray()
      expect(found.map(({ total }) => total)).toEqual([7, 5])
      expect(await group.findOne({ total: 5 })).toMatchObject({ _id: 'users/ada/orders/1' })
      expect(await group.countDocuments({ state: 'new' })).toBe(1)
      expect(await group.countDocuments({ _deleted: { $ne: true } })).toBe(2)
      expect((await group.findPage({ total: { $gt: 0 } }, { sort: { total: 1 }, limit: 1 })).next).not.toBeNull()
    })

    it('below one document has no document of another', async () => {
      await using store = await filled()
      const group = store.collection('users/ada/*/orders')
      expect(await group.findOne({ _id: 'users/bo/orders/1' })).toBeNull()
      expect(await group.findOne({ _id: 'users/ada/orders/1' })).toMatchObject({ total: 5 })
    })

    it('has pages that neither repeat nor miss a document', async () => {
      await using store = await filled()
      const group = store.collection(all)
      const seen: unknown[] = []
      let after: string | null = null
      do {
        const page: { items: readonly Document[]; next: string | null } = await group.findPage(
          { total: { $gte: 0 } },
          { sort: { total: 1 }, limit: 1, after },
        )
        seen.push(...page.items.map(({ _id }) => _id))
        after = page.next
      } while (after !== null)
      expect(seen).toHaveLength(5)
      expect(new Set(seen).size).toBe(5)
    })

    it('is not written', async () => {
      await using store = await filled()
      const group = store.collection(all)
      const refused = { code: 'LEX_ERR_NOSQL_009', message: expect.stringContaining('group of collections') as string }
      await expect(group.insertOne({ total: 1 })).rejects.toMatchObject(refused)
      await expect(group.updateMany({}, { $set: { total: 0 } })).rejects.toMatchObject(refused)
      await expect(group.deleteMany({})).rejects.toMatchObject(refused)
      await expect(group.createIndex('total')).rejects.toMatchObject(refused)
      await expect(store.dropCollection('*/orders')).rejects.toMatchObject(refused)
      expect(await store.collection('orders').countDocuments({})).toBe(1)
    })

    it('needs indexes whose scope is the group', () => {
      const scopes = firestoreIndexes([all]).indexes?.map(({ collectionGroup, queryScope }) => [
        collectionGroup,
        queryScope,
      ])
      expect(new Set(scopes?.map((scope) => scope.join(' ')))).toEqual(new Set(['orders COLLECTION_GROUP']))
    })
  })
})
