import type { Collection } from '../../nosql/collection/collection.ts'
import type { DocumentStore } from '../../nosql/store/document-store.ts'
import type { DocumentStoreOptions } from '../../nosql/store/store-context.ts'
import type { RequestFaults, RequestMeter } from './wire.ts'

/** What a driver supplies to be tested. */
export interface DocumentStoreHarness {
  /**
   * Opens a store on the database under test with these options; the suite disconnects it. All stores of one harness see
   * the same documents.
   */
  open(options: DocumentStoreOptions): DocumentStore | Promise<DocumentStore>
  /**
   * Opens a store for the cases that count or spoil requests: its driver reloads nothing by itself, such as a catalogue of
   * indexes, while a case runs. @default open
   */
  openSteady?(options: DocumentStoreOptions): DocumentStore | Promise<DocumentStore>
  /** Counts what the stores of `openSteady` send; or the reason why that cannot be counted. */
  readonly requests?: RequestMeter | string
  /** Spoils what the stores of `openSteady` send; or the reason why that cannot be done. */
  readonly faults?: RequestFaults | string
}

/** One behaviour that every driver must show. */
export interface DocumentStoreCase {
  readonly topic: string
  readonly name: string
  /** Why the case does not apply to a harness; undefined when the driver must pass it. */
  readonly notApplicable: (harness: Pick<DocumentStoreHarness, 'requests' | 'faults'>) => string | undefined
  /** Rejects when the driver does not show the behaviour, or the case does not apply to the harness. */
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
    notApplicable: () => undefined,
    run: (harness) => runCase((options) => harness.open(options), check),
  }))
}

/** Makes the cases of a topic that apply where the harness has what they need. */
export function topicWith<K extends 'requests' | 'faults'>(
  need: K,
  name: string,
  checks: Readonly<
    Record<string, (context: CaseContext, able: Exclude<DocumentStoreHarness[K], string | undefined>) => Promise<void>>
  >,
): readonly DocumentStoreCase[] {
  const notApplicable: DocumentStoreCase['notApplicable'] = ({ [need]: given }) =>
    typeof given === 'object' ? undefined : (given ?? `the harness must have ${need}`)
  return Object.entries(checks).map(([behaviour, check]) => ({
    topic: name,
    name: behaviour,
    notApplicable,
    async run(harness) {
      const reason = notApplicable(harness)
      if (reason !== undefined) throw new Error(`not applicable: ${reason}`)
      // It is what the case needs, as there was no reason.
      const able = harness[need] as Parameters<typeof check>[1]
      const open = (options: DocumentStoreOptions) => harness.openSteady?.(options) ?? harness.open(options)
      await runCase(open, (context) => check(context, able))
    },
  }))
}

async function runCase(openStore: DocumentStoreHarness['open'], check: Check): Promise<void> {
  // The real time, as a server that sweeps expired documents goes by it.
  const clock = { now: Date.now() }
  const stores: DocumentStore[] = []
  const names: string[] = []
  const open = async (options: DocumentStoreOptions) => {
    const store = await openStore({ scans: 'allow', clock: () => clock.now, ...options })
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
