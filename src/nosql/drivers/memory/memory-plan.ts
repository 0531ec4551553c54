import type { DriverContext } from '../../contract/context.ts'
import type { DriverPage, DriverQuery, ReadPlan, StoredDocument } from '../../contract/query.ts'
import { describeFilter, suggestIndexes } from '../../query/filter/describe-filter.ts'
import type { Explanation } from '../../contract/explanation.ts'
import { chooseAccess, type Access } from './access.ts'
import { conjuncts } from './bounds.ts'
import { candidates } from './candidates.ts'
import type { MemoryCollection } from './memory-collection.ts'

const pageSize = 256

export function planRead(collection: MemoryCollection, query: DriverQuery): ReadPlan {
  const access = chooseAccess(query, [...collection.indexes.values()])
  const residual = access.kind === 'index' || access.kind === 'get' ? access.residual : conjuncts(query.filter)
  const exact = access.kind === 'none' || residual.length === 0
  const sorted = access.kind === 'index' ? access.order !== undefined : access.kind === 'get' && access.keys.length < 2
  return {
    explanation: explain(access, query, { exact, sorted }),
    exact,
    sorted,
    positioned: false,
    limited: false,
    ...(access.kind !== 'index' && access.kind !== 'union' && { movedBy: [] }),
    read: (context) => readPages(collection, access, query, context),
  }
}

async function* readPages(
  collection: MemoryCollection,
  access: Access,
  query: DriverQuery,
  { now }: DriverContext,
): AsyncGenerator<DriverPage<StoredDocument>, void> {
  collection.expire(now)
  const size = Math.min(pageSize, query.skip + query.limit)
  let page: StoredDocument[] = []
  for (const { document, revision } of candidates(collection, access, query)) {
    page.push({ document, revision })
    if (page.length < size) continue
    yield toPage(page)
    page = []
  }
  if (page.length > 0) yield toPage(page)
}

function toPage(documents: readonly StoredDocument[]): DriverPage<StoredDocument> {
  return { documents, scanned: documents.length, requests: 1 }
}

function explain(
  access: Access,
  query: DriverQuery,
  { exact, sorted }: { readonly exact: boolean; readonly sorted: boolean },
): Explanation {
  const bound = access.kind === 'index' && access.equal.length + access.ranges.length > 0
  const inOrder = access.kind === 'index' && !bound
  const scan = access.kind === 'scan' || (inOrder && (!exact || query.limit === Infinity))
  const sort = query.sort === undefined ? 'none' : sorted ? 'index' : 'client'
  return {
    access: access.kind === 'union' ? 'index' : access.kind,
    index: indexName(access),
    native: null,
    residual: exact ? [] : residualOf(access, query),
    sort,
    scan,
    consistency: 'strong',
    estimatedRequests: 0,
    requiredIndexes: scan || sort === 'client' ? suggestIndexes(query.filter, query.sort) : [],
  }
}

function residualOf(access: Access, query: DriverQuery): readonly string[] {
  return access.kind === 'index' || access.kind === 'get'
    ? access.residual.flatMap(describeFilter)
    : describeFilter(query.filter)
}

function indexName(access: Access): string | null {
  if (access.kind === 'get') return '_id_'
  if (access.kind === 'index') return access.index.model.name
  return access.kind === 'union' ? access.branches.map(indexName).join(' | ') : null
}
