import { accessOf, stretchesOf, type ReadTarget, type SpreadAccess } from './read-access.ts'
import { ask, pagesOf, scanInput, stretchInput, type Stretch } from '../transport/requests.ts'
import type { DriverContext } from '../../../contract/context.ts'
import type { DriverPage, DriverQuery, ReadPlan, StoredDocument } from '../../../contract/query.ts'
import { sorterOf } from '../../../plan/choose-access.ts'
import { chainPages, mergePages } from '../../../plan/merge.ts'
import { onePage, skipAndLimit } from '../../../plan/pages.ts'
import { readClaims } from '../../../plan/read-plan.ts'
import type { Value } from '../../../query/value.ts'
import type { Item } from '../codec/attribute-values.ts'
import { decodeDocument, ownRevision, revisionOf, type Revision } from '../codec/codec.ts'
import { DynamoFailure, toReadError } from '../errors.ts'
import { inOrder, type EntryPage } from '../indexes/entry-order.ts'
import { ExpressionBuilder, type Condition } from './expression.ts'
import { pageSizes } from './page-sizes.ts'
import type { Place } from '../place.ts'

/** Keys of one `BatchGetItem`. */
const getSize = 100

/** What is scanned is filtered afterwards, and other collections may be in the table. */
const leastScanned = 100

type Pages = AsyncIterable<DriverPage<StoredDocument>>

/** By key, through the entries of an index, or by a scan; what DynamoDB cannot say is re-checked by the portable layer. */
export function planRead(target: ReadTarget, query: DriverQuery): ReadPlan {
  const { access, pushed, isCut, residual } = accessOf(target, query)
  const shards = access.kind === 'index' ? (access.index.shards ?? 1) : 1
  const isOneRun = access.kind === 'index' && access.runs.length === 1 && access.index.arrays === 'none'
  const isOrdered = access.kind !== 'index' || (isOneRun && !access.tiesReversed && !isCut)
  const sorter = sorterOf(access, query.sort)
  const claims = readClaims(query, {
    access,
    native:
      access.kind === 'index'
        ? { index: access.index.name, ...(shards > 1 && { shards }) }
        : (pushed?.native ?? null) && describe(pushed?.native),
    residual,
    sorter: isOrdered ? sorter : query.sort === undefined ? 'none' : 'client',
    positioned: false,
    limits: access.kind !== 'index' || isOneRun,
    estimatedRequests: requestsOf(access, shards),
    ...(access.kind === 'index' && { requiredIndexes: [] }),
  })
  const reads = (context: DriverContext): Pages => {
    switch (access.kind) {
      case 'none':
        return nothing()
      case 'get':
        return getAll(target.place, access.ids, context)
      case 'index':
        return readEntries(target.place, { access, query, claims }, context)
      case 'union':
      case 'scan':
      default:
        return scan(target.place, { filter: pushed?.native, query }, context)
    }
  }
  // A union of accesses is read as a scan: each of its documents once.
  const isUnion = access.kind === 'union'
  return {
    ...claims,
    ...(isUnion && { exact: false, sorted: query.sort === undefined, limited: false }),
    read: (context) => {
      const [id, ...others] = access.kind === 'get' && query.skip === 0 ? access.ids : []
      if (id !== undefined && others.length === 0) return onePage(() => getOne(target.place, id, context))
      return claims.limited && !isUnion ? skipAndLimit(reads(context), query) : reads(context)
    },
  }
}

/** What is read in pages counts as its first. */
function requestsOf(access: ReturnType<typeof accessOf>['access'], shards: number): number {
  if (access.kind === 'index') return access.runs.length * shards
  return access.kind === 'get' ? Math.ceil(access.ids.length / getSize) : 1
}

async function* nothing(): AsyncGenerator<DriverPage<StoredDocument>, void> {}

async function* getAll(place: Place, ids: readonly Value[], context: DriverContext): Pages {
  const keys: readonly Item[] = ids.map((id) => place.keyOf(id)).filter((key) => key !== undefined)
  const [only, ...others] = keys
  if (only !== undefined && others.length === 0) {
    yield await getItem(place, only, context)
    return
  }
  for (let from = 0; from < keys.length; from += getSize) {
    yield* batchGet(place, keys.slice(from, from + getSize), context)
  }
}

async function getOne(place: Place, id: Value, context: DriverContext): Promise<DriverPage<StoredDocument>> {
  const key = place.keyOf(id)
  return key === undefined ? { documents: [], scanned: 0, requests: 0 } : getItem(place, key, context)
}

async function getItem(place: Place, key: Item, context: DriverContext): Promise<DriverPage<StoredDocument>> {
  const input = { TableName: place.table, Key: key, ConsistentRead: true }
  const { Item: item } = await ask(() => place.client.call('GetItem', input, { context, isIdempotent: true }))
  return pageOf(item === undefined ? [] : [item as Item], 1)
}

/** Asks again for keys that DynamoDB has left out, until it has answered all of them. */
async function* batchGet(place: Place, keys: readonly Item[], context: DriverContext): Pages {
  let left = keys
  let attempt = 0
  while (left.length > 0) {
    const answer = await ask(() =>
      place.client.call(
        'BatchGetItem',
        { RequestItems: { [place.table]: { Keys: left, ConsistentRead: true } } },
        { context, isIdempotent: true },
      ),
    )
    const found = (answer['Responses'] as Readonly<Record<string, readonly Item[]>> | undefined)?.[place.table] ?? []
    yield pageOf(found, found.length)
    // By the protocol.
    const unprocessed = answer['UnprocessedKeys'] as
      | Readonly<Record<string, { readonly Keys: readonly Item[] }>>
      | undefined
    const rest = unprocessed?.[place.table]?.Keys ?? []
    attempt = rest.length < left.length ? 1 : attempt + 1
    left = rest
    if (left.length > 0 && !(await place.client.pause(attempt, context)))
      throw toReadError(new DynamoFailure('ProvisionedThroughputExceededException'))
  }
}

interface Asked {
  readonly access: SpreadAccess
  readonly query: DriverQuery
  readonly claims: Pick<ReadPlan, 'sorted' | 'limited'>
}

/** All documents that are sorted here are read. */
function enoughOf(isSorted: boolean, { skip, limit }: DriverQuery): number {
  return isSorted ? skip + limit : Infinity
}

/** The entries of an index hold the documents, so that they need not be fetched. */
async function* readEntries(place: Place, { access, query, claims }: Asked, context: DriverContext): Pages {
  const seen = access.index.arrays === 'none' ? undefined : new Set<string>()
  const isBackwards = access.order === -1
  const runs = isBackwards ? access.runs.toReversed() : access.runs
  const wanted = { enough: enoughOf(claims.sorted, query), exact: claims.limited }
  const sort = claims.sorted ? query.sort : undefined
  const read = (stretch: Stretch) => {
    const input = { ...stretchInput(place, stretch), ScanIndexForward: !isBackwards }
    const nextSize = pageSizes(wanted, context)
    const pages = pagesOf(place, { operation: 'Query', input, nextSize }, context)
    return storedPages(sort === undefined ? pages : inOrder(pages, sort))
  }
  for (const run of runs) {
    const streams = (await stretchesOf(access, run)).map(read)
    const pages = sort !== undefined && streams.length > 1 ? mergePages(streams, sort) : chainPages(streams)
    for await (const page of pages) {
      yield seen === undefined ? page : { ...page, documents: page.documents.filter((each) => isNew(seen, each)) }
    }
  }
}

async function* storedPages(pages: AsyncIterable<EntryPage>): Pages {
  for await (const { items, scanned, requests } of pages) yield { documents: items.map(stored), scanned, requests }
}

function isNew(seen: Set<string>, { document, revision }: StoredDocument): boolean {
  const key = `${typeof document['_id']} ${String(document['_id'])} ${ownRevision(revision).text}`
  if (seen.has(key)) return false
  seen.add(key)
  return true
}

interface Scanned {
  readonly filter: Condition | undefined
  readonly query: DriverQuery
}

async function* scan(place: Place, { filter, query }: Scanned, context: DriverContext): Pages {
  const enough = enoughOf(query.sort === undefined, query)
  const nextSize = pageSizes({ enough, exact: false, least: leastScanned }, context)
  const request = { operation: 'Scan', input: scanInput(place, filter), nextSize } as const
  for await (const { items, ...cost } of pagesOf(place, request, context)) {
    yield { ...cost, documents: items.map(stored) }
  }
}

export function stored(item: Item): StoredDocument {
  return { document: decodeDocument(item), revision: { text: revisionOf(item), item } satisfies Revision }
}

function pageOf(items: readonly Item[], scanned: number): DriverPage<StoredDocument> {
  return { documents: items.map(stored), scanned, requests: 1 }
}

function describe(native: Condition | undefined): unknown {
  if (native === undefined) return null
  const builder = new ExpressionBuilder()
  return { FilterExpression: native(builder), ...builder.members }
}
