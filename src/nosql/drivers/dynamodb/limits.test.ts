import { beforeAll, describe, expect, it, vi } from 'vitest'
import { useDynamoServer } from '../../../../test/support/dynamo-server.ts'
import { defineCollection } from '../../contract/define-collection.ts'

// The server is a process of several layers, and may share its machine.
vi.setConfig({ testTimeout: 30_000 })

const { server, open: store } = useDynamoServer()

/** 200 kB of keys, whose order has to be noted beside them. */
const unordered = Object.fromEntries(Array.from({ length: 25_000 }, (_, n) => [`k${String(99_999 - n)}`, null]))
const tooLarge = (path: string) => ({ code: 'LEX_ERR_NOSQL_005', reason: 'BSONObjectTooLarge', path })

describe('a document over 400 KB', () => {
  it.each([
    ['by the measure of this package', { _id: 1, name: 'a', picture: 'p'.repeat(390_000) }, 'picture'],
    ['by DynamoDB’s measure', { _id: 1, name: 'a', scores: unordered }, 'scores'],
  ])('%s is refused with the name of the field that made it', async (_name, document, field) => {
    const error = await store()
      .collection('large')
      .insertOne(document)
      .catch((thrown: unknown) => thrown as Error)
    expect(error).toMatchObject(tooLarge(field))
    expect((error as { hint?: string }).hint).toContain(`'${field}'`)
    expect((error as { hint?: string }).hint).not.toMatch(/ppp|k9999/)
    expect(server().requests.get('PutItem') ?? 0).toBe(0)
  })

  it('stops an ordered bulk write where it stands', async () => {
    const items = store().collection('bulk')
    const documents = [{ _id: 1 }, { _id: 2, scores: unordered }, { _id: 3 }]
    await expect(items.insertMany(documents)).rejects.toMatchObject({ errors: [{ index: 1 }] })
    expect(await items.find().toArray()).toEqual([{ _id: 1 }])
  })

  it('is refused when an update makes it', async () => {
    const items = store().collection('growing')
    await items.insertOne({ _id: 1, log: ['x'.repeat(300_000)] })
    const update = items.updateOne({ _id: 1 }, { $push: { log: 'y'.repeat(200_000) } })
    await expect(update).rejects.toMatchObject(tooLarge('log'))
    expect((await items.findOne({ _id: 1 }))?.['log']).toHaveLength(1)
  })
})

describe('values that DynamoDB’s keys cannot be', () => {
  const spec = defineCollection('keyed', {
    fields: { code: 'string' },
    indexes: [{ keys: { code: 1 }, unique: true }],
  })

  it('are indexed and unique all the same: empty texts, null and what is missing', async () => {
    const owner = store()
    await owner.createCollection(spec)
    const items = owner.collection(spec)
    await items.insertMany([
      { _id: 1, code: '' },
      { _id: 2, code: null },
    ] as never)
    expect(await items.find({ code: '' }).toArray()).toEqual([{ _id: 1, code: '' }])
    await expect(items.insertOne({ _id: 3, code: '' })).rejects.toMatchObject({ code: 'LEX_ERR_DB_005' })
    await expect(items.insertOne({ _id: 4 })).rejects.toMatchObject({ code: 'LEX_ERR_DB_005' })
    await expect(owner.collection('keyed').insertOne({ _id: '' })).rejects.toMatchObject({ code: 'LEX_ERR_NOSQL_005' })
  })

  it('longer than a key are found in order, page by page', async () => {
    const items = store().collection('long')
    await items.createIndex({ text: 1 })
    const texts = Array.from(
      { length: 30 },
      (_, n) => `${'x'.repeat(n % 3 === 0 ? 1500 : 3)}${String((n * 7) % 30).padStart(2, '0')}`,
    )
    await items.insertMany(texts.map((text, _id) => ({ _id, text })))
    const inOrder = texts.map((text, _id) => ({ _id, text })).toSorted((a, b) => (a.text < b.text ? -1 : 1))
    expect(await items.find({ text: { $gte: 'x' } }, { sort: { text: 1 } }).toArray()).toEqual(inOrder)
    expect(await items.find({ text: texts[0] }).toArray()).toEqual([{ _id: 0, text: texts[0] }])
    const skipped = items.find({ text: { $gte: 'x' } }, { sort: { text: 1 }, skip: 22, limit: 5 })
    expect(await skipped.toArray()).toEqual(inOrder.slice(22, 27))
    await items.updateOne({ _id: 0 }, { $set: { text: 'short' } })
    expect(await items.countDocuments({ text: { $gte: 'x' } })).toBe(29)
  })
})

describe('numbers', () => {
  it('keep every digit and their type', async () => {
    const items = store().collection('numbers')
    const document = {
      _id: 1,
      values: [2n ** 63n - 1n, -(2n ** 63n), 2n ** 60n, 2 ** 60, 5n, 5, 1e308, 5e-324, 0.1, 1.5e40, 1e38],
    }
    await items.insertOne(document)
    expect(await items.findOne({ _id: 1 })).toStrictEqual(document)
  })
  const measures = defineCollection<{ _id: number; n: number }>('measures', { fields: { n: 'number' } })
  const beyond = [1e200, 5, -1e200, 1e-200, -1e-200].map((n, _id) => ({ _id, n }))
  beforeAll(() => store().collection(measures).insertMany(beyond))

  it.each([
    [{ $gt: 1 }, [0, 1]],
    [{ $gt: 0 }, [0, 1, 3]],
    [{ $lt: 5 }, [2, 3, 4]],
    [{ $lte: 0 }, [2, 4]],
    [{ $gte: 0, $lt: 1e200 }, [1, 3]],
    [{ $not: { $gt: 1 } }, [2, 3, 4]],
    [{ $nin: [5, 1e200] }, [2, 3, 4]],
  ])('beyond those of DynamoDB are compared: %j', async (n, ids) => {
    const found = await store().collection(measures).find({ n }).toArray()
    expect(found.map(({ _id }) => _id).toSorted()).toEqual(ids)
  })

  it.each([
    [{ $gt: 1 }, 0, 1],
    [{ $not: { $gt: 1 } }, 0, 0],
    [{ $lt: 1 }, 2, 1],
    [{ $lt: 1 }, 1, 0],
  ])('beyond those of DynamoDB decide what is updated: %j of document %i', async (n, _id, count) => {
    const updated = await store()
      .collection(measures)
      .updateOne({ _id, n }, { $set: { n: beyond[_id]!.n } })
    expect(updated.matchedCount).toBe(count)
  })
})
