import type { DriverContext } from '../../contract/context.ts'
import type { DriverPage, DriverQuery, ReadPlan, StoredDocument } from '../../contract/query.ts'
import type { Access } from '../../plan/access.ts'
import { chooseAccess, sorterOf } from '../../plan/choose-access.ts'
import { type Facts, noFacts } from '../../plan/facts.ts'
import { onePage } from '../../plan/pages.ts'
import { explainRead } from '../../plan/read-plan.ts'
import { idKey } from '../../query/value-key.ts'
import { type Asked, indexRecords, unionRecords } from './index-records.ts'
import type { MemoryCollection } from './memory-collection.ts'
import type { MemoryRecord, MemoryShape } from './memory-index.ts'

const pageSize = 256

export function planRead(collection: MemoryCollection, query: DriverQuery, facts: Facts = noFacts): ReadPlan {
  const indexes = [...collection.indexes.values()].map(({ shape }) => shape)
  const access = chooseAccess(query, { indexes, facts })
  const { residual } = access
  const sorter = sorterOf(access, query.sort)
  return {
    exact: residual.length === 0,
    sorted: sorter !== 'client',
    // The portable layer checks the position, skips and limits: what is read is in memory anyway.
    positioned: false,
    limited: false,
    explain: () => explainRead(query, { access, native: null, residual, sorter, estimatedRequests: 0 }),
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

/** The records that an access leads to, each once. Documents inserted while reading are not among a scan's. */
function* candidates(
  collection: MemoryCollection,
  access: Access<MemoryShape>,
  asked: Asked,
): Generator<MemoryRecord, void> {
  switch (access.kind) {
    case 'none':
      return
    case 'get':
      for (const id of access.ids) {
        const record = collection.records.get(idKey(id))
        if (record !== undefined) yield record
      }
      return
    case 'union':
      yield* unionRecords(access, (branch) => candidates(collection, branch.access, asked), asked)
      return
    case 'index':
      yield* indexRecords(access, asked)
      return
    case 'scan':
    default: {
      const last = collection.lastSequence
      for (const record of collection.records.values()) if (record.sequence <= last) yield record
    }
  }
}

interface Reading extends Pick<DriverContext, 'onRequest'> {
  readonly access: Access<MemoryShape>
  readonly query: DriverQuery
}

/** Each page counts as a request, so that a budget of requests ends what it would end elsewhere. */
async function* readPages(
  collection: MemoryCollection,
  { access, query, onRequest }: Reading,
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
