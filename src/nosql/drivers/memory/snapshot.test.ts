import { describe, expect, it } from 'vitest'
import { createDocumentStore } from '../../store/document-store.ts'
import { memory, type MemoryNative } from './memory-driver.ts'
import type { SnapshotStorage } from './snapshot.ts'

function storage(initial: string | null = null): SnapshotStorage & { text: string | null; saves: number } {
  const kept = {
    text: initial,
    saves: 0,
    load: async () => kept.text,
    save: async (text: string) => {
      kept.saves++
      kept.text = text
    },
  }
  return kept
}

describe('snapshot of the memory driver', () => {
  it('keeps documents of every type, indexes and databases for the next run', async () => {
    const file = storage()
    const document = {
      _id: 1n,
      at: new Date(5),
      bytes: new Uint8Array([1, 2]),
      long: 2n ** 60n,
      list: [{ d: new Date(1) }],
    }
    {
      await using store = createDocumentStore(memory({ snapshot: file }), { database: 'one' })
      await store.collection('items').insertOne(document)
      await store.collection('items').createIndex('email', { unique: true, sparse: true })
    }
    await using store = createDocumentStore(memory({ snapshot: file }), { database: 'one' })
    const items = store.collection('items')
    expect(await items.findOne({})).toEqual(document)
    expect(await items.listIndexes()).toHaveLength(2)
    await items.insertOne({ email: 'a' })
    await expect(items.insertOne({ email: 'a' })).rejects.toMatchObject({ code: 'LEX_ERR_DB_005' })
    expect(await createDocumentStore(memory({ snapshot: file })).listCollections()).toEqual([])
  })

  it('saves the writes of one turn together before it disconnects', async () => {
    const file = storage()
    const store = createDocumentStore(memory({ snapshot: file }))
    await Promise.all(Array.from({ length: 50 }, (_, _id) => store.collection('items').insertOne({ _id })))
    await store.disconnect()
    expect(file.saves).toBeLessThan(50)
    expect(JSON.parse(file.text ?? '').databases.default.items.documents).toHaveLength(50)
  })

  it('does not save when nothing was written', async () => {
    const file = storage()
    const store = createDocumentStore(memory({ snapshot: file }))
    await store.collection('items').findOne({})
    await store.disconnect()
    expect(file.saves).toBe(0)
  })

  it('refuses a snapshot that it has not written', async () => {
    const file = storage('{"version": 99}')
    const store = createDocumentStore(memory({ snapshot: file }))
    await expect(store.connect()).rejects.toMatchObject({
      code: 'LEX_ERR_NOSQL_002',
      cause: { reason: 'InvalidSnapshot' },
    })
    expect((await store.healthCheck()).status).toBe('unhealthy')
  })

  it('connects once a snapshot that it refused is gone', async () => {
    const file = storage('{"version": 99}')
    const store = createDocumentStore(memory({ snapshot: file }))
    await expect(store.connect()).rejects.toMatchObject({ code: 'LEX_ERR_NOSQL_002' })
    file.text = null
    await store.connect()
    expect((await store.healthCheck()).status).toBe('healthy')
  })

  it('reports a failed save in the health check and on disconnect', async () => {
    const broken: SnapshotStorage = { load: async () => null, save: async () => Promise.reject(new Error('disk full')) }
    const store = createDocumentStore(memory({ snapshot: broken }))
    await store.collection('items').insertOne({})
    expect(await store.healthCheck()).toMatchObject({ status: 'unhealthy' })
    await store.collection('items').insertOne({})
    await expect(store.disconnect()).rejects.toThrow('disk full')
  })

  it('is what the native handle returns', async () => {
    const store = createDocumentStore(memory())
    await store.collection('items').insertOne({ _id: 1 })
    expect((store.native as MemoryNative).snapshot()).toContain('"_id":1')
  })

  describe('with awaitSaves', () => {
    const ids = (text: string | null): unknown[] =>
      JSON.parse(text ?? '').databases.default.items.documents.map(({ _id }: { _id: unknown }) => _id)

    it('acknowledges no write before a snapshot that has it is saved', async () => {
      const file = storage()
      const store = createDocumentStore(memory({ snapshot: file, awaitSaves: true }))
      const items = store.collection<{ _id: number; n?: number }>('items')
      await Promise.all(
        Array.from({ length: 20 }, async (_, _id) => {
          await items.insertOne({ _id })
          expect(ids(file.text)).toContain(_id)
        }),
      )
      await items.updateOne({ _id: 3 }, { $set: { n: 7 } })
      expect(file.text).toContain('"n":7')
      await items.deleteMany({ _id: { $gte: 10 } })
      expect(ids(file.text)).toHaveLength(10)
      await items.createIndex('n')
      expect(JSON.parse(file.text ?? '').databases.default.items.indexes).toHaveLength(1)
      await items.dropIndex('n_1')
      expect(JSON.parse(file.text ?? '').databases.default.items.indexes).toHaveLength(0)
      await store.transaction(async (transaction) => transaction.collection('items').insertOne({ _id: 99 }))
      expect(ids(file.text)).toContain(99)
      await store.dropCollection('items')
      expect(JSON.parse(file.text ?? '').databases.default).toEqual({})
    })

    it('lets the next write to a collection go on while one is being saved', async () => {
      const waiting: (() => void)[] = []
      const slow: SnapshotStorage = {
        load: async () => null,
        save: () => new Promise((resolve) => waiting.push(resolve)),
      }
      const items = createDocumentStore(memory({ snapshot: slow, awaitSaves: true })).collection('items')
      const first = items.updateOne({ _id: 1 }, { $set: { n: 1 } }, { upsert: true })
      const second = items.updateOne({ _id: 2 }, { $set: { n: 2 } }, { upsert: true })
      await expect.poll(() => waiting.length).toBe(2)
      waiting[1]?.()
      await second
      waiting[0]?.()
      await first
    })

    it('rejects a write that cannot be saved', async () => {
      const broken: SnapshotStorage = { load: async () => null, save: () => Promise.reject(new Error('disk full')) }
      const items = createDocumentStore(memory({ snapshot: broken, awaitSaves: true })).collection('items')
      await expect(items.insertOne({})).rejects.toMatchObject({
        code: 'LEX_ERR_NOSQL_002',
        cause: { message: 'disk full' },
      })
    })
  })
})
