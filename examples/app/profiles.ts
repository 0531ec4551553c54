import { DocumentRepository, DocumentStore, type Document, type WithId } from 'lexigram-edge/nosql'
import * as v from 'valibot'
import { profiles } from './collections.ts'

export interface Profile {
  readonly id: string
  readonly name: string
  readonly interests: readonly string[]
  /** Counts changes; saving an older one is a conflict. */
  readonly version?: number
}

export const ProfileBody = v.object({
  name: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(100)),
  interests: v.optional(v.array(v.pipe(v.string(), v.maxLength(50))), []),
  version: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
})

/** Profiles as documents, guarded against two people saving over each other. */
export class ProfileRepository extends DocumentRepository<Profile> {
  static readonly inject = [DocumentStore] as const
  protected readonly collectionName = profiles.name

  constructor(store: DocumentStore) {
    super(store, { version: true })
  }

  protected documentToEntity({ _id, ...profile }: WithId<Document>): Profile {
    // Only this repository writes the collection.
    return { id: String(_id), ...profile } as unknown as Profile
  }

  protected entityToDocument({ id, ...profile }: Profile) {
    return { _id: id, ...profile }
  }
}
