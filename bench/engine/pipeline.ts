import { Aggregator } from 'mingo'
import { aggregation } from '../../src/nosql/aggregation/index.ts'
import type { Document } from '../../src/nosql/query/value.ts'
import { customers, type Customer } from './documents.ts'
import { compareInRounds } from './rounds.ts'

const stages = [
  { $match: { status: 'active', age: { $gte: 18 } } },
  { $group: { _id: '$address.zip', total: { $sum: '$age' }, count: { $sum: 1 }, oldest: { $max: '$age' } } },
  { $sort: { total: -1, _id: 1 } },
]
// Ten customers share a zip code here.
const input: readonly Customer[] = customers.map((customer) => ({
  ...customer,
  address: { ...customer.address, zip: customer._id % 10_000 },
}))

const plan = aggregation().pipeline(stages, {})
const peer = new Aggregator(stages)
await compareInRounds('pipeline', {
  title: '$match, $group, $sort, 100,000 documents',
  cases: {
    'hand-written': () => byHand().length,
    'lexigram-edge': async () => {
      let rows = 0
      for await (const batch of plan.run(batches())) rows += batch.length
      return rows
    },
    mingo: () => peer.run([...input]).length,
  },
})

async function* batches(): AsyncGenerator<readonly Document[]> {
  for (let at = 0; at < input.length; at += 1000) yield input.slice(at, at + 1000) as unknown as Document[]
}

interface Totals {
  readonly _id: number
  total: number
  count: number
  oldest: number
}

function byHand(): Totals[] {
  const groups = new Map<number, Totals>()
  for (const { status, age, address } of input) {
    if (status !== 'active' || age < 18) continue
    const group = groups.get(address.zip)
    if (group === undefined) groups.set(address.zip, { _id: address.zip, total: age, count: 1, oldest: age })
    else {
      group.total += age
      group.count++
      if (age > group.oldest) group.oldest = age
    }
  }
  return [...groups.values()].sort((a, b) => b.total - a.total || a._id - b._id)
}
