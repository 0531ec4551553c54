import { describe, expectTypeOf, it } from 'vitest'
import { defineCollection } from '../contract/define-collection.ts'
import type { DocumentId } from './document-id.ts'
import type { DocumentStore } from '../store/document-store.ts'
import type { Document, Value } from '../query/value.ts'

interface User {
  readonly _id: string
  readonly name: string
}

interface Draft {
  readonly title: string
}

declare const store: DocumentStore

describe('Collection', () => {
  it('gives back the type of its documents, with their _id', () => {
    const users = store.collection<User>('users')
    expectTypeOf(users.findOne({})).resolves.toEqualTypeOf<User | null>()
    expectTypeOf(users.find({}).toArray()).resolves.toEqualTypeOf<User[]>()
    const drafts = store.collection<Draft>('drafts')
    expectTypeOf(drafts.findOne({})).resolves.toEqualTypeOf<(Draft & { readonly _id: DocumentId }) | null>()
    expectTypeOf(store.collection('any').distinct('a')).resolves.toEqualTypeOf<Value[]>()
  })

  it('takes the type from a specification', () => {
    const users = defineCollection<User>('users')
    expectTypeOf(store.collection(users).findOne({})).resolves.toEqualTypeOf<User | null>()
  })

  it('refuses documents of another shape', () => {
    // @ts-expect-error: a name is missing
    void store.collection<User>('users').insertOne({ _id: 'a' })
    // @ts-expect-error: a function is no value
    void store.collection('any').insertOne({ f: () => 1 })
  })

  it('lets an aggregation say what it gives', () => {
    expectTypeOf(store.collection('any').aggregate([])).toExtend<AsyncIterable<Document>>()
    expectTypeOf(store.collection('any').aggregate<{ total: number }>([]).toArray()).resolves.toEqualTypeOf<
      { total: number }[]
    >()
  })

  it('gives what a transaction returns', () => {
    expectTypeOf(store.transaction(async () => 3)).resolves.toEqualTypeOf<number>()
  })
})
