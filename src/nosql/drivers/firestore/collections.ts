import type { DriverContext } from '../../contract/context.ts'
import type { CollectionSpec } from '../../contract/define-collection.ts'
import { catalogCollection, type Catalog } from './catalog.ts'
import type { FirestoreDocument } from './codec.ts'
import { assertOneCollection } from './group.ts'
import { collectionOf } from './collection-path.ts'
import type { Transport } from './transport.ts'
import { locksSuffix } from './unique.ts'

const pageSize = 300

export interface Database {
  readonly transport: Transport
  readonly catalog: Catalog
}

/** Firestore lists what has documents, and the catalogue what was created. */
export async function listCollections(transport: Transport, context: DriverContext): Promise<readonly string[]> {
  const ids = await collectionIds(transport, context)
  const created = await documentsOf(transport, catalogCollection, { context })
  const names = created.map(({ name }) => name.slice(name.lastIndexOf('/') + 1).replaceAll('|', '/'))
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
    }
    all.push(...(answer.collectionIds ?? []))
    pageToken = answer.nextPageToken
  } while (pageToken !== undefined && pageToken !== '')
  return all
}

interface Wanted {
  readonly name: string
  readonly spec: CollectionSpec | undefined
}

/** A collection without documents does not exist in Firestore: it is noted, with what its specification declares. */
export async function createCollection(
  { transport, catalog }: Database,
  { name, spec }: Wanted,
  context: DriverContext,
): Promise<boolean> {
  assertOneCollection(name)
  const isThere = (await listCollections(transport, context)).includes(name)
  const entries = await catalog.entriesOf(name, context)
  const missing = (spec?.indexes ?? []).filter((index) => !entries.some((entry) => entry.index.name === index.name))
  if (!isThere || missing.length > 0) {
    await catalog.save(name, [...entries, ...missing.map((index) => ({ index, state: 'ready' as const }))], context)
  }
  return !isThere
}

/** Documents, locks and what was noted. False when there was none. */
export async function dropCollection(
  { transport, catalog }: Database,
  name: string,
  context: DriverContext,
): Promise<boolean> {
  assertOneCollection(name)
  const isThere =
    (await listCollections(transport, context)).includes(name) ||
    (await documentsOf(transport, name, { context, limit: 1 })).length > 0
  for (const collection of [name, name + locksSuffix]) await deleteAll(transport, collection, context)
  await catalog.save(name, [], context)
  const noted = `${transport.root}/${catalogCollection}/${name.replaceAll('/', '|')}`
  await transport.call('commit', { writes: [{ delete: noted }] }, { context, isIdempotent: true })
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
  }[]
  return answers.flatMap(({ document }) => document ?? [])
}
