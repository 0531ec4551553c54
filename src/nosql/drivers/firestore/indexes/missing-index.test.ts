import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { defineCollection } from '../../../contract/define-collection.ts'
import { createDocumentStore } from '../../../store/document-store.ts'
import { firestoreIndexes } from '../deployment/index-file.ts'
import { firestore } from '../firestore-driver.ts'
import { MissingIndexError } from './missing-index.ts'

const orders = defineCollection('orders', {
  fields: { tenant: 'string', placed: 'date', total: 'number' },
  indexes: [{ keys: { tenant: 1, placed: -1 } }],
})
const url = 'https://console.firebase.google.com/v1/r/project/p/firestore/indexes?create_composite=Cks'

/** The emulator answers without composite indexes: what production says is played back. */
const saying = (message: string) =>
  firestore({
    fetch: (request) =>
      Promise.resolve(
        request.endsWith(':batchGet')
          ? Response.json([{ missing: 'x', readTime: '2024-01-01T00:00:00Z' }])
          : Response.json([{ error: { code: 400, message, status: 'FAILED_PRECONDITION' } }], { status: 400 }),
      ),
  })
const production = saying(`The query requires an index. You can create it here: ${url}`)

describe('a composite index that production lacks', () => {
  const filter = { tenant: 'ada-5512', placed: { $gte: new Date(0) } }
  const sort = { placed: -1 } as const

  it('is one typed error with the definition to add, for reads and for counts', async () => {
    await using store = createDocumentStore(production, { config: { projectId: 'p', emulatorHost: 'localhost:1' } })
    const collection = store.collection(orders)
    const [wanted] = firestoreIndexes([orders]).indexes ?? []
    const error: unknown = await collection
      .find(filter, { sort })
      .toArray()
      .catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(MissingIndexError)
    expect(error).toMatchObject({
      code: 'LEX_ERR_NOSQL_015',
      details: { collection: 'orders', url, indexes: [wanted] },
      hint: expect.stringContaining('orders: tenant ASC, placed DESC') as string,
    })
    expect(inspect(error, { depth: 9 })).not.toContain('5512')
    await expect(collection.countDocuments(filter)).rejects.toMatchObject({
      code: 'LEX_ERR_NOSQL_015',
      hint: expect.stringContaining('orders: tenant ASC, placed ASC') as string,
    })
  })

  it('is what explain names beforehand', async () => {
    await using store = createDocumentStore(production, { config: { projectId: 'p', emulatorHost: 'localhost:1' } })
    expect(await store.collection(orders).explain(filter, { sort })).toMatchObject({
      index: 'orders: tenant ASC, placed DESC',
      requiredIndexes: [
        [
          ['tenant', 1],
          ['placed', -1],
        ],
      ],
      scan: false,
      sort: 'index',
    })
    expect(await store.collection(orders).explain({ tenant: 'x', total: 3 })).toMatchObject({ index: 'automatic' })
    expect(
      await store.collection(orders).explain({ $or: [{ tenant: 'x' }, { total: 3 }] }, { sort: { _id: 1 } }),
    ).toMatchObject({
      index: 'automatic',
      requiredIndexes: [],
    })
  })

  const missing = 'The query requires an index.'
  const ofGroup = 'The query requires a COLLECTION_GROUP_ASC index for collection orders and field state.'
  const cloudUrl = 'https://console.cloud.google.com/firestore/indexes?create_exemption=Cks'
  it.each([
    ['a group', '*/orders', `${ofGroup} You can create it here: ${cloudUrl}`, 'the scope COLLECTION_GROUP'],
    ['a group, without a word', '*/orders', '', 'the scope COLLECTION_GROUP'],
    ['an exempted field', 'orders', 'The query requires a COLLECTION_ASC index …', 'the scope COLLECTION '],
    ['one that is built', 'orders', `${missing} That index is currently building …`, 'when it is built'],
  ])('is named for %s', async (_what, name, message, hint) => {
    await using store = createDocumentStore(saying(message), {
      config: { projectId: 'p', emulatorHost: 'localhost:1' },
    })
    const error: unknown = await store
      .collection(name)
      .findOne({ state: 'x' })
      .catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'LEX_ERR_NOSQL_015', hint: expect.stringContaining(hint) as string })
    const url = message.includes(cloudUrl) ? cloudUrl : undefined
    expect((error as MissingIndexError).details?.['url']).toBe(url)
  })

  it('is not what another refusal is taken for', async () => {
    const datastore = saying('The Cloud Firestore API is not available for Firestore in Datastore Mode database.')
    await using store = createDocumentStore(datastore, { config: { projectId: 'p', emulatorHost: 'localhost:1' } })
    await expect(store.collection('orders').findOne({ a: 1 })).rejects.toMatchObject({ code: 'LEX_ERR_NOSQL_002' })
  })
})
