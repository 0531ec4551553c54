import type { MaybePromise } from '../../contract/context.ts'
import type { CollectionSpec } from '../../contract/define-collection.ts'
import type { DocumentBackend } from '../../contract/driver.ts'
import type { DriverCollection } from '../../contract/driver-collection.ts'
import { isIndexThere, placedByBackend } from '../../contract/index-model.ts'
import { applyWrites } from './document-view.ts'
import type { MemoryDatabase } from './memory-database.ts'
import { planRead } from './memory-plan.ts'
import { MemoryTransaction } from './memory-transaction.ts'
import { watchChanges } from './watch.ts'

type Collections = Pick<
  DocumentBackend,
  'collection' | 'listCollections' | 'createCollection' | 'dropCollection' | 'renameCollection' | 'begin'
>

/** What a backend does with the collections of one database. */
export function collectionsOf(database: MemoryDatabase): Collections {
  return {
    collection: (name, spec) => baseCollection(database, name, spec),
    async listCollections() {
      return [...database.collections.values()].filter(({ exists }) => exists).map(({ name }) => name)
    },
    async createCollection(name, spec) {
      const isCreated = database.create(name, spec)
      if (isCreated) await database.changed()
      return isCreated
    },
    async dropCollection(name) {
      const isDropped = database.drop(name)
      if (isDropped) await database.changed()
      return isDropped
    },
    async renameCollection(name, to, { dropTarget }) {
      database.rename(name, to, dropTarget)
      await database.changed()
    },
    begin: async () => new MemoryTransaction(database),
  }
}

/** A collection outside of transactions. One that was never written to reads as empty. */
function baseCollection(database: MemoryDatabase, name: string, spec?: CollectionSpec): DriverCollection {
  // One that is there, with nothing declared, is only looked up.
  const state = () =>
    (spec === undefined ? database.collections.get(name) : undefined) ?? database.collection(name, spec)
  // While others wait for their turn, nothing waits for a save: on Workers they may be other requests.
  let isExclusive = false
  let isUnsaved = false
  const save = (): MaybePromise<void> => {
    isUnsaved = isExclusive
    return isExclusive ? undefined : database.changed()
  }
  return {
    returnsOwnDocuments: true,
    expiry: state().expiry,
    plan: (query) => planRead(state(), query),
    async write(writes, { now, ordered }) {
      const collection = state()
      const outcomes = applyWrites(collection, writes, ordered)
      collection.sweep(now)
      const saved = save()
      if (saved !== undefined) await saved
      return outcomes
    },
    watch: async (request, context) => watchChanges(database, name, { request, context }),
    async exclusive(work) {
      try {
        return await database.exclusive(name, () => {
          isExclusive = true
          return work().finally(() => (isExclusive = false))
        })
      } finally {
        if (isUnsaved) await save()
      }
    },
    async listIndexes() {
      return [...state().indexes.values()].map(({ model }) => model)
    },
    async createIndex(given, { onProgress }) {
      const collection = state()
      const model = placedByBackend(given)
      const existing = [...collection.indexes.values()].map((index) => index.model)
      if (isIndexThere(model, existing)) return
      onProgress?.({ state: 'writing', documents: 0 })
      collection.createIndex(model)
      await database.changed()
      onProgress?.({ state: 'ready', documents: collection.records.size })
    },
    async dropIndex(index) {
      const dropped = state().dropIndex(index)
      await database.changed()
      return dropped
    },
  }
}
