import type { DriverCollection } from '../../contract/driver-collection.ts'
import type { StoredDocument } from '../../contract/query.ts'
import type { FilterNode } from '../../query/filter-node.ts'
import { idKey } from '../../query/value-key.ts'
import type { Document } from '../../query/value.ts'
import { applyOrMarkFailed, toWrite } from './change-one.ts'
import { idOf } from '../document-id.ts'
import { nextAttempt, type Modification, type Step } from './modification.ts'
import { queryOf } from '../reading/parsed-query.ts'
import { pagesOf, planOf, type ReadContext, readPages } from '../reading/read.ts'
import { sendWrites } from './send-writes.ts'
import { mayMove } from './touched-paths.ts'
import { toWriteError, withCounts } from '../write-error.ts'

/** Documents that are held at a time: read, changed and written before the next are read. */
const segmentSize = 500

/** Ids in one query for documents that have to be read again. */
const idsPerQuery = 100

/**
 * Changes all that match, segment by segment, so that memory does not grow with their number. The writes of a segment are
 * sent without an order among them; a document that cannot be changed ends the whole, and those before it stay changed.
 */
export async function changeAll(context: ReadContext, collection: DriverCollection, step: Step): Promise<boolean> {
  try {
    await changeSegments(context, collection, step)
    return true
  } catch (error) {
    throw withCounts(error, countsOf(step), context.options)
  }
}

async function changeSegments(context: ReadContext, collection: DriverCollection, { what, done }: Step): Promise<void> {
  const planned = await planOf(context, collection, what.query)
  const size = Math.min(segmentSize, context.session.store.backend.capabilities.limits.writeBatch)
  // Only where a change may move a document to a place that is read later.
  const met = mayMove(what.change, planned.plan) ? new Set<string>() : undefined
  let segment: StoredDocument[] = []
  for await (const page of pagesOf(context, planned)) {
    for (const stored of page) {
      if (met !== undefined) {
        const key = idKey(idOf(stored.document))
        if (met.has(key)) continue
        met.add(key)
      }
      segment.push(stored)
      if (segment.length < size) continue
      await settle(context, collection, { what, done, segment })
      segment = []
    }
  }
  if (segment.length > 0) await settle(context, collection, { what, done, segment })
}

/** Changes a segment; what others have written in between is read and checked again, until nothing is left. */
async function settle(
  context: ReadContext,
  collection: DriverCollection,
  { what, done, segment }: Step & { readonly segment: readonly StoredDocument[] },
): Promise<void> {
  let pending = segment
  const since = Date.now()
  for (let attempt = 1, began = since; ; attempt++) {
    const conflicts = await writeChanges(context, collection, { what, done, segment: pending })
    if (conflicts.length === 0) return
    await nextAttempt(context, { number: attempt, since, began })
    began = Date.now()
    pending = await readAgain(context, collection, { what, conflicts })
    if (pending.length === 0) return
  }
}

async function writeChanges(
  context: ReadContext,
  collection: DriverCollection,
  { what, done, segment }: Step & { readonly segment: readonly StoredDocument[] },
): Promise<readonly StoredDocument[]> {
  const changed: { readonly stored: StoredDocument; readonly after: Document | null }[] = []
  let unfit: { readonly error: unknown } | undefined
  for (const stored of segment) {
    try {
      const after = applyOrMarkFailed(context, what, stored.document)
      if (after === stored.document) done.matched++
      else changed.push({ stored, after })
    } catch (error) {
      // What comes before it is written all the same, as a server would have done by now.
      unfit = { error }
      break
    }
  }
  const writes = changed.map(({ stored, after }) => toWrite(what, stored, after))
  const outcomes = writes.length === 0 ? [] : await sendWrites(context, collection, { writes, ordered: false })
  const written = outcomes.filter(({ kind }) => kind === 'written').length
  done.matched += written
  done.modified += written
  const refusal = outcomes.find(({ kind }) => kind === 'unsure') ?? outcomes.find(({ kind }) => kind === 'failed')
  if (refusal !== undefined && refusal.kind !== 'written') {
    throw toWriteError(context.session, refusal)
  }
  if (unfit !== undefined) throw unfit.error
  return changed.flatMap(({ stored }, at) => (outcomes[at]?.kind === 'conflict' ? [stored] : []))
}

/** Those of the documents that still match, many with one query. */
async function readAgain(
  context: ReadContext,
  collection: DriverCollection,
  { what, conflicts }: { readonly what: Modification; readonly conflicts: readonly StoredDocument[] },
): Promise<readonly StoredDocument[]> {
  const again: StoredDocument[] = []
  for (let start = 0; start < conflicts.length; start += idsPerQuery) {
    const values = conflicts.slice(start, start + idsPerQuery).map(({ document }) => idOf(document))
    const byId: FilterNode = { kind: 'field', path: '_id', parts: ['_id'], test: { kind: 'in', values, patterns: [] } }
    const { source } = what.query
    const query = queryOf({
      ...what.query,
      filter: { kind: 'and', nodes: [byId, what.query.filter] },
      source: source && { ...source, filter: { $and: [{ _id: { $in: values } }, source.filter] } },
    })
    for await (const page of readPages(context, collection, query)) for (const stored of page) again.push(stored)
  }
  return again
}

function countsOf({ what, done }: Step): Readonly<Record<string, number>> {
  const { matched, modified } = done
  return what.change === null ? { deletedCount: modified } : { matchedCount: matched, modifiedCount: modified }
}
