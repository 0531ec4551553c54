import { describe, expectTypeOf, it } from 'vitest'
import { defineCollection } from '../contract/define-collection.ts'
import type { Document, Value } from '../query/value.ts'
import type { DocumentStore } from '../store/document-store.ts'
import type { FindOptions } from './checks/operation-options.ts'
import type { Collection } from './collection.ts'
import type { DocumentId } from './document-id.ts'
import type { FindAndModifyResult } from './results.ts'

interface User {
  readonly _id: string
  readonly name: string
  readonly age?: number
  readonly tags: readonly string[]
  readonly address: { readonly city: string; readonly zip: number }
}

interface Draft {
  readonly title: string
}

declare const store: DocumentStore
declare const users: Collection<User>
declare const drafts: Collection<Draft>
const change = { $set: { name: 'x' } }

describe('Collection', () => {
  it('returns the type of its documents, with their _id', () => {
    expectTypeOf(users.findOne({})).resolves.toEqualTypeOf<User | null>()
    expectTypeOf(users.find({}).toArray()).resolves.toEqualTypeOf<User[]>()
    expectTypeOf(drafts.findOne({})).resolves.toEqualTypeOf<(Draft & { readonly _id: DocumentId }) | null>()
  })

  it('takes the type from a specification', () => {
    const spec = defineCollection<User>('users')
    expectTypeOf(store.collection(spec).findOne({})).resolves.toEqualTypeOf<User | null>()
  })

  it('does not ask for _id where it can make one, in inserts and replacements', () => {
    const user = { name: 'x', tags: [], address: { city: 'x', zip: 1 } }
    void users.insertOne(user)
    void users.insertMany([user, { ...user, _id: 'a' }])
    void users.replaceOne({ _id: 'a' }, user)
    void users.findOneAndReplace({ _id: 'a' }, user)
    void users.bulkWrite([{ insertOne: { document: user } }, { replaceOne: { filter: {}, replacement: user } }])
    void drafts.insertOne({ title: 'x' })
    const numbered = store.collection<{ _id: number; n: number }>('numbered')
    void numbered.replaceOne({ _id: 1 }, { n: 1 })
    // @ts-expect-error: what the collection makes is text
    void numbered.insertOne({ n: 1 })
  })

  it('refuses documents of another shape', () => {
    // @ts-expect-error: a name is missing
    void users.insertOne({ _id: 'a' })
    // @ts-expect-error: a name is missing
    void users.replaceOne({}, { tags: [], address: { city: 'x', zip: 1 } })
    // @ts-expect-error: a function is not a value
    void store.collection('any').insertOne({ f: () => 1 })
  })

  it('derives ids from the type of the documents', () => {
    const user = { name: 'x', tags: [], address: { city: 'x', zip: 1 } }
    expectTypeOf(users.insertOne(user)).resolves.toHaveProperty('insertedId').toEqualTypeOf<string>()
    expectTypeOf(users.insertMany([user]))
      .resolves.toHaveProperty('insertedIds')
      .toEqualTypeOf<readonly string[]>()
    expectTypeOf(users.updateOne({}, change)).resolves.toHaveProperty('upsertedId').toEqualTypeOf<string | null>()
    expectTypeOf(drafts.insertOne({ title: 'x' }))
      .resolves.toHaveProperty('insertedId')
      .toEqualTypeOf<DocumentId>()
    expectTypeOf(users.bulkWrite([]))
      .resolves.toHaveProperty('upsertedIds')
      .toEqualTypeOf<Readonly<Record<number, string>>>()
  })

  it('derives distinct values from the type of the documents', () => {
    expectTypeOf(users.distinct('name')).resolves.toEqualTypeOf<string[]>()
    expectTypeOf(users.distinct('tags')).resolves.toEqualTypeOf<string[]>()
    expectTypeOf(users.distinct('age')).resolves.toEqualTypeOf<number[]>()
    expectTypeOf(users.distinct('address.zip')).resolves.toEqualTypeOf<number[]>()
    expectTypeOf(users.distinct('_id')).resolves.toEqualTypeOf<string[]>()
    expectTypeOf(store.collection('any').distinct('a')).resolves.toEqualTypeOf<Value[]>()
    // @ts-expect-error: misspelt
    void users.distinct('naame')
  })

  it('narrows to what a projection keeps, in every method that has one', () => {
    type Name = { readonly _id: string; readonly name: string }
    const projection = { name: 1 } as const
    expectTypeOf(users.find({}, { projection: { name: 1 } }).toArray()).resolves.toEqualTypeOf<Name[]>()
    expectTypeOf(users.findOne({}, { projection: { name: 1 } })).resolves.toEqualTypeOf<Name | null>()
    expectTypeOf(users.findPage({}, { projection })).resolves.toHaveProperty('items').toEqualTypeOf<readonly Name[]>()
    expectTypeOf(users.findOneAndUpdate({}, change, { projection })).resolves.toEqualTypeOf<Name | null>()
    expectTypeOf(users.findOneAndDelete({}, { projection: { name: 1 } })).resolves.toEqualTypeOf<Name | null>()
    expectTypeOf(users.find().project({ name: 1 }).toArray()).resolves.toEqualTypeOf<Name[]>()
    expectTypeOf(users.find().project<{ n: string }>({ n: '$name' }).next()).resolves.toEqualTypeOf<{
      n: string
    } | null>()
    const options: FindOptions<User> = { projection: { name: 1 } }
    expectTypeOf(users.findOne({}, options)).resolves.toEqualTypeOf<Partial<User> | null>()
  })

  it('chains a find, and keeps its type', () => {
    const cursor = users
      .find({ age: { $gt: 1 } })
      .sort({ age: -1 })
      .skip(1)
      .limit(2)
    expectTypeOf(cursor.toArray()).resolves.toEqualTypeOf<User[]>()
    expectTypeOf(cursor.map(({ name }) => name.length).toArray()).resolves.toEqualTypeOf<number[]>()
    expectTypeOf(cursor.next()).resolves.toEqualTypeOf<User | null>()
    void users
      .find()
      .sort('age', 'desc')
      .sort([['name', 1]])
    // @ts-expect-error: misspelt
    void users.find().sort({ agee: 1 })
    // @ts-expect-error: misspelt
    void users.find().project({ naame: 1 })
  })

  it('returns metadata where it is asked for', () => {
    expectTypeOf(users.findOneAndUpdate({}, change, { includeResultMetadata: true })).resolves.toEqualTypeOf<
      FindAndModifyResult<User, string>
    >()
    expectTypeOf(users.findOneAndDelete({}, { includeResultMetadata: false })).resolves.toEqualTypeOf<User | null>()
  })

  it('refuses fields, operators and values that do not fit, in every argument', () => {
    // @ts-expect-error: misspelt
    void users.find({ naame: 'x' })
    // @ts-expect-error: misspelt
    void users.findOne({ age: { $ltt: 1 } })
    // @ts-expect-error: text
    void users.countDocuments({ age: 'x' })
    // @ts-expect-error: misspelt
    void users.deleteMany({ naame: 'x' })
    // @ts-expect-error: misspelt
    void users.updateOne({}, { $sett: { name: 'x' } })
    // @ts-expect-error: misspelt
    void users.updateMany({}, { $set: { naame: 'x' } })
    // @ts-expect-error: misspelt
    void users.find({}, { sort: { agee: 1 } })
    // @ts-expect-error: misspelt
    void users.findPage({}, { sort: 'agee' })
    // @ts-expect-error: misspelt
    void users.findOne({}, { projection: { naame: 1 } })
    // @ts-expect-error: misspelt
    void users.updateOne({}, change, { sort: { agee: 1 } })
    // @ts-expect-error: misspelt
    void users.bulkWrite([{ updateOne: { filter: { naame: 'x' }, update: change } }])
    // @ts-expect-error: no such option
    void users.find({}, { limmit: 1 })
  })

  it('of Document is loose', () => {
    const loose = store.collection('any')
    void loose.find({ whatever: { $ltt: 1 } }, { sort: { x: 1 }, projection: { y: 1, z: { $add: ['$a', 1] } } })
    void loose.updateOne({ a: 1 }, { $sett: { b: 2 } })
    expectTypeOf(loose.findOne({}, { projection: { a: 1 } })).resolves.toExtend<Document | null>()
    expectTypeOf(loose.find().sort('a').toArray()).resolves.toEqualTypeOf<(Document & { readonly _id: DocumentId })[]>()
  })

  it('lets an aggregation say what it returns', () => {
    expectTypeOf(store.collection('any').aggregate([])).toExtend<AsyncIterable<Document>>()
    expectTypeOf(users.aggregate<{ total: number }>([{ $match: {} }]).toArray()).resolves.toEqualTypeOf<
      { total: number }[]
    >()
  })

  it('returns what a transaction returns', () => {
    expectTypeOf(store.transaction(async () => 3)).resolves.toEqualTypeOf<number>()
  })
})
