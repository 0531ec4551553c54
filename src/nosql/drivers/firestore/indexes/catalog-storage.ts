import type { DriverContext } from '../../../contract/context.ts'
import type { CatalogStorage } from '../../../optimistic/catalog-record.ts'
import { recordFromText, recordToText } from '../../../optimistic/catalog-text.ts'
import { catalogCollection } from '../collection-names.ts'
import { getDocuments } from '../reading/documents.ts'
import { FirestoreFailure, toWriteFailure } from '../errors.ts'
import type { Transport } from '../transport.ts'

/** Keeps what is known of a collection's indexes in one document for each collection. */
export function catalogStorage(transport: Transport): CatalogStorage<DriverContext> {
  return {
    async read(collection, context) {
      const name = noteOf(transport, collection)
      const found = (await getDocuments(transport, [name], context)).get(name)
      const text = found?.fields?.['indexes']?.['stringValue']
      return typeof text === 'string' ? { record: recordFromText(text), revision: found?.updateTime } : undefined
    },
    async write(collection, { record, before }, context) {
      const fields = { indexes: { stringValue: recordToText(record) } }
      const currentDocument = before === undefined ? { exists: false } : { updateTime: before }
      const write = { update: { name: noteOf(transport, collection), fields }, currentDocument }
      try {
        // Repeated after a lost answer it fails, and what it has written is read.
        await transport.call('commit', { writes: [write] }, { context, isIdempotent: true })
        return true
      } catch (error) {
        if (error instanceof FirestoreFailure && changed.has(error.status)) return false
        throw toWriteFailure(error)
      }
    },
  }
}

const changed = new Set(['ALREADY_EXISTS', 'FAILED_PRECONDITION', 'NOT_FOUND', 'ABORTED'])

/** The name of the document that notes the indexes of a collection. */
export function noteOf({ root }: Transport, collection: string): string {
  const note = collection.replace(/[%|]/g, encodeURIComponent).replaceAll('/', '|')
  return `${root}/${catalogCollection}/${note}`
}

/** The collection whose indexes are noted in the document with this name. */
export function notedCollection(name: string): string {
  const note = name.slice(name.lastIndexOf('/') + 1)
  return note.replaceAll('|', '/').replace(/%(?:25|7C)/g, decodeURIComponent)
}
