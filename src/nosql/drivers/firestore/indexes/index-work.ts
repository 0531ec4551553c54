import type { DriverContext } from '../../../contract/context.ts'
import type { IndexModel } from '../../../contract/index-model.ts'
import { WriteConflictError } from '../../../errors.ts'
import { lockKeys, type UniqueIndex } from '../../../keys/lock-keys.ts'
import { duplicateKey } from '../../../contract/duplicate-key.ts'
import type { FillProgress, IndexWork } from '../../../optimistic/index-steps.ts'
import { uniqueIndexes } from '../../../optimistic/unique-indexes.ts'
import type { FirestoreDocument } from '../codec/codec.ts'
import { getDocuments } from '../reading/documents.ts'
import { FirestoreFailure, toReadError, toWriteFailure } from '../errors.ts'
import { locksSuffix } from '../collection-names.ts'
import { heldIn, holdWrite, lockName } from './locks.ts'
import { areApart, commitSize, mustBeUnchanged, type NativeWrite } from '../writing/native-writes.ts'
import type { Place } from '../place.ts'
import { stored } from '../reading/pages.ts'

const pageSize = 200
/** How often a document is read again that others keep changing. */
const mostAttempts = 50

/**
 * Single paths are indexed by Firestore itself and composite indexes are deployed, so that only a unique index is work: a
 * lock for every key of the documents that were there before.
 */
export function indexWork(place: Place, { unique }: Pick<IndexModel, 'unique'>): IndexWork {
  if (unique !== true) return { clear: () => Promise.resolve() }
  return {
    fill: (model, cursor, context) => fill({ place, model, context }, cursor as Cursor | undefined),
    clear: (model, context) => clear({ place, model, context }),
  }
}

interface Job {
  readonly place: Place
  readonly model: IndexModel
  readonly context: DriverContext
}

interface Cursor {
  /** The name of the last document that was looked at. */
  readonly after: string
  readonly documents: number
}

async function* fill(job: Job, from?: Cursor): AsyncGenerator<FillProgress, void> {
  let after = from?.after
  let documents = from?.documents ?? 0
  for (;;) {
    const page = await documentsAfter(job, after)
    const last = page.at(-1)
    if (last === undefined) return
    await lockPage(job, page)
    after = last.name
    documents += page.length
    yield { cursor: { after, documents } satisfies Cursor, documents }
    if (page.length < pageSize) return
  }
}

async function lockPage(job: Job, page: readonly FirestoreDocument[]): Promise<void> {
  const groups = await Promise.all(page.map((document) => takingWrites(job, document)))
  const writes = groups.flat()
  if (writes.length <= commitSize && areApart(writes) && (await isCommitted(job, writes))) return
  // One of them holds its locks already, has changed, or has the key of another one.
  for (const document of page) await lockOne(job, document)
}

/** Takes the locks of a document as it was read; none where it has no key. */
async function takingWrites({ place, model }: Job, document: FirestoreDocument): Promise<readonly NativeWrite[]> {
  const names = await lockNames({ place, model }, document)
  if (names.length === 0) return []
  const { name: owner, updateTime = '' } = document
  const free = { exists: false }
  const holds = names.map((name) => holdWrite({ name, owner, index: model.name, currentDocument: free }))
  return [mustBeUnchanged(owner, updateTime), ...holds]
}

async function lockOne(job: Job, found: FirestoreDocument): Promise<void> {
  const { place, model, context } = job
  let document: FirestoreDocument | undefined = found
  for (let attempt = 1; attempt <= mostAttempts; attempt++) {
    const names = await lockNames(job, document)
    if (names.length === 0) return
    // The document and its locks at one moment.
    const now = await getDocuments(place.transport, [found.name, ...names], context)
    document = now.get(found.name)
    if (document === undefined) return
    const wanted = await lockNames(job, document)
    if (String(wanted) !== String(names)) continue
    const free = names.filter((name) => !now.has(name))
    const taken = names.some((name) => now.has(name) && heldIn(now.get(name)).owner !== found.name)
    if (taken) throw duplicateKey(place.collection, model)
    if (free.length === 0) return
    const holds = free.map((name) =>
      holdWrite({ name, owner: found.name, index: model.name, currentDocument: { exists: false } }),
    )
    if (await isCommitted(job, [mustBeUnchanged(found.name, document.updateTime ?? ''), ...holds])) return
  }
  throw new WriteConflictError('a document cannot be indexed: other clients change it all the time')
}

async function lockNames(
  { place, model }: Pick<Job, 'place' | 'model'>,
  document: FirestoreDocument,
): Promise<readonly string[]> {
  const [unique] = uniqueIndexes([model]) as [UniqueIndex] // only for unique indexes is there work
  return (await lockKeys(unique, stored(document).document)).map((key) => lockName(place, key))
}

/** False when something is not as it was read. */
async function isCommitted({ place, context }: Job, writes: readonly NativeWrite[]): Promise<boolean> {
  if (writes.length === 0) return true
  try {
    // What was done twice is found done.
    await place.transport.call('commit', { writes }, { context, isIdempotent: true })
    return true
  } catch (error) {
    if (error instanceof FirestoreFailure && refused.has(error.status)) return false
    throw toWriteFailure(error)
  }
}

const refused = new Set(['ALREADY_EXISTS', 'FAILED_PRECONDITION', 'NOT_FOUND', 'ABORTED'])

async function clear({ place, model, context }: Job): Promise<void> {
  const where = {
    fieldFilter: { field: { fieldPath: 'index' }, op: 'EQUAL', value: { stringValue: model.name } },
  }
  const from = [{ collectionId: place.collectionId + locksSuffix }]
  for (;;) {
    const locks = await query({ place, context }, { from, where, select: nameOnly, limit: commitSize })
    if (locks.length === 0) return
    const writes = locks.map(({ name }) => ({ delete: name }))
    try {
      await place.transport.call('commit', { writes }, { context, isIdempotent: true })
    } catch (error) {
      throw toWriteFailure(error)
    }
  }
}

const nameOnly = { fields: [{ fieldPath: '__name__' }] }

function documentsAfter({ place, context }: Job, after: string | undefined): Promise<readonly FirestoreDocument[]> {
  return query(
    { place, context },
    {
      from: [{ collectionId: place.collectionId }],
      orderBy: [{ field: { fieldPath: '__name__' }, direction: 'ASCENDING' }],
      limit: pageSize,
      ...(after !== undefined && { startAt: { values: [{ referenceValue: after }], before: false } }),
    },
  )
}

async function query(
  { place, context }: Pick<Job, 'place' | 'context'>,
  structuredQuery: object,
): Promise<readonly FirestoreDocument[]> {
  try {
    const answers = (await place.transport.call(
      'runQuery',
      { structuredQuery },
      { context, isIdempotent: true, ...place.below },
    )) as readonly { readonly document?: FirestoreDocument }[] // by the protocol
    return answers.flatMap(({ document }) => document ?? [])
  } catch (error) {
    throw toReadError(error)
  }
}
