import { describe, expect, it } from 'vitest'
import { defineCollection } from '../../../contract/define-collection.ts'
import { firestoreIndexes, type FirestoreIndexFile } from './index-file.ts'

const orders = defineCollection('users/1/orders', {
  fields: { tenant: 'string', placed: 'date', until: 'date', 'a b': 'string' },
  indexes: [
    { keys: { tenant: 1, placed: -1 } },
    { keys: 'tenant', unique: true },
    { keys: 'until', expireAfterSeconds: 0 },
    { keys: 'placed', expireAfterSeconds: 60 },
    { keys: { 'a b': 1, _id: 1 } },
  ],
})
const posts = defineCollection('posts', { fields: { at: 'date' }, indexes: [{ keys: { tags: 1, at: 1 } }] })

describe('firestore.indexes.json', () => {
  it('has a composite index for each declared index of several paths, in both directions after the first', () => {
    expect(firestoreIndexes([orders]).indexes).toEqual([
      {
        collectionGroup: 'orders',
        queryScope: 'COLLECTION',
        fields: [
          { fieldPath: 'tenant', order: 'ASCENDING' },
          { fieldPath: 'placed', order: 'DESCENDING' },
        ],
      },
      {
        collectionGroup: 'orders',
        queryScope: 'COLLECTION',
        fields: [
          { fieldPath: 'tenant', order: 'ASCENDING' },
          { fieldPath: 'placed', order: 'ASCENDING' },
        ],
      },
    ])
  })

  it('finds elements of arrays where a path may hold one', () => {
    const fields = firestoreIndexes([posts]).indexes?.map((index) => index.fields[0])
    expect(fields).toContainEqual({ fieldPath: 'tags', arrayConfig: 'CONTAINS' })
    expect(fields).toContainEqual({ fieldPath: 'tags', order: 'ASCENDING' })
  })

  it('overrides fields of notes, with a TTL policy only where documents end at the date itself', () => {
    expect(firestoreIndexes([orders]).fieldOverrides).toEqual([
      { collectionGroup: 'orders', fieldPath: '_lexigram', indexes: [] },
      expect.objectContaining({ collectionGroup: 'orders', fieldPath: 'until', ttl: true }),
    ])
  })

  it('changes nothing when it is done again', () => {
    const existing = {
      indexes: [
        {
          collectionGroup: 'orders',
          queryScope: 'COLLECTION',
          fields: [
            { fieldPath: 'tenant', order: 'ASCENDING' },
            { fieldPath: 'placed', order: 'DESCENDING' },
          ],
        },
        { collectionGroup: 'other', queryScope: 'COLLECTION_GROUP', fields: [{ fieldPath: 'x', order: 'ASCENDING' }] },
      ],
      fieldOverrides: [
        { collectionGroup: 'orders', fieldPath: 'until', indexes: [] },
        {
          collectionGroup: 'orders',
          fieldPath: '_lexigram',
          indexes: [{ order: 'ASCENDING', queryScope: 'COLLECTION' }],
        },
      ],
      // Another tool's.
      more: 1,
    } as const satisfies FirestoreIndexFile & Record<string, unknown>
    const once = firestoreIndexes([orders], existing)
    expect(once.indexes?.slice(0, 2)).toEqual(existing.indexes)
    expect(once.indexes).toHaveLength(3)
    expect(once.fieldOverrides).toEqual([
      { collectionGroup: 'orders', fieldPath: 'until', indexes: [], ttl: true },
      existing.fieldOverrides[1],
    ])
    expect(once).toMatchObject({ more: 1 })
    expect(firestoreIndexes([orders], once)).toEqual(once)
  })

  it('knows its indexes in what Google’s tools export', () => {
    const { indexes = [] } = firestoreIndexes([orders])
    const exported = indexes.map(({ fields, ...index }) => {
      const last = fields.at(-1)
      const order = last !== undefined && 'order' in last ? last.order : 'ASCENDING'
      return { ...index, fields: [...fields, { fieldPath: '__name__', order }], density: 'SPARSE_ALL', multikey: false }
    })
    expect(firestoreIndexes([orders], { indexes: exported }).indexes).toEqual(exported)
  })

  it('takes an index with its names in another order for another', () => {
    const [index] = firestoreIndexes([orders]).indexes ?? []
    const name = { fieldPath: '__name__', order: 'ASCENDING' } as const
    const other = {
      collectionGroup: 'orders',
      queryScope: 'COLLECTION',
      ...index,
      fields: [...(index?.fields ?? []), name],
    } as const
    expect(firestoreIndexes([orders], { indexes: [other] }).indexes).toContainEqual(index)
  })

  it('keeps entries that differ in what this package does not know', () => {
    const vector = (dimension: number) => ({
      collectionGroup: 'orders',
      queryScope: 'COLLECTION',
      fields: [{ fieldPath: 'embedding', vectorConfig: { dimension, flat: {} } }],
    })
    const dense = {
      collectionGroup: 'orders',
      queryScope: 'COLLECTION',
      density: 'DENSE',
      fields: [
        { fieldPath: 'tenant', order: 'ASCENDING' },
        { fieldPath: 'placed', order: 'DESCENDING' },
      ],
    }
    const twice = { collectionGroup: 'orders', fieldPath: 'x', indexes: [] }
    const existing = { indexes: [vector(3), vector(768), dense], fieldOverrides: [twice, twice] }
    const once = firestoreIndexes([orders], existing as unknown as FirestoreIndexFile) // as another tool wrote it
    expect(once.indexes?.slice(0, 3)).toEqual(existing.indexes)
    expect(once.fieldOverrides?.slice(0, 2)).toEqual([twice, twice])
    // A dense index is not the one that queries need.
    expect(once.indexes?.slice(3)).toEqual(firestoreIndexes([orders]).indexes)
  })

  it('is not made for a reserved name', () => {
    const reserved = defineCollection('cards~locks', { indexes: [{ keys: { a: 1, b: 1 } }] })
    expect(() => firestoreIndexes([reserved])).toThrow(/~locks/)
  })
})
