import type { DocumentBackend, DocumentDriver } from '../../contract/driver.ts'
import { NoSQLConnectionError } from '../../errors.ts'
import type { ExpressionEngine } from '../../query/expression-engine.ts'
import { baseCollection } from './base-collection.ts'
import { memoryCapabilities, type MemoryLimits } from './capabilities.ts'
import { MemoryDatabase } from './memory-database.ts'
import { MemoryTransaction } from './memory-transaction.ts'
import { SnapshotSaver } from './snapshot-saver.ts'
import { loadSnapshot, saveSnapshot, type SnapshotStorage } from './snapshot.ts'

export interface MemoryOptions extends MemoryLimits {
  /** The engine behind `aggregate`, `$expr` and pipeline updates: `aggregation()` of `lexigram-edge/nosql/aggregation`. */
  readonly aggregation?: ExpressionEngine | undefined
  /** Keeps the documents between two runs. Saved after changes, and for certain when a store disconnects. */
  readonly snapshot?: SnapshotStorage | undefined
}

/** What `store.native` is with this driver. */
export interface MemoryNative {
  /** All databases of the driver as JSON. */
  snapshot(): string
}

/**
 * Documents in this process: the reference for every other driver, for tests and development. The documents belong to the
 * driver, so that all stores opened on it see the same ones; named databases are kept apart.
 *
 * @example
 * import { createDocumentStore } from 'lexigram-edge/nosql'
 * import { aggregation } from 'lexigram-edge/nosql/aggregation'
 * import { memory } from 'lexigram-edge/nosql/memory'
 *
 * const store = createDocumentStore(memory({ aggregation: aggregation() }))
 */
export function memory(options: MemoryOptions = {}): DocumentDriver {
  const databases = new Map<string, MemoryDatabase>()
  const saver = new SnapshotSaver(options.snapshot, () => saveSnapshot(databases))
  const database = (name: string): MemoryDatabase => {
    let found = databases.get(name)
    if (found === undefined) databases.set(name, (found = new MemoryDatabase(() => saver.changed())))
    return found
  }
  let loaded: Promise<void> | undefined
  const load = async () => {
    const text = await options.snapshot?.load()
    if (text !== undefined && text !== null) loadSnapshot(text, database)
  }
  return {
    name: 'memory',
    import: "import { memory } from 'lexigram-edge/nosql/memory'",
    io: 'none',
    warned: new Set(),
    open: ({ database: name = 'default' } = {}): DocumentBackend => ({
      name: 'memory',
      capabilities: memoryCapabilities(options.aggregation !== undefined, options),
      native: { snapshot: () => saveSnapshot(databases) } satisfies MemoryNative,
      aggregation: options.aggregation,
      connect: () =>
        (loaded ??= load().catch((cause: unknown) => {
          loaded = undefined
          throw new NoSQLConnectionError('The snapshot of the memory store could not be loaded.', { cause })
        })),
      disconnect: () => saver.settled(),
      ping: () => saver.settled(),
      collection: (collection, spec) => baseCollection(database(name), collection, spec),
      async listCollections() {
        const all = [...database(name).collections.values()]
        return all.filter(({ exists }) => exists).map((collection) => collection.name)
      },
      createCollection: async (collection) => database(name).create(collection),
      dropCollection: async (collection) => database(name).drop(collection),
      begin: async () => new MemoryTransaction(database(name)),
    }),
  }
}
