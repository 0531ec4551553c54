import { ObjectId } from 'mongodb'
import type { DocumentDriver } from '../contract/driver.ts'
import { describe, expect, it } from 'vitest'
import { aggregation } from '../aggregation/index.ts'
import { memory } from '../drivers/memory/memory-driver.ts'
import { createDocumentStore } from '../store/document-store.ts'
import type { Collection } from './collection.ts'

const items = createDocumentStore(memory({ aggregation: aggregation() })).collection('items')
const set = { $set: { a: 1 } }

const cases: readonly (readonly [string, (items: Collection) => Promise<unknown>, object])[] = [
  [
    'an operator of updates',
    (c) => c.updateOne({}, { $sett: { a: 1 } }),
    {
      message: '$sett cannot be used here: it is not an operator of updates',
      hint: 'Did you mean $set?',
      path: '$sett',
    },
  ],
  [
    'an operator of filters',
    (c) => c.find({ a: { $ltt: 1 } }).toArray(),
    { message: '$ltt cannot be used here: it is not an operator of filters', hint: 'Did you mean $lt?' },
  ],
  ['an operator of filters far from all', (c) => c.findOne({ a: { $quux: 1 } }), { hint: /^Use one of \$eq, / }],
  ['a logical operator', (c) => c.findOne({ $orr: [] }), { hint: 'Did you mean $or?' }],
  [
    'a stage',
    (c) => c.aggregate([{ $grup: { _id: null } }]).toArray(),
    { message: '$grup cannot be used: the stage is unknown, or not portable', hint: 'Did you mean $group?' },
  ],
  [
    'a stage of search',
    (c) => c.aggregate([{ $search: { text: 'x' } }]).toArray(),
    { message: /^\$search cannot be used/ },
  ],
  [
    'an operator of expressions',
    (c) => c.aggregate([{ $project: { a: { $multipy: [1, 2] } } }]).toArray(),
    { message: /^\$multipy cannot be used/, hint: 'Did you mean $multiply?' },
  ],
  [
    'an accumulator',
    (c) => c.aggregate([{ $group: { _id: null, n: { $summ: 1 } } }]).toArray(),
    { message: '$summ cannot be used: it is not an accumulator', hint: 'Did you mean $sum?' },
  ],
  [
    'the operator of a text search',
    (c) => c.findOne({ $text: { $search: 'x' } }),
    { code: 'LEX_ERR_NOSQL_009', details: { operator: '$text' } },
  ],
  ['a search in a field', (c) => c.findOne({ a: { $search: 'x' } }), { details: { operator: '$search' } }],
  [
    'the class of a value in a filter',
    (c) => c.findOne({ a: { at: new URL('https://example.com') } }),
    { message: 'a value cannot be a URL' },
  ],
  ['the path of an update', (c) => c.updateOne({}, { $set: { 'a..b': 1 } }), { path: '$set.a..b' }],
  [
    'an option',
    (c) => c.updateOne({}, set, { upsrt: true } as object),
    { message: /'upsrt'/, hint: 'Did you mean upsert?' },
  ],
]

describe('a refusal names', () => {
  it.each(cases)('%s', async (_name, work, expected) => {
    const error: unknown = await work(items).then(
      () => 'nothing was refused',
      (thrown: unknown) => thrown,
    )
    for (const [key, value] of Object.entries(expected)) {
      const found: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, key) : error
      if (value instanceof RegExp) expect(found).toMatch(value)
      else expect(found).toEqual(value)
    }
  })

  it('never a name that could be anything', async () => {
    const secret = '$my secret <script>'
    await expect(items.updateOne({}, { [secret as '$']: { a: 1 } })).rejects.toMatchObject({
      message: 'this name cannot be used here: it is not an operator of updates',
    })
  })
})

describe('an ObjectId where it is not a value', () => {
  const { open, ...driver } = memory()
  const withoutObjectIds: DocumentDriver = {
    ...driver,
    open(settings) {
      const backend = open(settings)
      const limits = { ...backend.capabilities.limits, objectIds: false }
      return { ...backend, capabilities: { ...backend.capabilities, limits } }
    },
  }
  const plain = createDocumentStore(withoutObjectIds).collection('items')

  it.each<readonly [string, (items: Collection, id: never) => Promise<unknown>]>([
    ['a document', (c, id) => c.insertOne({ owner: id })],
  ])('is named, with what to do, in %s', async (_name, work) => {
    const error: unknown = await work(plain as never, new ObjectId() as never).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({
      message: expect.stringMatching(/an ObjectId/),
      hint: expect.stringMatching(/toHexString/),
    })
  })
})
