import type { ClientSession, FindOptions } from 'mongodb'
import type { DriverContext } from '../../../contract/context.ts'
import type { AggregateRequest } from '../../../contract/driver-collection.ts'
import type { Explanation } from '../../../contract/explanation.ts'
import { onePage } from '../../../plan/pages.ts'
import type { DriverPage, DriverPages, DriverQuery, ReadPlan, StoredDocument } from '../../../contract/query.ts'
import type { Document, Value } from '../../../query/value.ts'
import { fromBson, valuesFromBson } from '../codec/codec.ts'
import { withRegexFlags } from '../codec/regex.ts'
import { filterOf, projectionOf, sortOf, sourceOf, vendorOptionsOf } from '../dialect.ts'
import { explain, type Known } from './explain.ts'
import { present } from './present.ts'
import { endOf, reasonOfEnd, untilEnd } from '../transport/call.ts'
import { blameExpression } from '../errors.ts'
import { readError, readSession, sendRead, sendWrite, type Sending } from '../transport/send.ts'
import type { Target } from '../transport/target.ts'

/** Everything is answered by the server; a page's position is narrowed by it and re-checked here. */
export function planRead(target: Target, query: DriverQuery, known: Known): ReadPlan {
  return new ServerPlan(target, query, known)
}

/** A class, because a literal with a getter is slow to make, and every operation makes one. */
class ServerPlan implements ReadPlan {
  readonly exact = true
  readonly sorted = true
  readonly positioned: boolean
  readonly limited: boolean
  readonly projected: boolean
  readonly #target: Target
  readonly #query: DriverQuery
  readonly #known: Known

  constructor(target: Target, query: DriverQuery, known: Known) {
    this.#target = target
    this.#query = query
    this.#known = known
    this.positioned = this.limited = query.after === undefined
    this.projected = sourceOf(query).projection !== undefined
  }

  /** The server chooses its index itself. */
  explain(): Explanation {
    return explain(this.#query, this.#known)
  }

  read(context: DriverContext): DriverPages<StoredDocument> {
    return readPages(this.#target, this.#query, context)
  }
}

function readPages(target: Target, query: DriverQuery, context: DriverContext): DriverPages<StoredDocument> {
  if (query.limit === 1 && query.after === undefined) return onePage(() => readOne(target, query, context))
  const open = (sending: Sending): VendorCursor => {
    const options = findOptions(query, context, sending)
    const batchSize = batchOf(query)
    if (batchSize !== undefined) options.batchSize = batchSize
    return target.collection().find(filterOf(query), options)
  }
  return pagesOf({ target, context, open }, toStored)
}

function readOne(target: Target, query: DriverQuery, context: DriverContext): Promise<DriverPage<StoredDocument>> {
  return sendRead(target, context, async (sending) => {
    const found = await target.collection().findOne(filterOf(query), findOptions(query, context, sending))
    return { documents: found === null ? [] : [toStored(found)], scanned: found === null ? 0 : 1, requests: 1 }
  })
}

function toStored(read: Record<string, unknown>): StoredDocument {
  const document = fromBson(read)
  return { document, revision: document }
}

/** One request and no cursor where the answer fits into a batch. */
function batchOf({ after, limit, filter }: DriverQuery): number | undefined {
  if (after !== undefined) return 101
  if (Number.isFinite(limit)) return limit + 1
  // As many as were named: the server's own first batch ends after 101.
  return filter.kind === 'field' && filter.path === '_id' && filter.test.kind === 'in'
    ? filter.test.values.length + 1
    : undefined
}

function findOptions(query: DriverQuery, context: DriverContext, sending: Sending): FindOptions {
  const isPositioned = query.after === undefined
  const { let: variables, mongodb } = sourceOf(query)
  const options: FindOptions = callOptions(sending, context)
  const projection = projectionOf(query)
  const sort = sortOf(query.sort)
  if (sort !== undefined) options.sort = sort
  if (projection !== undefined) options.projection = projection
  if (isPositioned && query.skip > 0) options.skip = query.skip
  if (isPositioned && Number.isFinite(query.limit)) options.limit = query.limit
  if (variables !== undefined) options.let = variables
  return mongodb === undefined ? options : { ...options, ...present(vendorOptionsOf(mongodb)) }
}

interface VendorCursor {
  readonly closed: boolean
  hasNext(): Promise<boolean>
  readBufferedDocuments(): Record<string, unknown>[]
  close(): Promise<void>
}

interface Reading {
  readonly target: Target
  readonly context: DriverContext
  readonly open: (sending: Sending) => VendorCursor
}

/** The batches of a cursor, each one request and one page. Leaving early closes it. */
async function* pagesOf<T>(
  { target, context, open }: Reading,
  read: (document: Record<string, unknown>) => T,
): AsyncGenerator<DriverPage<T>, void> {
  const signal = endOf(context)
  const { session, end } = readSession(target, context)
  let cursor: VendorCursor | undefined
  try {
    cursor = open({ session, signal })
    for (;;) {
      context.onRequest?.()
      if (!(await untilEnd(cursor.hasNext(), signal, () => reasonOfEnd(context)))) return
      const documents = cursor.readBufferedDocuments().map(read)
      yield { documents, scanned: documents.length, requests: 1 }
      // The server has said with this batch that it was the last.
      if (cursor.closed) return
    }
  } catch (error) {
    throw readError(target, context, { error, signal })
  } finally {
    if (cursor?.closed === false) await leave(cursor, signal)
    end?.()
  }
}

/** The wait for a server that does not answer is bounded. */
async function leave(cursor: VendorCursor, signal: AbortSignal | undefined): Promise<void> {
  const closing = cursor.close().catch(() => undefined)
  if (signal?.aborted !== true) await closing
}

export function countMatching(target: Target, query: DriverQuery, context: DriverContext): Promise<number> {
  const { let: variables, mongodb } = sourceOf(query)
  return sendRead(target, context, (sending) => {
    const options = present({
      ...callOptions(sending, context),
      skip: query.skip > 0 ? query.skip : undefined,
      limit: Number.isFinite(query.limit) ? query.limit : undefined,
      let: variables,
      ...vendorOptionsOf(mongodb),
    })
    return target.collection().countDocuments(filterOf(query), options)
  })
}

export async function estimateCount(target: Target, context: DriverContext): Promise<number | undefined> {
  // The server refuses it within transactions.
  if (target.session !== undefined) return undefined
  return sendRead(target, context, (sending) =>
    target.collection().estimatedDocumentCount(callOptions(sending, context)),
  )
}

export async function distinctValues(
  target: Target,
  { path, query }: { readonly path: string; readonly query: DriverQuery },
  context: DriverContext,
): Promise<readonly Value[] | undefined> {
  const { let: variables, mongodb } = sourceOf(query)
  if (variables !== undefined) return undefined
  const values: unknown[] = await sendRead(target, context, (sending) => {
    const options = present({ ...callOptions(sending, context), ...vendorOptionsOf(mongodb) })
    return target.collection().distinct(path, filterOf(query), options)
  })
  return valuesFromBson(values)
}

export function aggregatePages(
  target: Target,
  request: AggregateRequest,
  context: DriverContext,
): AsyncIterable<DriverPage<Document>> {
  const open = (sending: Sending): VendorCursor => {
    const options = present({
      ...callOptions(sending, context),
      let: request.let,
      ...vendorOptionsOf(request.mongodb),
    })
    return target.collection().aggregate<Record<string, unknown>>(withRegexFlags([...request.pipeline]), options)
  }
  const isWriting = request.pipeline.some((stage) => '$out' in stage || '$merge' in stage)
  return isWriting ? onePage(() => writeOut(target, context, open)) : pagesOf({ target, context, open }, fromBson)
}

/** A pipeline that writes returns nothing, and is known by its answer to have written. */
async function writeOut(
  target: Target,
  context: DriverContext,
  open: (sending: Sending) => VendorCursor,
): Promise<DriverPage<Document>> {
  try {
    await sendWrite(target, context, (sending) => open(sending).hasNext())
    return { documents: [], scanned: 0, requests: 1 }
  } catch (error) {
    throw blameExpression(error, null)
  }
}

/** What every call of the vendor gets. */
export interface CallOptions {
  session?: ClientSession
  /** Most calls of the vendor do not list it, and all of them look at it before they send. */
  signal?: AbortSignal
  /** Also on the server, which stops working for a caller that has stopped waiting. */
  maxTimeMS?: number
}

export function callOptions({ session, signal }: Sending, { deadline }: DriverContext): CallOptions {
  const options: CallOptions = {}
  if (session !== undefined) options.session = session
  if (signal !== undefined) options.signal = signal
  if (deadline !== undefined) options.maxTimeMS = Math.max(1, Math.ceil(deadline - Date.now()))
  return options
}
