import type { DocumentStore } from '../../src/nosql/store/document-store.ts'

/** How much of each key there is, as a store sees it that no fault meets. */
export async function countLedger(store: DocumentStore): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>()
  for await (const { key, n } of store.collection('ledger').find({})) {
    counts.set(String(key), (counts.get(String(key)) ?? 0) + Number(n))
  }
  return counts
}

/** A campaign in which every answer to a caller was true. */
export const truthful = {
  acknowledgedButAbsent: [],
  doubled: [],
  partial: [],
  notDoneButPresent: [],
  hung: [],
  unexpected: [],
}
