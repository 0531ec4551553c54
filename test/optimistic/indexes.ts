import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { defineCollection } from '../../src/nosql/contract/define-collection.ts'
import { faults } from '../support/fault-proxy.ts'
import { catalogLifetime, codeOf, codes, freshName, spoiled, startIsolate, type Isolate, type Lane } from './lane.ts'

/** In milliseconds: many times as long as it takes to make an index of a few documents. */
const longLifetime = 900

/** What unique indexes must hold while processes with catalogues of different age write. */
export function indexesOf(lane: () => Lane): void {
  describe('a unique index', () => {
    const started: Isolate[] = []
    let name: string
    beforeEach(() => {
      name = freshName()
    })
    afterEach(async () => {
      for (const isolate of started.splice(0)) await isolate[Symbol.asyncDispose]()
    })
    const isolate = async (lifetime?: number) => {
      const made = await startIsolate(lane(), lifetime)
      started.push(made)
      return made
    }

    it('has one winner among a hundred writers of one value, in four processes', async () => {
      const isolates = [await isolate(), await isolate(), await isolate(), await isolate()]
      await isolates[0]?.store.collection(name).createIndex('email', { unique: true })
      const writers = Array.from({ length: 100 }, (_, at) =>
        codeOf((isolates[at % 4] as Isolate).store.collection(name).insertOne({ email: 'a@b.c' })),
      )
      const results = await Promise.all(writers)
      expect(results.filter((code) => code === 'no error')).toHaveLength(1)
      expect(results.filter((code) => code === codes.duplicate)).toHaveLength(99)
      expect(await isolates[1]?.store.collection(name).countDocuments()).toBe(1)
    })

    it('lets no duplicate in through a process whose catalogue is from before it', async () => {
      const [maker, old] = [await isolate(longLifetime), await isolate(longLifetime)]
      const written = old.store.collection(name)
      // It knows now that there are no indexes, and believes it for a while.
      await written.insertOne({ email: 'first' })
      const made = maker.store.collection(name).createIndex('email', { unique: true })
      await delay(longLifetime / 3)
      await written.insertOne({ email: 'meanwhile' })
      await made
      for (const email of ['first', 'meanwhile']) {
        expect(await codeOf(written.insertOne({ email })), email).toBe(codes.duplicate)
        expect(await codeOf(maker.store.collection(name).insertOne({ email })), email).toBe(codes.duplicate)
      }
    })

    it('is not made where a process with an old catalogue has let a duplicate in before', async () => {
      const [maker, old] = [await isolate(longLifetime), await isolate(longLifetime)]
      const written = old.store.collection(name)
      await written.insertOne({ email: 'a' })
      const made = codeOf(maker.store.collection(name).createIndex('email', { unique: true }))
      await delay(longLifetime / 3)
      await written.insertOne({ email: 'a' })
      expect(await made).toBe(codes.duplicate)
      expect(await written.listIndexes()).toHaveLength(1)
      // Nothing is left of it.
      await written.insertOne({ email: 'a' })
    })

    it('is made while others insert, change and delete', async () => {
      const [maker, writer] = [await isolate(), await isolate()]
      const written = writer.store.collection(name)
      await written.insertMany(Array.from({ length: 60 }, (_, n) => ({ _id: n, email: `old ${n}` })))
      const progress = { isDone: false }
      const made = maker.store
        .collection(name)
        .createIndex('email', { unique: true })
        .finally(() => (progress.isDone = true))
      for (let n = 0; !progress.isDone; n++) {
        await written.insertOne({ _id: `new ${n}`, email: `new ${n}` })
        if (n % 3 === 0) await written.updateOne({ _id: n % 60 }, { $set: { email: `changed ${n}` } })
        if (n % 7 === 0) await written.deleteOne({ _id: `new ${n - 1}` })
        if (n % 5 === 0) await written.updateOne({ _id: `new ${n}` }, { $set: { seen: true } })
      }
      await made
      const held = new Set((await written.find({}).toArray()).map(({ email }) => String(email)))
      const all = Array.from({ length: 60 }, (_, n) => `old ${n}`).concat([...held])
      // What is held is refused, and what was released is free.
      for (const email of new Set(all)) {
        const expected = held.has(email) ? codes.duplicate : 'no error'
        expect(await codeOf(written.insertOne({ email })), email).toBe(expected)
        expect(await written.countDocuments({ email }), email).toBe(1)
      }
    })

    it('leaves a key with the one who took it while the index was being made', async () => {
      const [maker, writer] = [await isolate(), await isolate()]
      const written = writer.store.collection(name)
      await written.insertOne({ _id: 'before', email: 'a' })
      // The process that makes the index dies before it has looked at the documents.
      maker.fault = spoiled(lane().scan, faults.resetBefore)
      const dead = { deadline: Date.now() + 4 * catalogLifetime + 500 }
      await expect(maker.store.collection(name).createIndex('email', { unique: true, ...dead })).rejects.toThrow()
      expect((await written.listIndexes()).map(({ state }) => state)).toEqual([undefined, 'writing'])
      await written.insertOne({ _id: 'after', email: 'a' })
      await written.updateOne({ _id: 'before' }, { $set: { email: 'b' } })
      expect(await codeOf(written.insertOne({ email: 'a' }))).toBe(codes.duplicate)
      await written.deleteOne({ _id: 'after' })
      await written.createIndex('email', { unique: true })
      await written.insertOne({ email: 'a' })
      expect(await codeOf(written.insertOne({ email: 'b' }))).toBe(codes.duplicate)
    })

    it('goes on in two processes where one has died that was making it, and has every document that others write', async () => {
      const [maker, writer] = [await isolate(), await isolate()]
      // Their leases outlast what they do between two renewals.
      const [next, other] = [await isolate(5000), await isolate(5000)]
      const written = writer.store.collection(name)
      const count = 450
      await written.insertMany(Array.from({ length: count }, (_, n) => ({ _id: n, email: `${n}` })))
      let progress = 0
      maker.fault = () => (progress > 0 ? faults.resetBefore : faults.none)
      const state = { isReady: false }
      const writing = (async () => {
        for (let n = 0; !state.isReady; n++) {
          await written.insertOne({ _id: `new ${n}`, email: `new ${n}` })
          await written.updateOne({ _id: (n * 7) % count }, { $set: { email: `changed ${n}` } })
          await written.deleteOne({ _id: (n * 11) % count })
          await delay(50)
        }
      })()
      // Nothing of it is sent any more, and it does not wait for that.
      const end = new AbortController()
      const onProgress = ({ documents }: { readonly documents: number }) => {
        progress = documents
        if (documents > 0) end.abort()
      }
      const dying = { unique: true, onProgress, signal: end.signal }
      await expect(maker.store.collection(name).createIndex('email', dying)).rejects.toThrow()
      expect(progress).toBeLessThan(count)
      const seen: number[] = []
      const goOn = { unique: true, onProgress: (at: { readonly documents: number }) => void seen.push(at.documents) }
      await Promise.all([next, other].map((each) => each.store.collection(name).createIndex('email', goOn)))
      state.isReady = true
      await writing
      // The first progress is behind the last one of the process that died.
      expect(Math.min(...seen)).toBeGreaterThan(progress)
      const byIndex = { email: { $gte: '' } }
      const ids = (found: readonly { readonly _id?: unknown }[]) => found.map(({ _id }) => String(_id)).toSorted()
      const all = await next.store.collection(name).find().toArray()
      expect(ids(await next.store.collection(name).find(byIndex).toArray())).toEqual(ids(all))
      for (const at of [0, all.length >> 1]) {
        expect(await codeOf(next.store.collection(name).insertOne({ email: all[at]?.['email'] ?? null }))).toBe(
          codes.duplicate,
        )
      }
    })

    it('is ready when two processes have made it at once', async () => {
      const isolates = [await isolate(), await isolate()]
      await isolates[0]?.store.collection(name).insertOne({ email: 'a' })
      await Promise.all(isolates.map((each) => each.store.collection(name).createIndex('email', { unique: true })))
      const listed = (await isolates[0]?.store.collection(name).listIndexes()) ?? []
      expect(listed.map((index) => [index.name, index.state])).toEqual([
        ['_id_', undefined],
        ['email_1', undefined],
      ])
      expect(await codeOf(Promise.resolve(isolates[1]?.store.collection(name).insertOne({ email: 'a' })))).toBe(
        codes.duplicate,
      )
    })

    it('leaves no lock behind when it is dropped', async () => {
      const { store } = await isolate()
      const items = store.collection(name)
      await items.createIndex('email', { unique: true })
      await items.insertOne({ email: 'a' })
      expect(await items.dropIndex('email_1')).toBe(true)
      await items.insertOne({ email: 'a' })
      await items.deleteMany({})
      await items.createIndex('email', { unique: true })
      await items.insertOne({ email: 'a' })
    })

    it('is ready at once where a new collection declares it', async () => {
      const [maker, other] = [await isolate(60_000), await isolate(60_000)]
      const begun = Date.now()
      await maker.store.createCollection(defineCollection(name, { indexes: [declared] }))
      expect(Date.now() - begun).toBeLessThan(30_000)
      await other.store.collection(name).insertOne({ email: 'a' })
      expect(await codeOf(maker.store.collection(name).insertOne({ email: 'a' }))).toBe(codes.duplicate)
    })
  })
}

const declared = { keys: 'email', unique: true } as const
