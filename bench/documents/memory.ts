import { memory } from '../../src/nosql/drivers/memory/index.ts'
import { createDocumentStore } from '../../src/nosql/index.ts'
import { customers, type Customer } from '../engine/documents.ts'
import { compareInRounds, type Comparison } from '../engine/rounds.ts'
import { prepared } from './prepared.ts'

const [section = 'find-one'] = process.argv.slice(2)
const some = customers.slice(0, 1000)

async function collection() {
  const stored = createDocumentStore(memory()).collection<Customer>('customers')
  await stored.insertMany(some)
  return stored
}

/** The least that keeps a caller and the store apart. */
const byId = () => new Map(some.map((customer) => [customer._id, structuredClone(customer)]))

const comparisons: Readonly<Record<string, Comparison>> = {
  'find-one': {
    title: 'findOne by _id in memory',
    cases: {
      'a Map and structuredClone': prepared(() => {
        const stored = byId()
        return async () => structuredClone(stored.get(7))?.age ?? 0
      }),
      'lexigram-edge': prepared(async () => {
        const stored = await collection()
        return async () => (await stored.findOne({ _id: 7 }))?.age ?? 0
      }),
    },
  },
  'update-one': {
    title: 'updateOne by _id in memory',
    cases: {
      'a Map and structuredClone': prepared(() => {
        const stored = byId()
        return async () => {
          const changed = structuredClone(stored.get(7)!)
          stored.set(7, { ...changed, status: 'off', age: changed.age + 1 })
          return 1
        }
      }),
      'lexigram-edge': prepared(async () => {
        const stored = await collection()
        return async () =>
          (await stored.updateOne({ _id: 7 }, { $set: { status: 'off' }, $inc: { age: 1 } })).modifiedCount
      }),
    },
  },
}

const comparison = comparisons[section]
if (comparison === undefined) throw new Error(`there is no section ${section}`)
await compareInRounds(`memory-${section}`, comparison)
