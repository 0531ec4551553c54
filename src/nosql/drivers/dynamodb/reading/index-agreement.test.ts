import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { useDynamoServer } from '../../../../../test/support/dynamo-server.ts'
import { declarable, documents, valuesAt } from '../../../../../test/support/planner/random-documents.ts'
import { anyFilter, filterFor } from '../../../../../test/support/planner/random-filters.ts'
import { isLexigramError } from '../../../../core/errors.ts'
import type { Page } from '../../../../core/repository/options.ts'
import type { Collection } from '../../../collection/collection.ts'
import { defineCollection } from '../../../contract/define-collection.ts'
import { createDocumentStore } from '../../../store/document-store.ts'
import type { Document } from '../../../query/value.ts'
import { dynamodb } from '../dynamodb-driver.ts'
import { memory } from '../../memory/memory-driver.ts'

const seed = Number(process.env['LEXIGRAM_SEED'] ?? 20_261_129)
const collections = Number(process.env['LEXIGRAM_SCENES'] ?? 2)

const one = 1 as const
const indexes = [
  { keys: { n: one } },
  { keys: { s: one, n: -1 as const }, partition: 1 },
  { keys: { 'o.n': one, d: one }, shards: 3 },
  { keys: { n: -1 as const, f: one }, sparse: true },
  { keys: { a: one } },
  { keys: { 'l.x': one }, shards: 2 },
]
const direction = fc.constantFrom(1 as const, -1 as const)
const sortable = fc.constantFrom('n', 's', 'o.n', 'd', 'f', '_id', 'a')
const sort = fc.uniqueArray(fc.tuple(sortable, direction), { maxLength: 2, selector: ([path]) => path })
const byIndex = fc.constantFrom(...indexes).chain(({ keys }) => filterFor({ key: Object.entries(keys) }))
const byAny = fc.array(fc.oneof(byIndex, fc.record({ _id: valuesAt['_id'] ?? fc.nat() })), {
  minLength: 2,
  maxLength: 5,
})
const question = fc.record({
  filter: fc.oneof(
    { weight: 4, arbitrary: byIndex },
    { weight: 2, arbitrary: byAny.map(($or) => ({ $or })) },
    anyFilter,
  ),
  sort,
  skip: fc.nat({ max: 3 }),
  limit: fc.nat({ max: 6 }),
})

const codeOf = (error: unknown): string => {
  if (!isLexigramError(error)) throw error
  return error.code
}

/** Everything that a collection can be asked with a filter: what is sorted, and what is found in any order. */
async function answers(
  items: Collection,
  { filter, sort: keys, skip, limit }: typeof question extends fc.Arbitrary<infer Q> ? Q : never,
) {
  const ids = (found: readonly Document[]) => found.map((each) => each['_id'])
  const inOrder = [
    ...keys.filter(([path]) => path !== '_id'),
    ...keys.filter(([path]) => path === '_id'),
    ['_id', one] as const,
  ]
  const pages: unknown[] = []
  const paged = async () => {
    for (let after: string | null | undefined; after !== null;) {
      const page: Page<Document> = await items.findPage(filter, {
        sort: inOrder,
        limit: limit + 1,
        ...(after !== undefined && { after }),
      })
      pages.push(ids(page.items))
      after = page.next
    }
    return pages
  }
  return Promise.all([
    items.find(filter, { sort: inOrder, skip, limit }).toArray().then(ids).catch(codeOf),
    items
      .find(filter)
      .toArray()
      .then((found) => ids(found).map(String).toSorted())
      .catch(codeOf),
    items
      .find(filter, { skip, limit })
      .toArray()
      .then((found) => found.length)
      .catch(codeOf),
    items.countDocuments(filter, { skip, ...(limit > 0 && { limit }) }).catch(codeOf),
    paged().catch(codeOf),
  ])
}

const { server } = useDynamoServer()

describe(`declared fields and indexes of every kind (LEXIGRAM_SEED=${seed})`, () => {
  it('answer as in memory', { timeout: 60_000 + collections * 30_000 }, async () => {
    const credentials = () => Promise.resolve({ accessKeyId: 'test', secretAccessKey: 'test' })
    const config = { endpointUrl: server().endpoint, createTables: true }
    let made = 0
    await fc.assert(
      fc.asyncProperty(documents, fc.array(question, { minLength: 12, maxLength: 12 }), async (all, questions) => {
        const spec = defineCollection<Document>(`agree${made++}`, { fields: declarable, indexes })
        const ours = createDocumentStore(dynamodb({ credentials, catalogLifetime: 50 }), { config, scans: 'allow' })
        const theirs = createDocumentStore(memory(), { scans: 'allow' })
        for (const store of [ours, theirs]) {
          await store.createCollection(spec)
          if (all.length > 0) await store.collection(spec).insertMany(all, { ordered: false })
        }
        for (const each of questions) {
          const expected = { each, answers: await answers(theirs.collection(spec), each) }
          expect({ each, answers: await answers(ours.collection(spec), each) }).toEqual(expected)
        }
        await ours.collection(spec).drop()
      }),
      // To shrink a failure takes minutes: its seed is enough.
      { numRuns: collections, seed, endOnFailure: true },
    )
  })
})
