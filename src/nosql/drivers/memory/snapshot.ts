import { DocumentValidationError } from '../../errors.ts'
import { idIndex, type IndexModel } from '../../contract/index-model.ts'
import type { Document } from '../../query/value.ts'
import { fromTagged, toTagged } from '../../query/tagged-json.ts'
import type { MemoryDatabase } from './memory-database.ts'

/** Where a snapshot is kept between two runs of a program; for development. */
export interface SnapshotStorage {
  /** The text saved last, or null. */
  load(): Promise<string | null>
  save(text: string): Promise<void>
}

interface SavedCollection {
  readonly documents: unknown
  readonly indexes: readonly IndexModel[]
}

type SavedDatabases = Readonly<Record<string, Readonly<Record<string, SavedCollection>>>>

/** All databases as JSON: dates, bytes and bigints tagged, documents in the order of their insertion. */
export function saveSnapshot(databases: ReadonlyMap<string, MemoryDatabase>): string {
  const saved = [...databases].map(([name, { collections }]): [string, SavedDatabases[string]] => [
    name,
    Object.fromEntries(
      [...collections.values()]
        .filter(({ exists }) => exists)
        .map(({ name: collection, records, indexes }) => [
          collection,
          {
            documents: [...records.values()].map(({ document }) => toTagged(document)),
            indexes: [...indexes.values()]
              .map(({ model }) => model)
              .filter(({ name: index }) => index !== idIndex.name),
          },
        ]),
    ),
  ])
  return JSON.stringify({ version: 1, databases: Object.fromEntries(saved) })
}

/** @throws DocumentValidationError reason `InvalidSnapshot`; nothing has been loaded then. */
export function loadSnapshot(text: string, database: (name: string) => MemoryDatabase): void {
  for (const [name, collections] of Object.entries(parseSnapshot(text))) {
    for (const [collectionName, { documents, indexes }] of Object.entries(collections)) {
      const collection = database(name).collection(collectionName)
      collection.exists = true
      for (const index of indexes) collection.createIndex(index)
      for (const document of fromTagged(documents) as readonly Document[]) collection.put(document)
    }
  }
}

function parseSnapshot(text: string): SavedDatabases {
  try {
    // The version says what it holds.
    const { version, databases } = JSON.parse(text) as { version?: unknown; databases?: SavedDatabases }
    if (version === 1 && databases !== undefined) return databases
  } catch {
    // Not JSON: the same answer.
  }
  throw new DocumentValidationError('the snapshot must be one that this version saved', {
    reason: 'InvalidSnapshot',
    path: '',
    hint: 'Delete the snapshot to start empty.',
  })
}
