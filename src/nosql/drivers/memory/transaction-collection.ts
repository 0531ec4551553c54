import type { DriverContext } from '../../contract/context.ts'
import type { DriverCollection } from '../../contract/driver-collection.ts'
import type { DriverPage, ReadPlan, StoredDocument } from '../../contract/query.ts'
import { UnsupportedOperationError } from '../../errors.ts'
import { applyWrites } from './document-view.ts'
import { idKey } from '../../query/value-key.ts'
import type { MemoryDatabase } from './memory-database.ts'
import { planRead } from './memory-plan.ts'
import type { TransactionView } from './transaction-view.ts'

/** A collection within a transaction: the plan of the collection itself, with what differs laid over its answer. */
export function transactionCollection(database: MemoryDatabase, view: TransactionView): DriverCollection {
  const { name } = view
  return {
    returnsOwnDocuments: true,
    expiry: view.base?.expiry ?? [],
    plan(query) {
      const base = planRead(database.collection(name), query)
      return { ...base, exact: false, sorted: false, read: (context) => overlaid(view, base, context) }
    },
    write: async (writes, { ordered }) => applyWrites(view, writes, ordered),
    listIndexes: refuseDefinition,
    createIndex: refuseDefinition,
    dropIndex: refuseDefinition,
  }
}

async function* overlaid(
  view: TransactionView,
  base: ReadPlan,
  context: DriverContext,
): AsyncGenerator<DriverPage<StoredDocument>, void> {
  // What another client writes while this is read turns up in the overlay as well.
  const seen = new Set<string>()
  for await (const page of base.read(context)) {
    const own = page.documents.filter(({ document }) => !view.overrides(idKey(document['_id'] ?? null)))
    for (const { document } of own) seen.add(idKey(document['_id'] ?? null))
    yield { ...page, documents: own }
  }
  const documents = [...view.overlay()].filter(({ document }) => !seen.has(idKey(document['_id'] ?? null)))
  yield { documents, scanned: documents.length, requests: 0 }
}

async function refuseDefinition(): Promise<never> {
  throw new UnsupportedOperationError('indexes cannot be changed within a transaction', {
    hint: 'Create and drop indexes on a collection of the store, before the transaction.',
  })
}
