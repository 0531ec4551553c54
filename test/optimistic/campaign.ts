import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { defineCollection } from '../../src/nosql/contract/define-collection.ts'
import { faults, type Fault } from '../support/fault-proxy.ts'
import { codeOf, codes, freshName, startIsolate, type Isolate, type Lane } from './lane.ts'

/** What may happen to a request; three of ten meet one of these. */
const choices: readonly Fault[] = [
  faults.resetBefore,
  faults.resetAfter,
  faults.truncated,
  faults.serverErrorAfter,
  faults.tooManyRequests,
]

/** Random numbers in [0, 1), the same in every run. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32
    return state / 2 ** 32
  }
}

/** Nothing is lost, doubled or misreported while three of ten requests go wrong. */
export function campaignOf(lane: () => Lane): void {
  describe('while requests go wrong', () => {
    const isolates: Isolate[] = []
    const random = seeded(7)
    const spoil = (): Fault => {
      if (random() >= 0.3) return faults.none
      return choices[Math.floor(random() * choices.length)] ?? faults.none
    }
    beforeAll(async () => {
      isolates.push(await startIsolate(lane(), 60_000), await startIsolate(lane(), 60_000))
    })
    afterAll(async () => {
      for (const isolate of isolates) await isolate[Symbol.asyncDispose]()
    })

    /** The codes with which the pieces of work end, several at a time in each process. */
    const spoiledRun = async (work: readonly ((isolate: Isolate) => Promise<unknown>)[]): Promise<unknown[]> => {
      for (const isolate of isolates) isolate.fault = spoil
      const results: unknown[] = Array.from({ length: work.length })
      let next = 0
      const worker = async (isolate: Isolate) => {
        for (let at = next++; at < work.length; at = next++) {
          results[at] = await codeOf((work[at] as (typeof work)[number])(isolate))
        }
      }
      await Promise.all(Array.from({ length: 6 }, (_, at) => worker(isolates[at % 2] as Isolate)))
      for (const isolate of isolates) isolate.fault = () => faults.none
      return results
    }

    const plain = () => (isolates[0] as Isolate).store

    it.each(['in transactions', 'by themselves'] as const)('increments %s are counted', async (how) => {
      const name = freshName()
      await plain()
        .collection(name)
        .insertMany([
          { _id: 1, n: 0 },
          { _id: 2, n: 0 },
        ])
      const results = await spoiledRun(
        Array.from({ length: 60 }, () => (isolate: Isolate) => {
          const items = isolate.store.collection(name)
          if (how === 'by themselves') return items.updateOne({ _id: 1 }, { $inc: { n: 1 } })
          return isolate.store.transaction(
            async (tx) => {
              for (const _id of [1, 2]) await tx.collection(name).updateOne({ _id }, { $inc: { n: 1 } })
            },
            { attempts: 100 },
          )
        }),
      )
      const done = results.filter((code) => code === 'no error').length
      const unknown = results.filter((code) => code === codes.unknown).length
      expect(done).toBeGreaterThan(10)
      const [first, second] = await plain().collection(name).find({}, { sort: '_id' }).toArray()
      const n = Number(first?.['n'])
      expect(n).toBeGreaterThanOrEqual(done)
      expect(n).toBeLessThanOrEqual(done + unknown)
      if (how === 'in transactions') expect(second?.['n']).toBe(n)
    })

    it.each(['in transactions', 'by themselves'] as const)('inserts %s are there or refused', async (how) => {
      const name = freshName()
      await plain().createCollection(defineCollection(name, { indexes: [unique] }))
      // Each key is wanted twice.
      const documents = Array.from({ length: 60 }, (_, at) => ({ email: `${at >> 1}`, at }))
      const results = await spoiledRun(
        documents.map((document) => (isolate: Isolate) => {
          if (how === 'by themselves') return isolate.store.collection(name).insertOne(document)
          return isolate.store.transaction(async (tx) => tx.collection(name).insertOne(document))
        }),
      )
      const stored = await plain().collection(name).find({}).toArray()
      const there = new Set(stored.map(({ at }) => Number(at)))
      expect(there.size, 'none is doubled').toBe(stored.length)
      expect(new Set(stored.map(({ email }) => email)).size, 'no key is doubled').toBe(stored.length)
      for (const [at, code] of results.entries()) {
        if (code === codes.unknown) continue
        expect(there.has(at), `insert ${at} ended with ${String(code)}`).toBe(code === 'no error')
      }
      expect(results.filter((code) => code === 'no error').length).toBeGreaterThan(10)
    })
  })
}

const unique = { keys: 'email', unique: true } as const
