import type { DocumentBackend, DocumentDriver } from '../../contract/driver.ts'
import { NoSQLConnectionError } from '../../errors.ts'
import type { ExpressionEngine } from '../../query/expression-engine.ts'
import { assertOptions, must, type OptionCheck } from '../../../core/assert-options.ts'
import { memoryCapabilities, type MemoryLimits } from './capabilities.ts'
import { collectionsOf } from './memory-backend.ts'
import { MemoryDatabase } from './memory-database.ts'
import { SnapshotSaver } from './snapshot-saver.ts'
import { loadSnapshot, saveSnapshot, type SnapshotStorage } from './snapshot.ts'

/** Options of `memory`. */
export interface MemoryOptions extends MemoryLimits {
  /** The engine behind `aggregate`, `$expr` and pipeline updates: `aggregation()` of `lexigram-edge/nosql/aggregation`. */
  readonly aggregation?: ExpressionEngine | undefined
  /** Keeps the documents between two runs. Saved after changes, and for certain when a store disconnects. */
  readonly snapshot?: SnapshotStorage | undefined
  /**
   * Whether a write is acknowledged only when a snapshot that has it is saved, one snapshot for each write; a write whose
   * snapshot cannot be saved rejects with a `NoSQLConnectionError`, though this process has it. @default false
   */
  readonly awaitSaves?: boolean
}

const hasMethods = (value: unknown, methods: readonly string[]): boolean =>
  typeof value === 'object' && value !== null && methods.every((name) => typeof Reflect.get(value, name) === 'function')

const optionChecks = {
  aggregation: {
    expected: 'the engine that aggregation() returns',
    holds: (value: unknown) => hasMethods(value, ['expression', 'transform', 'pipeline']),
  },
  snapshot: {
    expected: 'an object with load and save',
    holds: (value: unknown) => hasMethods(value, ['load', 'save']),
  },
  awaitSaves: must.beBoolean,
  documentBytes: must.beWholeNumberFrom(1),
  ids: must.beOneOf('scalar', 'any'),
} satisfies Readonly<Record<keyof MemoryOptions, OptionCheck>>

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
  const {
    aggregation,
    snapshot,
    awaitSaves = false,
    ...limits
  } = assertOptions(options, optionChecks, 'the options of memory')
  const databases = new Map<string, MemoryDatabase>()
  const saver = new SnapshotSaver(snapshot, () => saveSnapshot(databases))
  const changed = awaitSaves ? () => saver.saveNow() : () => saver.changed()
  const database = (name: string): MemoryDatabase => {
    let found = databases.get(name)
    if (found === undefined) databases.set(name, (found = new MemoryDatabase(changed)))
    return found
  }
  let loaded: Promise<void> | undefined
  const load = async () => {
    const text = await snapshot?.load()
    if (text !== undefined && text !== null) loadSnapshot(text, database)
  }
  return {
    name: 'memory',
    import: "import { memory } from 'lexigram-edge/nosql/memory'",
    io: 'none',
    warned: new Set(),
    open: ({ database: name = 'default' } = {}): DocumentBackend => ({
      name: 'memory',
      capabilities: memoryCapabilities(aggregation !== undefined, limits),
      native: { snapshot: () => saveSnapshot(databases) } satisfies MemoryNative,
      aggregation,
      connect: () =>
        (loaded ??= load().catch((cause: unknown) => {
          loaded = undefined
          throw new NoSQLConnectionError('the snapshot of the memory store cannot be loaded', { cause })
        })),
      disconnect: () => saver.settled(),
      ping: () => saver.settled(),
      ...collectionsOf(database(name)),
    }),
  }
}
