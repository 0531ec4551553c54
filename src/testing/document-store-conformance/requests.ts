import { assertEqual, assertFails } from './assert.ts'
import { topicWith, type CaseContext } from './conformance-case.ts'
import { defineCollection } from '../../nosql/contract/define-collection.ts'
import type { RequestCounts, RequestMeter } from './wire.ts'

/**
 * A collection without indexes, and one of sixty documents, five of which are of the team `blue`, by an index on `team`. They
 * are made first, so that a driver knows their indexes before requests are counted.
 */
async function prepare({ store, fresh }: CaseContext, textLength = 10) {
  const ofPlain = defineCollection(fresh(), { fields: { n: 'number' } })
  const ofTeams = defineCollection(fresh(), { fields: { team: 'string' }, indexes: [{ keys: 'team' }] })
  for (const spec of [ofPlain, ofTeams]) await store.createCollection(spec)
  const [plain, teams] = [store.collection(ofPlain), store.collection(ofTeams)]
  await plain.insertMany(Array.from({ length: 120 }, (_, _id) => ({ _id, n: 0 })))
  const text = 'x'.repeat(textLength)
  const teamOf = (id: number) => (id % 12 === 0 ? 'blue' : 'red')
  await teams.insertMany(Array.from({ length: 60 }, (_, _id) => ({ _id, team: teamOf(_id), text })))
  for (const collection of [plain, teams]) await collection.findOne({ _id: -1 })
  return { store, plain, teams }
}

async function sentBy({ sent }: RequestMeter, work: () => Promise<unknown>): Promise<number> {
  const before = sent()
  await work()
  return sent() - before
}

async function assertCount(
  meter: RequestMeter,
  operation: keyof RequestCounts,
  work: () => Promise<unknown>,
): Promise<void> {
  assertEqual(await sentBy(meter, work), meter.expected?.[operation] ?? 1, `the requests of ${operation}`)
}

/** Large enough that a backend with pages of a megabyte would need several to read them all. */
const large = 20_000

export const requestCases = topicWith('requests', 'requests per operation', {
  'insertOne sends as many requests as expected': async (context, meter) => {
    const { plain } = await prepare(context)
    await assertCount(meter, 'insertOne', () => plain.insertOne({ _id: 'new', n: 1 }))
  },
  'findOne by _id sends as many requests as expected': async (context, meter) => {
    const { plain } = await prepare(context)
    await assertCount(meter, 'findById', () => plain.findOne({ _id: 7 }))
  },
  'find by an index sends as many requests as expected, and is no scan': async (context, meter) => {
    const { store, teams } = await prepare(context, large)
    if (!store.capabilities.index.create && !store.capabilities.index.automatic) return
    await assertCount(meter, 'findByIndex', async () => {
      assertEqual((await teams.find({ team: 'blue' }).toArray()).length, 5, 'the documents')
    })
    assertEqual((await teams.explain({ team: 'blue' })).scan, false, 'whether explain says that it scans')
  },
  'updateOne by _id sends as many requests as expected': async (context, meter) => {
    const { plain } = await prepare(context)
    await assertCount(meter, 'updateOne', () => plain.updateOne({ _id: 7 }, { $inc: { n: 1 } }))
  },
  'deleteOne by _id sends as many requests as expected': async (context, meter) => {
    const { plain } = await prepare(context)
    await assertCount(meter, 'deleteOne', () => plain.deleteOne({ _id: 7 }))
  },
  'countDocuments by an index sends as many requests as expected': async (context, meter) => {
    const { store, teams } = await prepare(context)
    if (!store.capabilities.index.create && !store.capabilities.index.automatic) return
    await assertCount(meter, 'count', async () => {
      assertEqual(await teams.countDocuments({ team: 'blue' }), 5, 'the count')
    })
  },
  'a transaction of three writes sends as many requests as expected': async (context, meter) => {
    const { store, plain } = await prepare(context)
    const insertThree = () =>
      store.transaction(async (tx) => {
        const inside = tx.collection(plain.name)
        for (const _id of ['a', 'b', 'c']) await inside.insertOne({ _id })
      })
    if (store.capabilities.transaction.kind === 'none') {
      await assertFails(insertThree, 'LEX_ERR_NOSQL_009', { what: 'a transaction' })
    } else {
      await assertCount(meter, 'transaction', insertThree)
    }
  },
  'explain says how many requests a find sends': async (context, meter) => {
    const { plain, teams } = await prepare(context)
    const finds = [
      ['one _id', plain, { _id: 7 }],
      ['120 _ids', plain, { _id: { $in: Array.from({ length: 120 }, (_, id) => id) } }],
      ['no _id', plain, { _id: { $in: [] } }],
      ['an index', teams, { team: 'blue' }],
    ] as const
    for (const [what, collection, filter] of finds) {
      const { estimatedRequests } = await collection.explain(filter)
      const sent = await sentBy(meter, () => collection.find(filter).toArray())
      assertEqual(estimatedRequests, sent, `the estimate for a find by ${what}, against what was sent`)
    }
  },
})
