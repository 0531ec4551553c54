import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Filter } from '../../collection/types/filter.ts'
import { createDocumentStore } from '../../store/document-store.ts'
import { isLexigramError } from '../../../core/errors.ts'
import type { Document, Value } from '../../query/value.ts'
import { memory } from './memory-driver.ts'

const number = fc.integer({ min: 0, max: 4 })
const scalar = fc.oneof(
  { weight: 8, arbitrary: number },
  { weight: 1, arbitrary: fc.bigInt({ min: 0n, max: 4n }) },
  { weight: 1, arbitrary: fc.constantFrom('a', 'é', '😀', true, null) },
  { weight: 1, arbitrary: number.map((time) => new Date(time)) },
)
const list: fc.Arbitrary<Value> = fc.array(scalar, { maxLength: 3 })
const value = fc.oneof({ weight: 2, arbitrary: scalar }, { weight: 1, arbitrary: list })
const inner = fc.oneof(scalar, fc.record({ c: value }), fc.array(fc.record({ c: number, d: number }), { maxLength: 2 }))
/** `b` holds no arrays, so that its indexes can give an order. */
const document: fc.Arbitrary<Document> = fc.record({ a: value, b: scalar, o: inner }, { requiredKeys: [] })
const path = fc.constantFrom('a', 'b', 'b', 'o.c', 'o.d', '_id')
const condition = fc.oneof(
  scalar,
  fc
    .tuple(fc.constantFrom('$gt', '$gte', '$lt', '$lte', '$ne'), scalar)
    .map(([name, operand]) => ({ [name]: operand })),
  fc.tuple(number, number).map(([low, high]) => ({ $gte: low, $lt: high })),
  fc.array(scalar, { maxLength: 3 }).map((values) => ({ $in: values })),
)
const clause = fc.tuple(path, condition).map(([name, test]): Filter => ({ [name]: test }))
const filter: fc.Arbitrary<Filter> = fc.oneof(
  clause,
  fc.constant({}),
  fc.array(clause, { minLength: 1, maxLength: 3 }).map((clauses) => ({ $and: clauses })),
  fc.array(clause, { minLength: 1, maxLength: 2 }).map((clauses) => ({ $or: clauses })),
)
const direction = fc.constantFrom(1 as const, -1 as const)
const keys = fc.uniqueArray(fc.tuple(path, direction), { minLength: 1, maxLength: 2, selector: ([name]) => name })

/** The answer, or the code of the refusal: two arrays in one sort are refused with and without an index. */
async function answerOf(work: () => Promise<unknown>): Promise<unknown> {
  try {
    return await work()
  } catch (error) {
    if (isLexigramError(error)) return error.code
    throw error
  }
}

describe('indexes of the memory driver', { timeout: 60_000 }, () => {
  it('never change an answer: filters, sorts, limits and pages', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(document, { maxLength: 25 }),
        fc.array(fc.tuple(keys, fc.boolean()), { minLength: 1, maxLength: 3 }),
        fc.array(fc.record({ where: filter, of: fc.nat(2), flip: fc.boolean(), limit: number }), {
          minLength: 3,
          maxLength: 9,
        }),
        async (documents, indexes, queries) => {
          const store = createDocumentStore(memory(), { clock: () => 0 })
          const plain = store.collection('plain')
          const indexed = store.collection('indexed')
          for (const [_id, each] of documents.entries()) await plain.insertOne({ _id, ...each })
          for (const [index, sparse] of indexes)
            await answerOf(() => indexed.createIndex(index, { sparse, name: JSON.stringify([index, sparse]) }))
          let refused = 0
          for (const [_id, each] of documents.entries()) {
            const inserted = await answerOf(() => indexed.insertOne({ _id, ...each }))
            // MongoDB refuses parallel arrays in one index.
            if (typeof inserted === 'string' && ++refused > 0) await plain.deleteOne({ _id })
          }
          for (const { where, of, flip, limit: few } of queries) {
            const limit = few + 1
            const [order = []] = indexes[of % indexes.length] ?? []
            const sort = order.map(([name, way]): [string, 1 | -1] => [name, flip && way === 1 ? -1 : flip ? 1 : way])
            const answers = (['plain', 'indexed'] as const).map(async (name) => {
              const collection = store.collection(name)
              const first = await answerOf(() => collection.findPage(where, { sort, limit }))
              const next = typeof first === 'object' ? (first as { next: string | null }).next : null
              return {
                count: await collection.countDocuments(where),
                sorted: await answerOf(() => collection.find(where, { sort, limit, skip: 1 }).toArray()),
                first: typeof first === 'object' ? (first as { items: unknown }).items : first,
                second: next === null ? null : (await collection.findPage(where, { sort, limit, after: next })).items,
              }
            })
            const [expected, actual] = await Promise.all(answers)
            expect(actual).toEqual(expected)
          }
        },
      ),
      { numRuns: 400 },
    )
  })

  it('use one path where different elements of an array may satisfy two', async () => {
    const items = createDocumentStore(memory()).collection('items')
    await items.createIndex({ 'o.c': 1, 'o.d': 1 })
    await items.insertOne({
      o: [
        { c: 1, d: 9 },
        { c: 9, d: 2 },
      ],
    })
    expect(await items.countDocuments({ 'o.c': 1, 'o.d': 2 })).toBe(1)
    expect(await items.countDocuments({ o: { $elemMatch: { c: 1, d: 2 } } })).toBe(0)
  })

  it('answer equality, ranges, lists or disjunctions', async () => {
    const items = createDocumentStore(memory()).collection('items')
    await items.insertMany(Array.from({ length: 30 }, (_, n) => ({ n, team: n % 3, name: `${n}` })))
    await items.createIndex({ team: 1, n: -1 })
    await items.createIndex('name', { sparse: true })
    const explain = async (filter: Filter, sort?: Record<string, 1 | -1>) => {
      const { access, index, residual, sort: sorted, scan } = await items.explain(filter, { sort })
      return [access, index, residual, sorted, scan]
    }
    expect(await explain({ team: 1, n: 4 })).toEqual(['index', 'team_1_n_-1', [], 'none', false])
    expect(await explain({ team: 1 }, { n: -1 })).toEqual(['index', 'team_1_n_-1', [], 'index', false])
    expect(await explain({ team: 1 }, { n: 1 })).toEqual(['index', 'team_1_n_-1', [], 'index', false])
    expect(await explain({ team: 1 }, { name: 1 })).toEqual(['index', 'team_1_n_-1', [], 'client', false])
    expect(await explain({ team: { $gt: 0, $lte: 1 }, x: 1 })).toEqual([
      'index',
      'team_1_n_-1',
      ['x eq'],
      'none',
      false,
    ])
    const either = ['index', 'team_1_n_-1 | name_1', [], 'none', false]
    expect(await explain({ $or: [{ team: 1 }, { name: '3' }] })).toEqual(either)
    expect(await explain({ n: 4 })).toEqual(['scan', null, ['n eq'], 'none', true])
    expect(await explain({}, { name: 1 })).toEqual(['scan', null, [], 'client', true])
    expect(await explain({ _id: { $in: [] } })).toEqual(['none', null, [], 'none', false])
    await items.insertOne({ team: [1, 2] })
    expect(await explain({ team: 1 }, { n: -1 })).toEqual(['index', 'team_1_n_-1', ['team eq'], 'client', false])
  })
})
