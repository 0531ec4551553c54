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
const production = firestore({
  fetch: (request) =>
    Promise.resolve(
      request.endsWith(':batchGet')
        ? Response.json([{ missing: 'x', readTime: '2024-01-01T00:00:00Z' }])
        : Response.json(
            [
              {
                error: {
                  code: 400,
                  message: `The query requires an index. You can create it here: ${url}`,
                  status: 'FAILED_PRECONDITION',
                },
              },
            ],
            { status: 400 },
          ),
    ),
})

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
})
