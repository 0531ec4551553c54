import type { Collection } from '../../nosql/collection/collection.ts'
import type { DocumentStore } from '../../nosql/store/document-store.ts'
import type { DocumentStoreOptions } from '../../nosql/store/store-context.ts'

/** What a driver supplies to be tested. */
export interface DocumentStoreHarness {
  /**
   * Opens a store on the database under test with these options; the suite disconnects it. All stores of one harness see
   * the same documents.
   */
  open(options: DocumentStoreOptions): DocumentStore | Promise<DocumentStore>
}

/** One behaviour that every driver must show. `run` rejects when it does not. */
export interface DocumentStoreCase {
  readonly topic: string
  readonly name: string
  readonly run: (harness: DocumentStoreHarness) => Promise<void>
}

export interface CaseContext {
  readonly store: DocumentStore
  /** A collection that nothing else uses; it is dropped afterwards. */
  readonly items: Collection
  /** A name that nothing else uses. */
  readonly fresh: () => string
  /** The clock of the store: set it to let time pass. */
  readonly clock: { now: number }
  /** Another store on the same documents. */
  readonly open: (options: DocumentStoreOptions) => Promise<DocumentStore>
}

export type Check = (context: CaseContext) => Promise<void>

/** Makes the cases of one topic. */
export function topic(name: string, checks: Readonly<Record<string, Check>>): readonly DocumentStoreCase[] {
  return Object.entries(checks).map(([behaviour, check]) => ({
    topic: name,
    name: behaviour,
    run: (harness) => runCase(harness, check),
  }))
}

async function runCase(harness: DocumentStoreHarness, check: Check): Promise<void> {
  // The real time, as a server that sweeps expired documents goes by it.
  const clock = { now: Date.now() }
  const stores: DocumentStore[] = []
  const names: string[] = []
  const open = async (options: DocumentStoreOptions) => {
    const store = await harness.open({ scans: 'allow', clock: () => clock.now, ...options })
    stores.push(store)
    return store
  }
  const fresh = () => {
    const name = `conformance_${crypto.randomUUID().replaceAll('-', '')}`
    names.push(name)
    return name
  }
  const store = await open({})
  try {
    await check({ store, items: store.collection(fresh()), fresh, clock, open })
  } finally {
    for (const name of names) await store.dropCollection(name)
    for (const opened of stores) await opened.disconnect()
  }
}
