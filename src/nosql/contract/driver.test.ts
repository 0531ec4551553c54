import { describe, expect, it } from 'vitest'
import { documentStoreConformance } from '../../testing/document-store-conformance/document-store-conformance.ts'
import { createDocumentStore } from '../store/document-store.ts'
import type { DocumentBackend, DocumentDriver } from './driver.ts'
import type { DriverCollection } from './driver-collection.ts'
import type { DriverPage, StoredDocument } from './query.ts'
import type { Modification } from './write.ts'
import { memory } from '../drivers/memory/memory-driver.ts'
import { copyValue } from '../query/value.ts'

type Change<T> = (inner: T) => T

function changed(backend: Change<DocumentBackend>): DocumentDriver {
  const driver = memory()
  return { ...driver, name: 'changed', open: (settings) => backend(driver.open(settings)) }
}

const withCollections =
  (change: Change<DriverCollection>): Change<DocumentBackend> =>
  (inner) => ({
    ...inner,
    collection: async (name, spec, context) => change(await inner.collection(name, spec, context)),
  })

/** The same, said to speak the query language itself. */
function speaking(driver: DocumentDriver): DocumentDriver {
  return {
    ...driver,
    open(settings) {
      const backend = driver.open(settings)
      return { ...backend, capabilities: { ...backend.capabilities, evaluates: 'server' } }
    },
  }
}

async function* pagesOfThree(
  pages: AsyncIterable<DriverPage<StoredDocument>>,
): AsyncGenerator<DriverPage<StoredDocument>, void> {
  for await (const { documents } of pages) {
    for (let start = 0; start < documents.length; start += 3) {
      yield { documents: documents.slice(start, start + 3), scanned: 3, requests: 1 }
    }
    yield { documents: [], scanned: 0, requests: 1 }
  }
}

const noPredicate = {
  eq: 'none',
  in: 'none',
  range: 'none',
  ne: 'none',
  exists: 'none',
  regex: 'none',
  elemMatch: 'none',
  or: 'none',
} as const

/** A backend that answers no predicate but on `_id`, sorts nothing, has small pages and batches, and loses every fifth write. */
const poorest: Change<DocumentBackend> = (inner) => {
  const { begin: _begin, ...rest } = inner
  const { capabilities } = inner
  let writes = 0
  const collections = withCollections(({ exclusive: _exclusive, ...collection }) => ({
    ...collection,
    async plan(query, context) {
      const byId = await collection.plan(query, context)
      if (byId.explain().access === 'get') return byId
      const filter = { kind: 'and', nodes: [] } as const
      const everything = { filter, matches: () => true, skip: 0, limit: Infinity, needs: 'whole' } as const
      const all = await collection.plan(everything, context)
      return {
        ...all,
        explain: () => ({ ...byId.explain(), sort: query.sort === undefined ? 'none' : 'client' }),
        exact: false,
        sorted: query.sort === undefined,
        read: (call) => pagesOfThree(all.read(call)),
      }
    },
    async write(batch, context) {
      expect(batch.length).toBeLessThanOrEqual(2)
      if (batch.every(({ kind }) => kind === 'replace') && ++writes % 5 === 0) return [{ kind: 'conflict' }]
      return collection.write(copyValue(batch as never), context)
    },
  }))
  return {
    ...collections(rest),
    capabilities: {
      ...capabilities,
      filter: { declared: noPredicate, undeclared: noPredicate },
      sort: 'client',
      transaction: { ...capabilities.transaction, kind: 'none' },
      index: {
        ...capabilities.index,
        create: false,
        unique: 'none',
        sparse: false,
        partial: false,
        ttl: false,
        multikey: false,
      },
      limits: { ...capabilities.limits, writeBatch: 2, documentBytes: 10_000 },
    },
  }
}

describe('a driver with nothing but the required part', () => {
  const driver = changed(poorest)
  const sleep = async () => undefined
  documentStoreConformance(
    { open: (options) => createDocumentStore(driver, { sleep, attempts: 100, ...options }) },
    { describe, it },
  )
})

describe('what a driver claims', () => {
  it('spares the work here: exact, sorted, limited and projected answers are handed on as they come', async () => {
    const driver = changed(
      withCollections((inner) => ({
        ...inner,
        plan: async (query, context) => ({
          ...(await inner.plan(query, context)),
          exact: true,
          sorted: true,
          limited: true,
          projected: true,
          async *read() {
            yield { documents: [{ document: { _id: 1, a: 'other' }, revision: 1 }], scanned: 1, requests: 1 }
          },
        }),
      })),
    )
    const items = createDocumentStore(driver).collection('items')
    expect(await items.find({ a: 1 }, { sort: 'a', skip: 5, limit: 1, projection: { b: 1 } }).toArray()).toEqual([
      { _id: 1, a: 'other' },
    ])
  })

  it('never limits before the filter has been re-checked', async () => {
    const driver = changed(
      withCollections((inner) => ({
        ...inner,
        plan: async (query, context) => ({
          ...(await inner.plan({ ...query, filter: { kind: 'and', nodes: [] } }, context)),
          exact: false,
        }),
      })),
    )
    const items = createDocumentStore(driver).collection('items')
    await items.insertMany(Array.from({ length: 20 }, (_, _id) => ({ _id, even: _id % 2 === 0 })))
    expect(await items.find({ even: true }, { skip: 2, limit: 3 }).toArray()).toMatchObject([
      { _id: 4 },
      { _id: 6 },
      { _id: 8 },
    ])
    expect(await items.countDocuments({ even: true }, { limit: 4 })).toBe(4)
  })

  it('is asked first to count, to aggregate and to modify', async () => {
    const commands: Modification[] = []
    const native = changed((backend) => ({
      ...withCollections((inner) => ({
        ...inner,
        count: async ({ limit }) => (limit === Infinity ? 42 : limit),
        async *aggregate({ pipeline }) {
          yield { documents: [{ _id: pipeline.length }], scanned: 1, requests: 1 }
        },
        async modify(command) {
          commands.push(command)
          return {
            matchedCount: 1,
            modifiedCount: 1,
            upsertedId: command.upsert ? 'new' : undefined,
            document: { _id: 7 },
          }
        },
      }))(backend),
      capabilities: { ...backend.capabilities, evaluates: 'server' },
    }))
    const items = createDocumentStore(native).collection('items')
    expect([await items.countDocuments(), await items.countDocuments({}, { limit: 3 })]).toEqual([42, 3])
    expect(await items.aggregate([{ $match: {} }]).toArray()).toEqual([{ _id: 1 }])
    const update = { $set: { a: 1 } }
    expect(await items.updateOne({ _id: 1 }, update, { upsert: true })).toMatchObject({
      upsertedId: 'new',
      upsertedCount: 1,
    })
    expect(await items.findOneAndReplace({ b: 1 }, { a: 1 }, { returnDocument: 'after' })).toEqual({ _id: 7 })
    expect(await items.deleteMany({ b: 1 })).toEqual({ deletedCount: 1 })
    await expect(items.updateOne({}, { $nope: {} })).rejects.toMatchObject({ code: 'LEX_ERR_NOSQL_007' })
    expect(commands).toMatchObject([
      { change: { ops: [{ operator: '$set', path: 'a', operand: 1 }] }, multi: false, upsert: true },
      { change: { kind: 'replacement', document: { a: 1 } }, multi: false, upsert: false, returns: 'after' },
      { change: null, multi: true, upsert: false },
    ])
  })

  it('reaches the caller when it is an error', async () => {
    const lost = new Error('the network is gone')
    const driver = changed((backend) => ({ ...backend, connect: async () => Promise.reject(lost) }))
    const store = createDocumentStore(driver)
    await expect(store.collection('items').findOne({})).rejects.toBe(lost)
    await expect(store.collection('items').insertOne({})).rejects.toBe(lost)
    expect(await store.healthCheck()).toMatchObject({ status: 'unhealthy', error: lost })
  })

  it('sees the query as it was written, without a projection of what is written back', async () => {
    const sources: unknown[] = []
    const driver = changed(
      withCollections((inner) => ({
        ...inner,
        plan(query, context) {
          sources.push(query.source)
          return inner.plan(query, context)
        },
      })),
    )
    const items = createDocumentStore(speaking(driver)).collection('items')
    await items.insertOne({ _id: 1, a: 1, b: 2 })
    const projection = { a: 1 }
    expect(await items.findOne({ a: 1 }, { projection })).toEqual({ _id: 1, a: 1 })
    expect(await items.findOneAndUpdate({ a: 1 }, { $set: { c: 3 } }, { projection })).toEqual({ _id: 1, a: 1 })
    expect(sources).toMatchObject([{ filter: { a: 1 }, projection }, { filter: { a: 1 } }])
    expect(sources[1]).not.toMatchObject({ projection })
    expect(await items.findOne({})).toEqual({ _id: 1, a: 1, b: 2, c: 3 })
  })

  it('closes when a cursor is left early', async () => {
    let released = 0
    const driver = changed(
      withCollections((inner) => ({
        ...inner,
        async plan(query, context) {
          const plan = await inner.plan(query, context)
          return {
            ...plan,
            async *read(call) {
              try {
                yield* pagesOfThree(plan.read(call))
              } finally {
                released++
              }
            },
          }
        },
      })),
    )
    const items = createDocumentStore(driver).collection('items')
    await items.insertMany(Array.from({ length: 9 }, (_, _id) => ({ _id })))
    for await (const _ of items.find({})) break
    await items.findOne({})
    await items.find({}, { limit: 4 }).toArray()
    expect(released).toBe(3)
  })
})
