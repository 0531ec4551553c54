import { DocumentRepository, type DocumentStore, type WithId } from '../../../src/nosql/index.ts'
import type { Entry, RepositoryStorage, RepositoryTraits } from '../../../src/testing/index.ts'

type EntryDocument = Omit<Entry, 'id'> & { readonly _id: string; readonly tenantId?: string }

class EntryRepository extends DocumentRepository<Entry, string, EntryDocument> {
  protected readonly collectionName: string

  constructor(store: DocumentStore, collectionName: string, { tenant, timestamps, ...traits }: RepositoryTraits) {
    super(store, {
      ...traits,
      ...(tenant && { tenant: { id: tenant } }),
      ...(timestamps && { timestamps: true, clock: timestamps.clock }),
    })
    this.collectionName = collectionName
  }

  protected documentToEntity(document: WithId<EntryDocument>): Entry {
    const { _id: id, title, done, rank, at, version, createdAt, updatedAt } = document
    const kept = { ...(version && { version }), ...(createdAt && { createdAt }), ...(updatedAt && { updatedAt }) }
    return { id, title, done, rank, at, ...kept }
  }

  protected entityToDocument({ id, ...fields }: Entry) {
    return { _id: id, ...fields }
  }
}

let opened = 0

/** Entries of the conformance suite in a collection that nothing else uses. */
export async function documentEntries(store: DocumentStore): Promise<RepositoryStorage> {
  const collection = `entries_${Date.now()}_${++opened}`
  return {
    repository: (traits) => new EntryRepository(store, collection, traits),
    async [Symbol.asyncDispose]() {
      await store.dropCollection(collection)
    },
  }
}
