/** What callers are told, with a network between that loses, repeats and delays: nothing lost, doubled or misreported. */

import { describe, expect, it } from 'vitest'
import { faults, startFaultProxy, type Fault } from '../../../../test/support/fault-proxy.ts'
import { describeWithFirestore } from '../../../../test/support/firestore-emulator.ts'
import { defineCollection } from '../../contract/define-collection.ts'
import { createDocumentStore, type DocumentStore } from '../../store/document-store.ts'
import { firestore } from './firestore-driver.ts'
import type { Fetch } from './auth/tokens.ts'

const unavailable: Fault = {
  name: 'HTTP 503',
  forward: false,
  answer: new TextEncoder().encode('HTTP/1.1 503 Service Unavailable\r\ncontent-length: 4\r\n\r\nbusy'),
}
const all: readonly Fault[] = [
  faults.resetBefore,
  faults.resetAfter,
  faults.hang,
  faults.halfOpen,
  faults.truncated,
  faults.garbage,
  faults.garbageInHttp,
  faults.tooManyRequests,
  faults.serverError,
  faults.serverErrorAfter,
  faults.redirectAfter,
  faults.repeatAfter,
  unavailable,
]

type Told = 'done' | 'not done' | 'unsure'

async function tell(work: Promise<unknown>): Promise<Told> {
  try {
    await work
    return 'done'
  } catch (error) {
    const { code, outcome } = error as { code?: string; outcome?: string }
    expect(code).toMatch(/^LEX_ERR_/)
    return outcome === 'unknown' ? 'unsure' : 'not done'
  }
}

/** Numbers that are the same for a seed. */
function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

const seed = Number(process.env['LEXIGRAM_SEED'] ?? Date.now() % 2 ** 31)
const counters = defineCollection<{ _id: string; n: number }>('counters', { fields: { n: 'number' } })

describeWithFirestore((emulator) => {
  const storeOf = (host: string, fetcher?: Fetch): DocumentStore =>
    createDocumentStore(firestore({ ...(fetcher && { fetch: fetcher }) }), {
      config: { projectId: 'faults', emulatorHost: host },
    })
  const proxied = async () => {
    const { hostname, port } = new URL(`http://${emulator().host}`)
    return startFaultProxy({ target: { host: hostname, port: Number(port) } })
  }
  const sends = (bytes: Uint8Array, call: string) => new TextDecoder().decode(bytes).includes(`:${call} `)

  describe('a commit that meets a fault', () => {
    it.each(all.map((fault) => [fault.name, fault] as const))(
      '%s',
      async (name, fault) => {
        await using proxy = await proxied()
        await using direct = storeOf(emulator().host)
        await using store = storeOf(`127.0.0.1:${proxy.port}`)
        const collection = `commit ${name.replaceAll(/\W/g, '-')}`
        const [told, seen] = [store.collection(collection), direct.collection(collection)]
        await seen.insertMany([{ _id: 'changed', n: 0 }, { _id: 'deleted' }])
        await told.findOne({ _id: 'x' }) // the catalogue of indexes is read
        const isSpoilt = (bytes: Uint8Array) => sends(bytes, 'commit') || sends(bytes, 'batchWrite')
        const once = () => {
          let left = 1
          proxy.choose = ({ bytes }) => (isSpoilt(bytes) && left-- > 0 ? fault : faults.none)
          return { deadline: Date.now() + 1500 }
        }
        // Its id is made here: repeating the insert does no harm, and so it is repeated.
        const inserted = await tell(told.insertOne({ kind: 'generated' }, once()))
        const own = await tell(told.insertOne({ _id: 'own' }, once()))
        const changed = await tell(told.updateOne({ _id: 'changed' }, { $inc: { n: 1 } }, once()))
        const deleted = await tell(told.deleteOne({ _id: 'deleted' }, once()))
        proxy.choose = () => faults.none
        const facts: readonly (readonly [Told, number])[] = [
          [inserted, await seen.countDocuments({ kind: 'generated' })],
          [own, await seen.countDocuments({ _id: 'own' })],
          [changed, ((await seen.findOne({ _id: 'changed' })) as { n: number } | null)?.n ?? -1],
          [deleted, 1 - (await seen.countDocuments({ _id: 'deleted' }))],
        ]
        for (const [said, happened] of facts) {
          if (said === 'unsure') expect([0, 1]).toContain(happened)
          else expect(happened).toBe(said === 'done' ? 1 : 0)
        }
        // What surely did not happen is not called unsure.
        if (fault === faults.tooManyRequests) expect([own, changed, deleted]).toEqual(['done', 'done', 'done'])
        if (fault.answer !== 'nothing') expect(inserted).toBe('done')
      },
      30_000,
    )
  })

  describe('several inserts whose first answer is lost', () => {
    const aborted = () => Response.json({ error: { code: 409, status: 'ABORTED' } }, { status: 409 })
    /** The first request is carried out and not answered; afterwards the last document is refused by itself. */
    const lost = (method: string): Fetch => {
      let requests = 0
      return async (url, init) => {
        const body = String(init?.body)
        const isWrite = /:(?:commit|batchWrite)$/.test(url) && body.includes('"mark"')
        if (!isWrite || requests++ > 0) {
          // What is there already is 6, what is contended 10.
          if (isWrite && url.endsWith(':batchWrite'))
            return Response.json({ status: [{ code: 6 }, { code: 6 }, { code: 10 }] })
          const isOfLast = url.endsWith(':commit') && body.includes('"last"') && !body.includes('"first"')
          return isOfLast ? aborted() : fetch(url, init)
        }
        expect(url).toContain(method)
        await fetch(url, init)
        throw new TypeError('fetch failed')
      }
    }
    const documents = ['first', 'middle', 'last'].map((mark) => ({ mark: 'mark', text: mark }))

    it.each([true, false])('are not said to be not done: ordered %s', async (ordered) => {
      const items = `several-${String(ordered)}`
      await using store = storeOf(emulator().host, lost(ordered ? 'commit' : 'batchWrite'))
      const told: unknown = await store
        .collection(items)
        .insertMany(documents, { ordered, deadline: Date.now() + 3000 })
        .catch((error: unknown) => error)
      expect(await store.collection(items).countDocuments({})).toBe(3)
      expect(told).toMatchObject({ errors: [{ index: 2, error: { outcome: 'unknown' } }] })
    })
  })

  describe(`many at once (LEXIGRAM_SEED=${seed})`, () => {
    it('inserts over a bad network are neither lost nor doubled', async () => {
      await using proxy = await proxied()
      await using direct = storeOf(emulator().host)
      await using store = storeOf(`127.0.0.1:${proxy.port}`)
      const random = seeded(seed)
      const [told, seen] = [store.collection('many'), direct.collection('many')]
      await told.findOne({ _id: 'x' })
      proxy.choose = () => (random() < 0.3 ? (all[Math.floor(random() * all.length)] as Fault) : faults.none)
      const said = await Promise.all(
        Array.from({ length: 100 }, async (_, n) => {
          const options = { deadline: Date.now() + 5000 }
          // Some by themselves, some five at a time.
          if (n % 2 === 0) return tell(told.insertOne({ n }, options))
          const five = [0, 1, 2, 3, 4].map((part) => ({ n, part }))
          return tell(told.insertMany(five, { ...options, ordered: n % 4 === 1 }))
        }),
      )
      for (const [n, each] of said.entries()) {
        const size = n % 2 === 0 ? 1 : 5
        const found = await seen.countDocuments({ n })
        if (each === 'done') expect(found).toBe(size)
        else expect(found).toBeLessThanOrEqual(size)
        if (each === 'not done') expect(found).toBeLessThan(size)
      }
      expect(said.filter((each) => each === 'done').length).toBeGreaterThan(50)
    }, 60_000)

    it('rival increments are all counted, with a third of the commits aborted', async () => {
      const random = seeded(seed)
      let aborted = 0
      const fetcher: Fetch = (url, init) => {
        if (!url.endsWith(':commit') || random() > 0.3) return fetch(url, init)
        aborted += 1
        const error = { code: 409, status: 'ABORTED', message: 'Too much contention on these documents.' }
        return Promise.resolve(Response.json({ error }, { status: 409 }))
      }
      await using store = storeOf(emulator().host, fetcher)
      const rivals = store.collection(counters)
      await rivals.replaceOne({ _id: 'a' }, { n: 0 }, { upsert: true })
      const said = await Promise.all(
        Array.from({ length: 40 }, () => tell(rivals.updateOne({ _id: 'a' }, { $inc: { n: 1 } }))),
      )
      const done = said.filter((each) => each === 'done').length
      expect(await rivals.findOne({ _id: 'a' })).toEqual({ _id: 'a', n: done })
      expect(said).not.toContain('unsure')
      expect(aborted).toBeGreaterThan(0)
      expect(done).toBe(40)
    }, 60_000)
  })

  describe('reads over a bad network', () => {
    it.each(all.filter(({ answer }) => answer !== 'nothing').map((fault) => [fault.name, fault] as const))(
      '%s: they are repeated until the answer is whole',
      async (_name, fault) => {
        await using proxy = await proxied()
        await using direct = storeOf(emulator().host)
        await using store = storeOf(`127.0.0.1:${proxy.port}`)
        const documents = Array.from({ length: 700 }, (_, _id) => ({ _id }))
        if ((await direct.collection('read').countDocuments({})) === 0)
          await direct.collection('read').insertMany(documents)
        let calls = 0
        proxy.choose = ({ bytes }) => (sends(bytes, 'runQuery') && calls++ % 2 === 0 ? fault : faults.none)
        const found = await store
          .collection('read')
          .find({}, { sort: { _id: 1 } })
          .toArray()
        expect(found).toEqual(documents)
        expect(calls).toBeGreaterThan(3)
      },
      30_000,
    )
  })
})
