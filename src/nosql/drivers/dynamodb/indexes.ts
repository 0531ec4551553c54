import type { DriverContext } from '../../contract/context.ts'
import type { Expiry, IndexContext } from '../../contract/driver-collection.ts'
import { idIndex, isIndexThere, type IndexModel, type ListedIndex } from '../../contract/index-model.ts'
import type { Item } from './attribute-values.ts'
import type { Catalog, CatalogEntry } from './catalog.ts'
import { attributes, encodeDocument } from './codec.ts'
import { DynamoFailure, toWriteFailure } from './errors.ts'
import type { Place } from './place.ts'
import { stored } from './reads.ts'
import { locksOf } from './unique.ts'
import { duplicateKey, entryActions, named } from './writes.ts'

export interface IndexTarget {
  readonly place: Place
  readonly catalog: Catalog
}

export async function listIndexes(
  { place, catalog }: IndexTarget,
  context: DriverContext,
): Promise<readonly ListedIndex[]> {
  const entries = await catalog.entriesOf(place, context)
  return [idIndex, ...entries.map(({ index, state }) => ({ ...index, ...(state !== 'ready' && { state }) }))]
}

/** Writers keep the index from the first note on; the documents that are there get their entries when all have seen it. */
export async function createIndex(
  { place, catalog }: IndexTarget,
  index: IndexModel,
  context: IndexContext,
): Promise<void> {
  const entries = await catalog.entriesOf(place, context)
  if (
    isIndexThere(
      index,
      entries.filter(({ state }) => state === 'ready').map((entry) => entry.index),
    )
  )
    return
  const others = entries.filter((entry) => entry.index.name !== index.name)
  const save = async (state: CatalogEntry['state'], documents: number): Promise<void> => {
    await catalog.save(place, [...others, { index, state }], context)
    context.onProgress?.({ state, documents })
  }
  await save('writing', 0)
  if ((await firstPage(place, 'd', context)).items.length > 0) await waitUntilSeen(catalog, context)
  try {
    const documents = await backfill(place, index, context)
    await save('backfilled', documents)
    await save('ready', documents)
  } catch (error) {
    await catalog.save(place, others, context)
    await deleteItems(place, index, context)
    throw error
  }
}

export async function dropIndex(
  { place, catalog }: IndexTarget,
  name: string,
  context: DriverContext,
): Promise<boolean> {
  const entries = await catalog.entriesOf(place, context)
  const found = entries.find((entry) => entry.index.name === name)
  if (found === undefined) return false
  await catalog.save(
    place,
    entries.filter((entry) => entry !== found),
    context,
  )
  await deleteItems(place, found.index, context)
  return true
}

/** The rules by which documents expire. */
export function expiryOf(indexes: readonly IndexModel[]): readonly Expiry[] {
  return indexes.flatMap(({ key, expireAfterSeconds, partialFilterExpression }) => {
    const [path] = key[0] ?? []
    if (expireAfterSeconds === undefined || path === undefined) return []
    return [{ path, afterSeconds: expireAfterSeconds, partialFilterExpression }]
  })
}

async function waitUntilSeen({ lifetime }: Catalog, { signal }: DriverContext): Promise<void> {
  signal?.throwIfAborted()
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(resolve, lifetime)
    const stop = (): void => {
      clearTimeout(timer)
      reject(signal?.reason as Error)
    }
    signal?.addEventListener('abort', stop, { once: true })
  })
}

/** Gives every document its entries and locks, unless it has changed meanwhile: then its writer did. */
async function backfill(place: Place, index: IndexModel, context: IndexContext): Promise<number> {
  let documents = 0
  for await (const items of itemsOf(place, 'd', context)) {
    for (const item of items) await fill(place, index, { item, context })
    documents += items.length
    context.onProgress?.({ state: 'writing', documents })
  }
  return documents
}

interface Found {
  readonly item: Item
  readonly context: DriverContext
}

async function fill(place: Place, index: IndexModel, { item, context }: Found): Promise<void> {
  const { document, revision } = stored(item)
  const { table: TableName } = place
  const Key = { [attributes.pk]: item[attributes.pk], [attributes.sk]: item[attributes.sk] }
  const locks = await locksOf([index]).of(document)
  for (const lock of locks)
    await holdLock(place, { lock: lock.name, owner: item[attributes.pk] as Item[string], index }, context)
  const body = encodeDocument(document, String(revision))
  const entries = entryActions(place, [index], { before: undefined, after: document, body })
  if (entries.length === 0) return
  const unchanged = {
    ConditionCheck: {
      TableName,
      Key,
      ConditionExpression: '#r = :r',
      ExpressionAttributeNames: { '#r': attributes.revision },
      ExpressionAttributeValues: { ':r': { S: String(revision) } },
    },
  }
  try {
    await place.client.call(
      'TransactWriteItems',
      { TransactItems: [unchanged, ...entries] },
      { context, isIdempotent: true },
    )
  } catch (error) {
    const isChanged = error instanceof DynamoFailure && error.reasons[0]?.Code === 'ConditionalCheckFailed'
    if (!isChanged) throw toWriteFailure(error)
  }
}

interface Wanted {
  readonly lock: string
  readonly owner: Item[string]
  readonly index: IndexModel
}

async function holdLock(place: Place, { lock, owner, index }: Wanted, context: DriverContext): Promise<void> {
  const { table: TableName } = place
  const item = { ...place.lockKey(lock), ...named(place, 'u'), [attributes.id]: owner }
  const input = {
    TableName,
    Item: item,
    ConditionExpression: 'attribute_not_exists(#pk) OR #i = :owner',
    ExpressionAttributeNames: { '#pk': attributes.pk, '#i': attributes.id },
    ExpressionAttributeValues: { ':owner': owner },
  }
  try {
    await place.client.call('PutItem', input, { context, isIdempotent: true })
  } catch (error) {
    const isTaken = error instanceof DynamoFailure && error.code === 'ConditionalCheckFailedException'
    throw isTaken
      ? duplicateKey(
          place,
          index.key.map(([path]) => path),
          index.name,
        )
      : toWriteFailure(error)
  }
}

/** Entries of the index; locks do not say which index they are of, so they go by the documents that have them. */
async function deleteItems(place: Place, index: IndexModel, context: DriverContext): Promise<void> {
  const partition = place.partitionOf(index.name)
  for await (const items of itemsOf(place, 'i', context)) {
    for (const item of items) if (item[attributes.pk]?.['S'] === partition) await deleteItem(place, item, context)
  }
  if (index.unique !== true) return
  const locks = locksOf([index])
  for await (const items of itemsOf(place, 'd', context)) {
    for (const item of items) {
      for (const { name } of await locks.of(stored(item).document))
        await deleteItem(place, place.lockKey(name), context)
    }
  }
}

export async function deleteItem({ client, table }: Place, item: Item, context: DriverContext): Promise<void> {
  const Key = { [attributes.pk]: item[attributes.pk], [attributes.sk]: item[attributes.sk] }
  await client.call('DeleteItem', { TableName: table, Key }, { context, isIdempotent: true })
}

/** All items of a kind, page by page. */
export async function* itemsOf(
  place: Place,
  kind: 'd' | 'i' | 'u' | 'm',
  context: DriverContext,
): AsyncGenerator<readonly Item[], void> {
  let start: unknown
  do {
    const { items, next } = await firstPage(place, kind, context, start)
    yield items
    start = next
  } while (start !== undefined)
}

async function firstPage({ client, table, collection }: Place, kind: string, context: DriverContext, start?: unknown) {
  const input = {
    TableName: table,
    ConsistentRead: true,
    FilterExpression: '#c = :c AND #k = :k',
    ExpressionAttributeNames: { '#c': attributes.collection, '#k': attributes.kind },
    ExpressionAttributeValues: { ':c': { S: collection }, ':k': { S: kind } },
    ...(start !== undefined && { ExclusiveStartKey: start }),
  }
  const answer = await client.call('Scan', input, { context, isIdempotent: true })
  return { items: (answer['Items'] ?? []) as readonly Item[], next: answer['LastEvaluatedKey'] }
}
