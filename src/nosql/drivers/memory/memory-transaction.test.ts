import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defineCollection } from '../../contract/define-collection.ts'
import { createDocumentStore } from '../../store/document-store.ts'
import { memory } from './memory-driver.ts'

const bank = async (accounts: number) => {
  const store = createDocumentStore(memory(), { sleep: async () => undefined, attempts: 1000 })
  const items = store.collection<{ _id: number; balance: number }>('accounts')
  await items.insertMany(Array.from({ length: accounts }, (_, _id) => ({ _id, balance: 100 })))
  return { store, items }
}

describe('transactions of the memory driver', () => {
  it('neither lose nor invent anything, however they interleave', async () => {
    const transfer = fc.record({
      from: fc.nat(3),
      to: fc.nat(3),
      amount: fc.integer({ min: 1, max: 50 }),
      fails: fc.boolean(),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(transfer, { minLength: 2, maxLength: 12 }), async (transfers) => {
        const { store, items } = await bank(4)
        const move = ({ from, to, amount, fails }: (typeof transfers)[number]) =>
          store.transaction(async (tx) => {
            const inside = tx.collection<{ _id: number; balance: number }>('accounts')
            await inside.updateOne({ _id: from }, { $inc: { balance: -amount } })
            const source = await inside.findOne({ _id: from })
            if (fails || (source?.balance ?? 0) < 0) throw new Error('refused')
            await inside.updateOne({ _id: to }, { $inc: { balance: amount } })
          })
        const outcomes = await Promise.allSettled(transfers.map(move))
        const balances = (await items.find({}).toArray()).map(({ balance }) => balance)
        expect(balances.reduce((sum, balance) => sum + balance, 0)).toBe(400)
        expect(balances.every((balance) => balance >= 0)).toBe(true)
        for (const [i, { status }] of outcomes.entries()) if (transfers[i]?.fails) expect(status).toBe('rejected')
      }),
      { numRuns: 60 },
    )
  })

  it('read through a cursor each document once, while others write after it', async () => {
    const store = createDocumentStore(memory())
    const items = store.collection('items')
    await items.insertMany(Array.from({ length: 600 }, (_, _id) => ({ _id, n: 0 })))
    await items.createIndex('n')
    const seen = await store.transaction(async (tx) => {
      const ids: unknown[] = []
      for await (const { _id, n } of tx.collection('items').find({ n: 0 })) {
        expect(n).toBe(0)
        ids.push(_id)
        if (ids.length === 300) await items.updateMany({}, { $set: { n: 1 } })
        if (ids.length === 301) await items.deleteMany({ _id: { $gt: 590 } })
      }
      return ids
    })
    expect(new Set(seen).size).toBe(600)
    expect(seen).toHaveLength(600)
  })

  it('conflict early: a document written by others since the beginning cannot be written', async () => {
    const { store, items } = await bank(1)
    let runs = 0
    await store.transaction(async (tx) => {
      const inside = tx.collection('accounts')
      await inside.findOne({ _id: 0 })
      if (++runs === 1) await items.updateOne({ _id: 0 }, { $inc: { balance: 1 } })
      await inside.updateOne({ _id: 0 }, { $inc: { balance: 10 } })
    })
    expect([runs, (await items.findOne({ _id: 0 }))?.balance]).toEqual([2, 111])
  })

  it('see and keep expired documents as the store does', async () => {
    let now = 0
    const store = createDocumentStore(memory(), { clock: () => now })
    const items = store.collection('items')
    await items.createIndex('at', { expireAfterSeconds: 1 })
    await items.insertOne({ _id: 1, at: new Date(0) })
    await store.transaction(async (tx) => {
      expect(await tx.collection('items').countDocuments()).toBe(1)
      now = 1000
      expect(await items.countDocuments()).toBe(0)
      expect(await tx.collection('items').countDocuments()).toBe(0)
    })
  })

  it('survive a callback that turns the conflict into its own Err', async () => {
    const { store, items } = await bank(1)
    let runs = 0
    const result = await store.transaction(async (tx) => {
      if (++runs === 1) await items.updateOne({ _id: 0 }, { $inc: { balance: 1 } })
      try {
        await tx.collection('accounts').updateOne({ _id: 0 }, { $set: { balance: 5 } })
        return { ok: true, value: runs } as const
      } catch {
        return { ok: false, error: 'conflict' } as const
      }
    })
    expect(result).toEqual({ ok: true, value: 2 })
  })

  it('answer every query as the same writes outside of one would', async () => {
    const n = fc.integer({ min: 0, max: 6 })
    const step = fc.oneof(
      fc.record({ kind: fc.constant('insert' as const), n }),
      fc.record({ kind: fc.constant('update' as const), n, to: n }),
      fc.record({ kind: fc.constant('replace' as const), n, to: n }),
      fc.record({ kind: fc.constant('delete' as const), n }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(n, { maxLength: 8 }), fc.array(step, { maxLength: 10 }), async (initial, steps) => {
        const store = createDocumentStore(memory(), { random: (bytes) => bytes.fill(1) })
        const [inner, plain] = [store.collection('inner'), store.collection('plain')]
        for (const items of [inner, plain]) {
          await items.createIndex('n')
          for (const [_id, value] of initial.entries()) await items.insertOne({ _id, n: value })
        }
        await store.transaction(async (tx) => {
          const inside = tx.collection('inner')
          for (const [i, each] of steps.entries()) {
            const answers = [inside, plain].map(async (items) => {
              if (each.kind === 'insert') await items.insertOne({ _id: 100 + i, n: each.n })
              else if (each.kind === 'update') await items.updateMany({ n: each.n }, { $set: { n: each.to } })
              else if (each.kind === 'replace')
                await items.replaceOne({ n: { $gte: each.n } }, { n: each.to }, { sort: 'n' })
              else await items.deleteMany({ n: each.n })
              return [
                await items.find({ n: { $gt: 2 } }, { sort: { n: -1 }, limit: 4 }).toArray(),
                await items.countDocuments({ n: each.n }),
                (await items.findPage({}, { sort: 'n', limit: 3 })).items,
                await items.distinct('n'),
              ]
            })
            const [actual, expected] = await Promise.all(answers)
            expect(actual).toEqual(expected)
          }
        })
        expect(await inner.find({}, { sort: '_id' }).toArray()).toEqual(await plain.find({}, { sort: '_id' }).toArray())
      }),
      { numRuns: 100 },
    )
  })

  it('know the indexes that a specification declares', async () => {
    const store = createDocumentStore(memory())
    const users = defineCollection('users', { indexes: [{ keys: 'email', unique: true }] })
    const twice = store.transaction(async (tx) => {
      await tx.collection(users).insertOne({ email: 'a' })
      await tx.collection(users).insertOne({ email: 'a' })
    })
    await expect(twice).rejects.toMatchObject({ code: 'LEX_ERR_DB_005' })
  })
})
