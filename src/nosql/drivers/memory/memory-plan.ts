import type { DriverContext } from '../../contract/context.ts'
import type { DriverPage, DriverQuery, ReadPlan, StoredDocument } from '../../contract/query.ts'
import type { Access } from '../../plan/access.ts'
import { chooseAccess, sorterOf } from '../../plan/choose-access.ts'
import { type Facts, noFacts } from '../../plan/facts.ts'
import { onePage } from '../../plan/pages.ts'
import { readClaims } from '../../plan/read-plan.ts'
import { candidates } from './candidates.ts'
import type { MemoryCollection } from './memory-collection.ts'
import type { MemoryRecord, MemoryShape } from './memory-index.ts'

const pageSize = 256

export function planRead(collection: MemoryCollection, query: DriverQuery, facts: Facts = noFacts): ReadPlan {
  const indexes = [...collection.indexes.values()].map(({ shape }) => shape)
  const access = chooseAccess(query, { indexes, facts })
  const claims = readClaims(query, {
    access,
    native: null,
    residual: access.residual,
    sorter: sorterOf(access, query.sort),
    positioned: false,
    limits: false,
    estimatedRequests: 0,
  })
  return {
    ...claims,
    movedBy: walkedPaths(access),
    read: ({ onRequest }) =>
      access.kind === 'get' && access.ids.length === 1
        ? onePage(async () => {
            onRequest?.()
            return toPage([...candidates(collection, access, query)].map(toStored))
          })
        : readPages(collection, { access, query, onRequest }),
  }
}

function toStored({ document, revision }: MemoryRecord): StoredDocument {
  return { document, revision }
}

interface Asked extends Pick<DriverContext, 'onRequest'> {
  readonly access: Access<MemoryShape>
  readonly query: DriverQuery
}

/** Each page stands for a request, so that a budget of requests ends what it would end elsewhere. */
async function* readPages(
  collection: MemoryCollection,
  { access, query, onRequest }: Asked,
): AsyncGenerator<DriverPage<StoredDocument>, void> {
  const size = Math.min(pageSize, query.skip + query.limit)
  let page: StoredDocument[] = []
  let isLater = false
  if (access.kind !== 'none') onRequest?.()
  for (const record of candidates(collection, access, query)) {
    if (isLater && page.length === 0) onRequest?.()
    page.push(toStored(record))
    if (page.length < size) continue
    yield toPage(page)
    page = []
    isLater = true
  }
  if (page.length > 0) yield toPage(page)
}

function toPage(documents: readonly StoredDocument[]): DriverPage<StoredDocument> {
  return { documents, scanned: documents.length, requests: 1 }
}

/** What a document that is written while an index is read moves by. */
function walkedPaths(access: Access<MemoryShape>): readonly string[] {
  if (access.kind === 'union') return access.branches.flatMap((branch) => walkedPaths(branch.access))
  return access.kind === 'index' ? access.index.key.map(([path]) => path) : []
}
