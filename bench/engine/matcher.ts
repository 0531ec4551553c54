import { Query } from 'mingo'
import { guard } from '@ucast/mongo2js'
import sift from 'sift'
import { compileFilter } from '../../src/nosql/query/filter/compile-filter.ts'
import { parseFilter } from '../../src/nosql/query/filter/parse-filter.ts'
import type { Document } from '../../src/nosql/query/value.ts'
import { customers, type Customer } from './documents.ts'
import { compareInRounds } from './rounds.ts'

interface Filter {
  readonly filter: Readonly<Record<string, unknown>>
  readonly byHand: (customer: Customer) => boolean
}

const filters: Readonly<Record<string, Filter>> = {
  simple: { filter: { status: 'active' }, byHand: (customer) => customer.status === 'active' },
  complex: {
    filter: {
      status: 'active',
      age: { $gte: 18, $lt: 65 },
      'address.city': { $in: ['Rome', 'Oslo'] },
      tags: 't3',
      $or: [{ 'items.qty': { $gt: 5 } }, { age: { $lt: 30 } }],
    },
    byHand: ({ status, age, address: { city }, tags, items }) =>
      status === 'active' &&
      age >= 18 &&
      age < 65 &&
      (city === 'Rome' || city === 'Oslo') &&
      tags.includes('t3') &&
      (items.some((item) => item.qty > 5) || age < 30),
  },
}

const section = process.argv[2] ?? 'simple'
const { filter, byHand } = filters[section]!

const batches = Array.from({ length: 100 }, (_, n) => customers.slice(n * 1000, (n + 1) * 1000))
const query = new Query(filter)
const compiled = compileFilter(parseFilter(filter))
await compareInRounds(`matcher-${section}`, {
  title: `Matcher, 100,000 documents, ${section} filter`,
  cases: {
    'hand-written': () => count(byHand),
    'lexigram-edge': () => count((customer) => compiled(customer as unknown as Document)),
    sift: (() => {
      // Its types describe a module without a default export.
      const create = sift as unknown as (filter: object) => (customer: Customer) => boolean
      const test = create(filter)
      return () => count(test)
    })(),
    mingo: () => count((customer) => query.test(customer as unknown as Record<string, unknown>)),
    '@ucast/mongo2js': (() => {
      const test = guard(filter)
      return () => count((customer) => test(customer as unknown as Record<string, unknown>))
    })(),
  },
})

/**
 * Documents come in batches, as cursors return them. One loop over all would be entered so seldom that V8 leaves some of
 * the cases in code that it has compiled within the loop, at a fifth of the speed.
 */
function count(test: (customer: Customer) => boolean): number {
  let found = 0
  for (const batch of batches) found += countOf(batch, test)
  return found
}

function countOf(batch: readonly Customer[], test: (customer: Customer) => boolean): number {
  let found = 0
  for (const customer of batch) if (test(customer)) found++
  return found
}
