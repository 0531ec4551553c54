import type { DriverContext } from '../../contract/context.ts'
import { placedByBackend } from '../../contract/index-model.ts'
import { noteOf, notedCollection } from './indexes/catalog-storage.ts'
import type { FirestoreDocument } from './codec/codec.ts'
import type { NamedCollection } from '../../optimistic/kept-indexes.ts'
import type { Database } from './collection.ts'
import { indexWork } from './indexes/index-work.ts'
import { assertUnreserved, catalogCollection, locksSuffix } from './collection-names.ts'
import { placeOf } from './place.ts'
import { assertOneCollection } from './reading/group.ts'
import { collectionOf } from './collection-path.ts'
import type { Transport } from './transport.ts'

const pageSize = 300

/** Firestore lists what has documents, and the catalogue what was created. */
export async function listCollections(transport: Transport, context: DriverContext): Promise<readonly string[]> {
  const ids = await collectionIds(transport, context)
  const created = await documentsOf(transport, catalogCollection, { context })
  const names = created.map(({ name }) => notedCollection(name))
  return [...new Set([...ids, ...names])].filter((id) => id !== catalogCollection && !id.endsWith(locksSuffix))
}

async function collectionIds(transport: Transport, context: DriverContext): Promise<readonly string[]> {
  const all: string[] = []
  let pageToken: string | undefined
  do {
    const body = { pageSize, ...(pageToken !== undefined && { pageToken }) }
    const answer = (await transport.call('listCollectionIds', body, { context, isIdempotent: true })) as {
      collectionIds?: readonly string[]
      nextPageToken?: string
    } // by the protocol
    all.push(...(answer.collectionIds ?? []))
    pageToken = answer.nextPageToken
  } while (pageToken !== undefined && pageToken !== '')
  return all
}

/** A collection without documents does not exist in Firestore: it is noted, with what its specification declares. */
export async function createCollection(
  { transport, catalog }: Database,
  { name, spec }: NamedCollection,
  context: DriverContext,
): Promise<boolean> {
  assertUnreserved(name)
  assertOneCollection(name)
  const isThere = (await listCollections(transport, context)).includes(name)
  const indexes = (spec?.indexes ?? []).map(placedByBackend)
  if (!isThere && (await catalog.declare(name, indexes, context))) return true
  const place = placeOf(transport, name)
  for (const model of indexes) await catalog.create(name, model, { work: indexWork(place, model), context })
  return !isThere
}

/** Documents, locks and what was noted. False when there was none. */
export async function dropCollection(
  { transport, catalog }: Database,
  name: string,
  context: DriverContext,
): Promise<boolean> {
  assertUnreserved(name)
  assertOneCollection(name)
  const isThere =
    (await listCollections(transport, context)).includes(name) ||
    (await documentsOf(transport, name, { context, limit: 1 })).length > 0
  for (const collection of [name, name + locksSuffix]) await deleteAll(transport, collection, context)
  await transport.call('commit', { writes: [{ delete: noteOf(transport, name) }] }, { context, isIdempotent: true })
  catalog.forget(name)
  return isThere
}

async function deleteAll(transport: Transport, collection: string, context: DriverContext): Promise<void> {
  for (;;) {
    const page = await documentsOf(transport, collection, { context, limit: pageSize })
    if (page.length === 0) return
    const writes = page.map(({ name }) => ({ delete: name }))
    await transport.call('commit', { writes }, { context, isIdempotent: true })
  }
}

async function documentsOf(
  transport: Transport,
  collection: string,
  { context, limit }: { readonly context: DriverContext; readonly limit?: number },
): Promise<readonly FirestoreDocument[]> {
  const { parent, collectionId } = collectionOf(collection)
  const structuredQuery = {
    from: [{ collectionId }],
    select: { fields: [{ fieldPath: '__name__' }] },
    ...(limit !== undefined && { limit }),
  }
  const below = parent === undefined ? {} : { parent }
  const answers = (await transport.call(
    'runQuery',
    { structuredQuery },
    { context, isIdempotent: true, ...below },
  )) as readonly {
    document?: FirestoreDocument
  }[] // by the protocol
  return answers.flatMap(({ document }) => document ?? [])
}
