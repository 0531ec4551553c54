import { describe, expect, it } from 'vitest'
import { aggregation } from '../../aggregation/index.ts'
import { createDocumentStore } from '../../store/document-store.ts'
import { memory } from '../../drivers/memory/memory-driver.ts'
import type { Document } from '../../query/value.ts'
import { DocumentRepository } from '../repository.ts'
import type { RepositoryOptions } from '../options.ts'

class NoteRepository extends DocumentRepository<Document> {
  protected readonly collectionName = 'notes'

  protected documentToEntity(document: Document): Document {
    return document
  }

  protected entityToDocument(entity: Document): Document {
    return entity
  }

  own(includeDeleted = false) {
    return this.collection({ includeDeleted })
  }
}

async function setUp(options: RepositoryOptions) {
  const store = createDocumentStore(memory({ aggregation: aggregation() }))
  const raw = store.collection('notes')
  await raw.insertMany([
    { _id: 'a', n: 1, tenantId: 't1' },
    { _id: 'b', n: 2, tenantId: 't1', _deleted: null },
    { _id: 'c', n: 3, tenantId: 't1' },
    { _id: 'x', n: 4, tenantId: 't2' },
  ])
  return { store, raw, notes: new NoteRepository(store, { clock: () => 5000, ...options }) }
}

const ids = (documents: readonly Document[]) =>
  documents.map(({ _id }) => _id as string).toSorted((a, b) => (a < b ? -1 : 1))
const deletedC = { _deleted: true, _deletedAt: new Date(5000) }

describe('soft deletion', () => {
  it('hides what is marked on every path of the repository', async () => {
    const { raw, notes } = await setUp({ softDelete: true })
    expect(await notes.delete('c')).toBe(true)
    expect(await notes.delete('c')).toBe(false)
    expect(await raw.findOne({ _id: 'c' })).toEqual({ _id: 'c', n: 3, tenantId: 't1', ...deletedC })
    expect(await notes.find('c')).toBeNull()
    expect((await notes.get('c')).ok).toBe(false)
    expect(await notes.exists('c')).toBe(false)
    expect(ids(await notes.list())).toEqual(['a', 'b', 'x'])
    expect(ids(await notes.findByFilter({ $or: [{ n: 3 }, { _deleted: true }] }))).toEqual([])
    expect((await notes.page({ where: { n: { $gte: 3 } } })).items).toHaveLength(1)
    expect(await notes.count()).toBe(3)
    expect(await notes.restore('c')).toBe(true)
    expect(await notes.restore('c')).toBe(false)
    expect(await raw.findOne({ _id: 'c' })).toEqual({ _id: 'c', n: 3, tenantId: 't1' })
    expect(await notes.exists('c')).toBe(true)
  })

  it('shows what is deleted only when asked', async () => {
    const { notes } = await setUp({ softDelete: true })
    await notes.deleteMany(['a', 'c'])
    const all = { includeDeleted: true }
    expect(await notes.find('c', all)).toMatchObject(deletedC)
    expect(await notes.exists('c', all)).toBe(true)
    expect(await notes.count({}, all)).toBe(4)
    expect(ids(await notes.list(all))).toEqual(['a', 'b', 'c', 'x'])
    expect(ids(await notes.findByFilter({ _deleted: true }, all))).toEqual(['a', 'c'])
    expect((await notes.page(all)).items).toHaveLength(4)
  })

  it('keeps two finds of one tick apart when one of them asks for the deleted', async () => {
    const { notes } = await setUp({ softDelete: true })
    await notes.delete('c')
    const [visible, all] = await Promise.all([notes.find('c'), notes.find('c', { includeDeleted: true })])
    expect([visible, all?.['n']]).toEqual([null, 3])
  })

  it('is changed only by delete or restore', async () => {
    const { raw, notes } = await setUp({ softDelete: true })
    await notes.save({ _id: 'a', n: 9, _deleted: true })
    expect(await raw.findOne({ _id: 'a' })).toEqual({ _id: 'a', n: 9, tenantId: 't1' })
    await notes.delete('a')
    await expect(notes.save({ _id: 'a', n: 1 })).rejects.toMatchObject({ code: 'LEX_ERR_DB_005' })
    await expect(notes.saveMany([{ _id: 'a', n: 1 }])).rejects.toMatchObject({ code: 'LEX_ERR_DB_005' })
    expect(await notes.exists('a')).toBe(false)
  })

  it('removes for good when that is said', async () => {
    const { raw, notes } = await setUp({ softDelete: true })
    await notes.delete('a')
    expect(await notes.delete('a', { hard: true })).toBe(true)
    expect(await notes.deleteMany(['b', 'nobody'], { hard: true })).toBe(1)
    expect(ids(await raw.find().toArray())).toEqual(['c', 'x'])
  })

  it('counts as a change for timestamps and the optimistic lock', async () => {
    const { raw, notes } = await setUp({ softDelete: true, timestamps: true, version: true })
    const saved = await notes.save({ _id: 'v', n: 1 })
    await notes.delete('v')
    await notes.restore('v')
    expect(await raw.findOne({ _id: 'v' })).toMatchObject({ version: 3, updatedAt: new Date(5000) })
    await expect(notes.save(saved)).rejects.toMatchObject({ code: 'LEX_ERR_DB_015' })
  })
})

/** Every way to reach documents through a filtered collection; each returns the ids it reached. */
const paths: Readonly<Record<string, (notes: NoteRepository) => Promise<readonly unknown[]>>> = {
  find: async (notes) => ids(await notes.own().find({}).toArray()),
  findOne: async (notes) => [(await notes.own().findOne({ n: { $gt: 2 } }))?._id],
  findPage: async (notes) => ids((await notes.own().findPage()).items),
  countDocuments: async (notes) => [await notes.own().countDocuments({})],
  distinct: (notes) => notes.own().distinct('n'),
  aggregate: async (notes) =>
    ids(
      await notes
        .own()
        .aggregate([{ $match: {} }])
        .toArray(),
    ),
  'aggregate with a group': async (notes) =>
    (
      await notes
        .own()
        .aggregate([{ $group: { _id: null, sum: { $sum: '$n' } } }])
        .toArray()
    ).map(({ sum }) => sum),
  'aggregate with $facet': async (notes) => {
    const [row] = await notes
      .own()
      .aggregate([{ $facet: { all: [{ $match: { n: { $gt: 0 } } }] } }])
      .toArray()
    return ids(row?.['all'] as Document[])
  },
  'aggregate with a $lookup into itself': async (notes) => {
    const lookup = { from: 'notes', pipeline: [{ $match: { n: { $gt: 0 } } }], as: 'all' }
    const [row] = await notes
      .own()
      .aggregate([{ $limit: 1 }, { $lookup: lookup }])
      .toArray()
    return ids(row?.['all'] as Document[])
  },
  'aggregate with a $lookup by field': async (notes) => {
    const lookup = { from: 'notes', localField: 'none', foreignField: 'none', as: 'all' }
    const [row] = await notes
      .own()
      .aggregate([{ $limit: 1 }, { $lookup: lookup }])
      .toArray()
    return ids(row?.['all'] as Document[])
  },
  'aggregate with a $unionWith itself': async (notes) =>
    ids(
      await notes
        .own()
        .aggregate([{ $match: { n: -1 } }, { $unionWith: 'notes' }])
        .toArray(),
    ),
  'aggregate with a $graphLookup': async (notes) => {
    const every = [1, 2, 3, 4]
    const graph = { from: 'notes', startWith: every, connectFromField: 'none', connectToField: 'n', as: 'all' }
    const [row] = await notes
      .own()
      .aggregate([{ $limit: 1 }, { $graphLookup: graph }])
      .toArray()
    return ids(row?.['all'] as Document[])
  },
  updateMany: async (notes) => [(await notes.own().updateMany({}, { $set: { seen: true } })).matchedCount],
  updateOne: async (notes) => [
    (await notes.own().updateOne({ _id: { $in: ['c', 'x'] } }, { $set: { s: 1 } })).matchedCount,
  ],
  replaceOne: async (notes) => [(await notes.own().replaceOne({ _id: 'c' }, { n: 0 })).matchedCount],
  findOneAndUpdate: async (notes) => [await notes.own().findOneAndUpdate({ _id: 'c' }, { $set: { n: 0 } })],
  findOneAndReplace: async (notes) => [await notes.own().findOneAndReplace({ _id: 'c' }, { n: 0 })],
  findOneAndDelete: async (notes) => [await notes.own().findOneAndDelete({ _id: 'c' })],
  deleteOne: async (notes) => [(await notes.own().deleteOne({ _id: 'c' })).deletedCount],
  deleteMany: async (notes) => [(await notes.own().deleteMany({})).deletedCount],
  bulkWrite: async (notes) => {
    const result = await notes
      .own()
      .bulkWrite([
        { updateMany: { filter: {}, update: { $set: { seen: true } } } },
        { updateOne: { filter: { _id: 'c' }, update: { $set: { seen: true } } } },
        { replaceOne: { filter: { _id: 'c' }, replacement: { n: 0 } } },
        { deleteOne: { filter: { _id: 'c' } } },
        { deleteMany: { filter: {} } },
      ])
    return [result.matchedCount, result.deletedCount]
  },
}
const reached: Readonly<Record<string, readonly unknown[]>> = {
  find: ['a', 'b'],
  findOne: [undefined],
  findPage: ['a', 'b'],
  countDocuments: [2],
  distinct: [1, 2],
  aggregate: ['a', 'b'],
  'aggregate with a group': [3],
  'aggregate with $facet': ['a', 'b'],
  'aggregate with a $lookup into itself': ['a', 'b'],
  'aggregate with a $lookup by field': ['a', 'b'],
  'aggregate with a $unionWith itself': ['a', 'b'],
  'aggregate with a $graphLookup': ['a', 'b'],
  updateMany: [2],
  updateOne: [0],
  replaceOne: [0],
  findOneAndUpdate: [null],
  findOneAndReplace: [null],
  findOneAndDelete: [null],
  deleteOne: [0],
  deleteMany: [2],
  bulkWrite: [2, 2],
}

describe('the filtered collection', () => {
  it.each(Object.keys(paths))('reaches neither the deleted nor another tenant by %s', async (path) => {
    const { raw, notes } = await setUp({ softDelete: true, tenant: { id: 't1' } })
    await notes.delete('c')
    expect(await paths[path]?.(notes)).toEqual(reached[path])
    expect(await raw.findOne({ _id: 'c' })).toEqual({ _id: 'c', n: 3, tenantId: 't1', ...deletedC })
    expect(await raw.findOne({ _id: 'x' })).toEqual({ _id: 'x', n: 4, tenantId: 't2' })
  })
})

describe('a tenant', () => {
  const tenant = { id: 't1' }
  const denied = { code: 'LEX_ERR_DOM_003' }

  it('confines every path of the repository', async () => {
    const { raw, notes } = await setUp({ tenant })
    expect(await notes.find('x')).toBeNull()
    expect(await notes.exists('x')).toBe(false)
    expect(ids(await notes.findByFilter({ tenantId: 't2' }))).toEqual([])
    expect(ids(await notes.findByFilter({ $or: [{ tenantId: 't2' }, {}] }))).toEqual(['a', 'b', 'c'])
    expect(await notes.count()).toBe(3)
    expect(await notes.deleteMany(['a', 'x'])).toBe(1)
    expect(await raw.findOne({ _id: 'x' })).not.toBeNull()
  })

  it('is written with every document, new, upserted or replaced', async () => {
    const { raw, notes } = await setUp({ tenant })
    await notes.save({ n: 1, made: 'save' })
    await notes.save({ _id: 'mine', n: 1 })
    await notes.saveMany([
      { n: 2, made: 'many' },
      { _id: 'mine2', n: 1 },
    ])
    const own = notes.own()
    await own.insertOne({ n: 1, made: 'insert' })
    await own.insertMany([{ n: 1, made: 'insertMany' }])
    await own.updateOne({ _id: 'u1' }, { $set: { n: 1 } }, { upsert: true })
    await own.updateOne({ _id: 'u2' }, [{ $replaceWith: { _id: '$_id', n: 1 } }], { upsert: true })
    await own.replaceOne({ _id: 'a' }, { n: 7 })
    await own.bulkWrite([{ insertOne: { document: { made: 'bulk' } } }])
    expect(await raw.countDocuments({ tenantId: 't1' })).toBe(3 + 9)
    expect(await raw.countDocuments({ tenantId: { $ne: 't1' } })).toBe(1)
  })

  it('cannot be taken over or given away', async () => {
    const { raw, notes } = await setUp({ tenant })
    await expect(notes.save({ n: 1, tenantId: 't2' })).rejects.toMatchObject(denied)
    await expect(notes.save({ _id: 'a', tenantId: 't2' })).rejects.toMatchObject(denied)
    await expect(notes.save({ _id: 'x', n: 0 })).rejects.toMatchObject({ code: 'LEX_ERR_DB_005' })
    const own = notes.own()
    for (const update of [
      { $set: { tenantId: 't2' } },
      { $unset: { tenantId: '' } },
      { $rename: { n: 'tenantId' } },
      { $rename: { tenantId: 'was' } },
      { $set: { 'tenantId.x': 1 } },
    ])
      await expect(async () => own.updateMany({}, update)).rejects.toMatchObject(denied)
    await expect(async () => own.insertOne({ tenantId: 't2' })).rejects.toMatchObject(denied)
    await own.updateMany({}, [{ $unset: 'tenantId' }])
    expect(await raw.countDocuments({ tenantId: 't1' })).toBe(3)
    expect(await raw.findOne({ _id: 'x' })).toEqual({ _id: 'x', n: 4, tenantId: 't2' })
  })

  it('fails closed when there is none', async () => {
    let current: string | undefined = ''
    const { notes } = await setUp({ tenant: { id: () => current } })
    const none = { code: 'LEX_ERR_USE_001' }
    for (const id of ['', undefined]) {
      current = id
      await expect(notes.find('a')).rejects.toMatchObject(none)
      await expect(notes.save({ n: 1 })).rejects.toMatchObject(none)
      await expect(notes.list()).rejects.toMatchObject(none)
      await expect(notes.deleteMany(['a'])).rejects.toMatchObject(none)
    }
  })

  it('is that of the call, also when calls for two tenants share a tick', async () => {
    let current = 't1'
    const { notes } = await setUp({ tenant: { id: () => current } })
    const first = notes.find('a')
    current = 't2'
    const second = notes.find('a')
    const third = notes.find('x')
    expect([await first, await second, await third].map((note) => note?.['n'])).toEqual([1, undefined, 4])
  })

  it('keeps an aggregation from other collections and from writing', async () => {
    const { notes } = await setUp({ tenant })
    const own = notes.own()
    const usage = expect.objectContaining({ code: 'LEX_ERR_USE_001' })
    for (const stage of [
      { $lookup: { from: 'users', localField: 'a', foreignField: 'b', as: 'c' } },
      { $unionWith: 'users' },
      { $unionWith: { coll: 'users', pipeline: [] } },
      { $graphLookup: { from: 'users', startWith: '$a', connectFromField: 'a', connectToField: 'b', as: 'c' } },
      { $facet: { all: [{ $lookup: { from: 'users', pipeline: [], as: 'c' } }] } },
      { $lookup: { from: 'notes', pipeline: [{ $unionWith: 'users' }], as: 'c' } },
      { $out: 'users' },
      { $merge: 'users' },
    ])
      await expect(own.aggregate([stage]).toArray()).rejects.toEqual(usage)
  })
})
