import { DocumentRepository, DocumentStore, type WithId } from 'lexigram-edge/nosql'
import type { Note } from './note.ts'

interface NoteDocument {
  readonly _id: string
  readonly text: string
}

/** Notes as documents of a collection. */
export class DocumentNotes extends DocumentRepository<Note, string, NoteDocument> {
  static readonly inject = [DocumentStore] as const
  protected readonly collectionName = 'notes'

  constructor(store: DocumentStore) {
    super(store)
  }

  protected documentToEntity({ _id, text }: WithId<NoteDocument>): Note {
    return { id: _id, text }
  }

  protected entityToDocument({ id, text }: Note) {
    return { _id: id, text }
  }
}
