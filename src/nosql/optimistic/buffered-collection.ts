import type { DriverContext } from '../contract/context.ts'
import type { DriverCollection } from '../contract/driver-collection.ts'
import type { DriverPage, DriverQuery, ReadPlan, StoredDocument } from '../contract/query.ts'
import type { WriteOutcome } from '../contract/write.ts'
import { isThenable } from '../../core/time-limit.ts'
import { UnsupportedOperationError } from '../errors.ts'
import { idKey } from '../query/value-key.ts'
import { chooseAccess } from '../plan/choose-access.ts'
import { noFacts } from '../plan/facts.ts'
import { mergePages } from '../plan/merge.ts'
import { isAfter, keepOnly } from '../plan/pages.ts'
import { sortDocuments } from '../query/sort.ts'
import type { Document, Value } from '../query/value.ts'
import type { OwnWrite, OwnWrites } from './own-writes.ts'

/** A collection within a buffered transaction: what the backend answers, with the own writes laid over it. */
export function bufferedCollection(base: DriverCollection, own: OwnWrites): DriverCollection {
  const { expiry } = base
  return {
    ...(expiry !== undefined && { expiry, keysCheckedAtCommit: own.uniqueKeys }),
    // Own documents are still needed after they have been read.
    returnsOwnDocuments: true,
    plan(query, context) {
      const wanted = widened(query, own.written.size)
      const planned = base.plan(wanted, context)
      const laid = (plan: ReadPlan) => overlay(plan, own, query)
      return isThenable(planned) ? planned.then(laid) : laid(planned)
    },
    async write(writes, { ordered }) {
      const outcomes: WriteOutcome[] = []
      for (const write of writes) {
        const outcome = await own.write(write)
        outcomes.push(outcome)
        if (ordered && outcome.kind !== 'written') break
      }
      return outcomes
    },
    // Nothing is laid over these, so they are asked only while there is nothing to lay.
    count: (query, context) => (own.written.size === 0 ? base.count?.(query, context) : undefined),
    distinct: (path, query, context) => (own.written.size === 0 ? base.distinct?.(path, query, context) : undefined),
    listIndexes: refuse,
    createIndex: refuse,
    dropIndex: refuse,
  }
}

/** The question to the backend: enough documents to make up for those that the own writes replace. */
function widened(query: DriverQuery, ownCount: number): DriverQuery {
  const source = query.source && { ...query.source, projection: undefined }
  // A document that is cut off by the limit must not look as if it were not there.
  const limit = idsOf(query) === undefined ? query.skip + query.limit + ownCount : Infinity
  // What is written back is the condition of the commit, and must be read whole.
  return { ...query, source, needs: 'whole', skip: 0, limit }
}

function overlay(plan: ReadPlan, own: OwnWrites, query: DriverQuery): ReadPlan {
  const ids = plan.explain().access === 'get' ? idsOf(query) : undefined
  return {
    ...plan,
    limited: false,
    projected: false,
    // Own writes are fixed when reading begins.
    movedBy: own.written.size === 0 ? (plan.movedBy ?? []) : [],
    read: (context) => readOver(plan, own, { query, ids, context }),
  }
}

interface Reading {
  readonly query: DriverQuery
  /** The only documents that are asked for, where that is by `_id`. */
  readonly ids: readonly Value[] | undefined
  readonly context: DriverContext
}

async function* readOver(
  plan: ReadPlan,
  own: OwnWrites,
  { query, ids, context }: Reading,
): AsyncGenerator<DriverPage<StoredDocument>, void> {
  const written = new Map(own.written)
  const mine = ownMatches(written, plan, query)
  const rest = ids?.filter((id) => !written.has(idKey(id)))
  const base = rest?.length === 0 ? none() : noted(plan.read(context), own, rest)
  const others = keepOnly(base, ({ _id: id = null }) => !written.has(idKey(id)))
  if (mine.length === 0) yield* others
  else if (query.sort !== undefined && plan.sorted) yield* mergePages([others, one(mine)], query.sort)
  else {
    yield* others
    yield* one(mine)
  }
}

function ownMatches(
  written: ReadonlyMap<string, OwnWrite>,
  plan: ReadPlan,
  { matches, sort, after }: DriverQuery,
): readonly StoredDocument[] {
  const isWanted = plan.positioned && after !== undefined && sort !== undefined ? isAfter(sort, after) : () => true
  const byDocument = new Map<Document, StoredDocument>()
  for (const { document, revision } of written.values()) {
    if (document !== undefined && matches(document) && isWanted(document))
      byDocument.set(document, { document, revision })
  }
  const documents = [...byDocument.keys()]
  const ordered = sort === undefined || !plan.sorted ? documents : sortDocuments(documents, sort)
  return ordered.flatMap((document) => byDocument.get(document) ?? [])
}

/** The pages, with a note of what was read by `_id`, and of what was not there. */
async function* noted(
  pages: AsyncIterable<DriverPage<StoredDocument>>,
  own: OwnWrites,
  ids: readonly Value[] | undefined,
): AsyncGenerator<DriverPage<StoredDocument>, void> {
  if (ids === undefined) return yield* pages
  const missing = new Map(ids.map((id) => [idKey(id), id]))
  for await (const page of pages) {
    for (const { document, revision } of page.documents) {
      const id = document['_id'] ?? null
      own.noteRead(id, revision)
      missing.delete(idKey(id))
    }
    yield page
  }
  for (const id of missing.values()) own.noteRead(id, undefined)
}

function idsOf({ filter }: DriverQuery): readonly Value[] | undefined {
  const access = chooseAccess({ filter }, { indexes: [], facts: noFacts })
  return access.kind === 'get' ? access.ids : undefined
}

async function* one(documents: readonly StoredDocument[]): AsyncGenerator<DriverPage<StoredDocument>, void> {
  yield { documents, scanned: documents.length, requests: 0 }
}

async function* none(): AsyncGenerator<DriverPage<StoredDocument>, void> {
  // Every document that was asked for is an own one.
}

async function refuse(): Promise<never> {
  throw new UnsupportedOperationError('indexes cannot be changed or listed within a transaction', {
    hint: 'Use a collection of the store, before or after the transaction.',
  })
}
