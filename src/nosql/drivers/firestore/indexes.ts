import type { DriverContext } from '../../contract/context.ts'
import type { Expiry, IndexContext } from '../../contract/driver-collection.ts'
import { idIndex, isIndexThere, type IndexModel, type ListedIndex } from '../../contract/index-model.ts'
import type { FirestoreDocument } from './codec.ts'
import type { Catalog, CatalogEntry } from './catalog.ts'
import { toWriteFailure } from './errors.ts'
import type { Place } from './place.ts'
import { stored } from './pages.ts'
import { duplicateKey } from './writes.ts'
import { locksOf, locksSuffix } from './unique.ts'

const backfillSize = 200

export interface IndexTarget {
  readonly place: Place
  readonly catalog: Catalog
}

export async function listIndexes(
  { place, catalog }: IndexTarget,
  context: DriverContext,
): Promise<readonly ListedIndex[]> {
  const entries = await catalog.entriesOf(place.collection, context)
  return [idIndex, ...entries.map(({ index, state }) => ({ ...index, ...(state !== 'ready' && { state }) }))]
}

/**
 * Single paths are indexed by Firestore itself, composite indexes are deployed; here an index is noted, and the keys of a
 * unique one are locked for the documents that are there. Writers lock from the first note on, and the keys are locked
 * when every isolate has seen it.
 */
export async function createIndex(target: IndexTarget, index: IndexModel, context: IndexContext): Promise<void> {
  const { place, catalog } = target
  const entries = await catalog.entriesOf(place.collection, context)
  const ready = entries.filter(({ state }) => state === 'ready').map((entry) => entry.index)
  if (isIndexThere(index, ready)) return
  const others = entries.filter((entry) => entry.index.name !== index.name)
  const save = async (state: CatalogEntry['state'], documents: number): Promise<void> => {
    await catalog.save(place.collection, [...others, { index, state }], context)
    context.onProgress?.({ state, documents })
  }
  if (index.unique !== true) return save('ready', 0)
  await save('writing', 0)
  if (await hasDocuments(place, context)) await waitUntilSeen(catalog, context)
  try {
    const documents = await lockAll(place, index, context)
    await save('backfilled', documents)
    await save('ready', documents)
  } catch (error) {
    await catalog.save(place.collection, others, context)
    await dropLocks(place, index, context)
    throw error
  }
}

export async function dropIndex(target: IndexTarget, name: string, context: DriverContext): Promise<boolean> {
  const { place, catalog } = target
  const entries = await catalog.entriesOf(place.collection, context)
  const found = entries.find((entry) => entry.index.name === name)
  if (found === undefined) return false
  await catalog.save(
    place.collection,
    entries.filter((entry) => entry !== found),
    context,
  )
  if (found.index.unique === true) await dropLocks(place, found.index, context)
  return true
}

/** The rules by which documents expire. */
export function expiryOf(entries: readonly CatalogEntry[]): readonly Expiry[] {
  return entries.flatMap(({ index: { key, expireAfterSeconds, partialFilterExpression } }) => {
    const [path] = key[0] ?? []
    if (expireAfterSeconds === undefined || path === undefined) return []
    return [{ path, afterSeconds: expireAfterSeconds, partialFilterExpression }]
  })
}

/** An isolate that does not know of the index yet would let a duplicate in. */
async function waitUntilSeen({ lifetime }: Catalog, { signal }: DriverContext): Promise<void> {
  signal?.throwIfAborted()
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(resolve, lifetime)
    signal?.addEventListener(
      'abort',
      () => {
        clearTimeout(timer)
        reject(signal.reason as Error)
      },
      { once: true },
    )
  })
}

async function hasDocuments(place: Place, context: DriverContext): Promise<boolean> {
  return (await pageAfter(place, { context, limit: 1 })).length > 0
}

interface Asked {
  readonly context: DriverContext
  readonly limit: number
  readonly after?: string | undefined
  readonly collectionId?: string
}

async function pageAfter(
  place: Place,
  { context, limit, after, collectionId }: Asked,
): Promise<readonly FirestoreDocument[]> {
  const structuredQuery = {
    from: [{ collectionId: collectionId ?? place.collectionId }],
    orderBy: [{ field: { fieldPath: '__name__' }, direction: 'ASCENDING' }],
    limit,
    ...(after !== undefined && { startAt: { values: [{ referenceValue: after }], before: false } }),
  }
  const answers = (await place.transport.call(
    'runQuery',
    { structuredQuery },
    { context, isIdempotent: true, ...place.below },
  )) as readonly {
    document?: FirestoreDocument
  }[]
  return answers.flatMap(({ document }) => document ?? [])
}

/** Locks the keys of all documents. @throws {DuplicateKeyError} for a key that two of them have */
async function lockAll(place: Place, index: IndexModel, context: IndexContext): Promise<number> {
  const locks = locksOf(place, [index])
  let documents = 0
  let after: string | undefined
  for (;;) {
    const page = await pageAfter(place, { context, limit: backfillSize, after })
    for (const document of page) {
      for (const { name } of await locks.of(stored(document).document)) {
        await lockFor(place, { lock: name, owner: document.name, index }, context)
      }
    }
    documents += page.length
    context.onProgress?.({ state: 'writing', documents })
    after = page.at(-1)?.name
    if (page.length < backfillSize) return documents
  }
}

interface Wanted {
  readonly lock: string
  readonly owner: string
  readonly index: IndexModel
}

async function lockFor(place: Place, { lock, owner, index }: Wanted, context: DriverContext): Promise<void> {
  const write = {
    update: { name: lock, fields: { owner: { referenceValue: owner }, index: { stringValue: index.name } } },
    currentDocument: { exists: false },
  }
  try {
    await place.transport.call('commit', { writes: [write] }, { context, isIdempotent: true })
  } catch (error) {
    if ((error as { status?: unknown }).status !== 'ALREADY_EXISTS') throw toWriteFailure(error)
    const answers = (await place.transport.call(
      'batchGet',
      { documents: [lock] },
      { context, isIdempotent: true },
    )) as readonly { found?: FirestoreDocument }[]
    const holder = answers[0]?.found?.fields?.['owner']?.['referenceValue']
    if (holder !== owner)
      throw duplicateKey(
        place,
        index.key.map(([path]) => path),
        index.name,
      )
  }
}

async function dropLocks(place: Place, index: IndexModel, context: DriverContext): Promise<void> {
  let after: string | undefined
  for (;;) {
    const page = await pageAfter(place, {
      context,
      limit: backfillSize,
      after,
      collectionId: place.collectionId + locksSuffix,
    })
    const own = page.filter(({ fields }) => fields?.['index']?.['stringValue'] === index.name)
    if (own.length > 0) {
      const writes = own.map(({ name }) => ({ delete: name }))
      await place.transport.call('commit', { writes }, { context, isIdempotent: true })
    }
    after = page.at(-1)?.name
    if (page.length < backfillSize) return
  }
}
