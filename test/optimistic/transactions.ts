import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Collection } from '../../src/nosql/collection/collection.ts'
import { defineCollection } from '../../src/nosql/contract/define-collection.ts'
import { faults } from '../support/fault-proxy.ts'
import { codeOf, codes, freshName, spoiled, startIsolate, type Isolate, type Lane } from './lane.ts'

/** What a transaction without locks must do, whatever happens to its requests. */
export function transactionsOf(lane: () => Lane): void {
  describe('a transaction', () => {
    let one: Isolate
    let other: Isolate
    let items: Collection
    beforeAll(async () => {
      // No index changes here, so that no request is one of the catalogue.
      one = await startIsolate(lane(), 60_000)
      other = await startIsolate(lane(), 60_000)
    })
    afterAll(async () => {
      await one[Symbol.asyncDispose]()
      await other[Symbol.asyncDispose]()
    })
    beforeEach(async () => {
      one.fault = other.fault = () => faults.none
      items = one.store.collection(freshName())
      await items.insertMany([
        { _id: 1, n: 0 },
        { _id: 2, n: 0 },
        { _id: 3, n: 0 },
      ])
      one.sent.length = 0
    })

    const increment = (options: object = {}, count = { runs: 0 }) =>
      one.store.transaction(async (tx) => {
        count.runs += 1
        const inside = tx.collection(items.name)
        await inside.updateOne({ _id: 1 }, { $inc: { n: 1 } })
        await inside.updateOne({ _id: 2 }, { $inc: { n: 1 } })
      }, options)
    const numbers = async () => (await items.find({}, { sort: '_id' }).toArray()).map(({ n }) => n)

    it('sends a request for each read by _id, and one that commits', async () => {
      await one.store.transaction(async (tx) => {
        const inside = tx.collection(items.name)
        await inside.findOne({ _id: 1 })
        await inside.updateOne({ _id: 2 }, { $inc: { n: 1 } })
        await inside.insertOne({ _id: 4, n: 4 })
        await inside.insertOne({ _id: 5, n: 5 })
      })
      expect(one.sent).toEqual([lane().get, lane().get, lane().commit])
      expect(await numbers()).toEqual([0, 1, 0, 4, 5])
    })

    it('holds nothing: others write what an abandoned one has read and written', async () => {
      let release = () => {}
      const left = new Promise<void>((resolve) => (release = resolve))
      let hasRead = () => {}
      const begun = new Promise<void>((resolve) => (hasRead = resolve))
      const abandoned = one.store.transaction(
        async (tx) => {
          await tx.collection(items.name).updateOne({ _id: 1 }, { $inc: { n: 100 } })
          hasRead()
          await left
        },
        { attempts: 1 },
      )
      await begun
      const start = Date.now()
      await other.store.collection(items.name).updateOne({ _id: 1 }, { $inc: { n: 1 } })
      expect(Date.now() - start).toBeLessThan(5000)
      release()
      expect(await codeOf(abandoned)).toBe(codes.conflict)
      expect(await numbers()).toEqual([1, 0, 0])
    })

    it('takes operations that are started side by side', async () => {
      await one.store.transaction(async (tx) => {
        const inside = tx.collection(items.name)
        const increments = Array.from({ length: 10 }, () => inside.updateOne({ _id: 1 }, { $inc: { n: 1 } }))
        const inserts = Array.from({ length: 10 }, (_, n) => inside.insertOne({ _id: 10 + n, n }))
        await Promise.all([...increments, ...inserts])
      })
      expect(await items.countDocuments()).toBe(13)
      expect((await items.findOne({ _id: 1 }))?.['n']).toBe(10)
    })

    it('reads a document twice, and some of several, without a conflict with itself', async () => {
      await one.store.transaction(
        async (tx) => {
          const inside = tx.collection(items.name)
          await inside.findOne({ _id: 1 })
          expect(await inside.find({ _id: { $in: [1, 2, 3] } }, { limit: 1, sort: '_id' }).toArray()).toHaveLength(1)
          await inside.updateOne({ _id: 1 }, { $inc: { n: 1 } })
        },
        { attempts: 1 },
      )
      expect(await numbers()).toEqual([1, 0, 0])
    })

    it('counts what was there at the moment of its first read, where reads are of one moment', async () => {
      if (!one.store.capabilities.transaction.snapshotReads) return
      const counted = await one.store.transaction(async (tx) => {
        await tx.collection(items.name).findOne({ _id: 1 })
        await other.store.collection(items.name).insertOne({ _id: 4, n: 0 })
        return tx.collection(items.name).countDocuments({ n: 0 })
      })
      expect([counted, await items.countDocuments({ n: 0 })]).toEqual([3, 4])
    })

    it('runs again when a document appears that it has read as missing', async () => {
      let runs = 0
      await one.store.transaction(async (tx) => {
        const inside = tx.collection(items.name)
        const found = await inside.findOne({ _id: 'counter' })
        if (++runs === 1) await other.store.collection(items.name).insertOne({ _id: 'counter', n: 7 })
        if (found === null) await inside.insertOne({ _id: 'counter', n: 1 })
        else await inside.updateOne({ _id: 'counter' }, { $inc: { n: 1 } })
      })
      expect([runs, (await items.findOne({ _id: 'counter' }))?.['n']]).toEqual([2, 8])
    })

    it('counts the increments of rivals in two processes', async () => {
      const rival = (isolate: Isolate) =>
        isolate.store.transaction(
          async (tx) => {
            const inside = tx.collection(items.name)
            const found = await inside.findOne({ _id: 1 })
            await inside.updateOne({ _id: 1 }, { $set: { n: Number(found?.['n']) + 1 } })
          },
          { attempts: 100 },
        )
      await Promise.all(Array.from({ length: 12 }, (_, at) => rival(at % 2 === 0 ? one : other)))
      expect((await items.findOne({ _id: 1 }))?.['n']).toBe(12)
    })

    it('is refused before anything is sent where it is more than the backend takes at once', async () => {
      const { tooManyWrites, documentBytes, tooManyDocuments, commit } = lane()
      const keyed = one.store.collection(defineCollection(freshName(), { indexes: [unique] }))
      await keyed.insertOne({ _id: 'first', email: 'first' })
      const insert = (documents: readonly object[]) =>
        one.store.transaction(async (tx) => {
          const spec = defineCollection(keyed.name, { indexes: [unique] })
          for (const document of documents) await tx.collection(spec).insertOne(document as never)
        })
      one.sent.length = 0
      const many = Array.from({ length: tooManyWrites }, (_, n) => ({ email: `${n}` }))
      expect(await codeOf(insert(many))).toBe(codes.unsupported)
      const large = Array.from({ length: tooManyDocuments }, (_, n) => ({
        email: `${n}`,
        text: 'x'.repeat(documentBytes),
      }))
      expect(await codeOf(insert(large))).toBe(codes.unsupported)
      expect(one.sent.filter((operation) => operation === commit)).toEqual([])
      expect(await keyed.countDocuments()).toBe(1)
    })

    it('is carried out once, and never reported as done without knowing, when the answer of its commit is lost', async () => {
      for (const fault of [faults.resetAfter, faults.serverErrorAfter, faults.truncated]) {
        const before = await numbers()
        const count = { runs: 0 }
        one.fault = spoiled(lane().commit, fault, 1)
        expect(await codeOf(increment({}, count)), fault.name).toBe(lane().hasToken ? 'no error' : codes.unknown)
        expect([await numbers(), count.runs], fault.name).toEqual([
          [Number(before[0]) + 1, Number(before[1]) + 1, 0],
          1,
        ])
      }
    })

    it('ends as unknown when no answer comes until the deadline', async () => {
      one.fault = spoiled(lane().commit, faults.halfOpen)
      const begun = Date.now()
      const late = increment({ deadline: begun + 1500 })
      expect(await codeOf(late)).toBe(codes.unknown)
      expect(Date.now() - begun).toBeLessThan(6000)
      one.fault = () => faults.none
      expect(await numbers()).toEqual([1, 1, 0])
    })

    it('commits nothing when the commit never arrives, and does not say that it knows', async () => {
      one.fault = spoiled(lane().commit, faults.resetBefore)
      expect(await codeOf(increment({ deadline: Date.now() + 1500 }))).toBe(codes.unknown)
      one.fault = () => faults.none
      expect(await numbers()).toEqual([0, 0, 0])
    })

    it('sends the commit again when the backend has refused to begin with it', async () => {
      one.fault = spoiled(lane().commit, faults.tooManyRequests, 2)
      await increment()
      expect(await numbers()).toEqual([1, 1, 0])
    })
  })
}

const unique = { keys: 'email', unique: true } as const
