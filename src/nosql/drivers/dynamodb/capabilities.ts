import { allIndexes, indexedFilters, type Capabilities, type FilterCapabilities } from '../../contract/capabilities.ts'
import { mostActions } from './writing/send-steps.ts'

/** An entry per element of an array finds too much where several elements together would match. */
const undeclared: FilterCapabilities = {
  ...indexedFilters,
  eq: 'superset',
  in: 'superset',
  range: 'superset',
  or: 'superset',
}

/** What was handed to the driver. */
interface Given {
  readonly aggregation: boolean
  readonly changes: boolean
}

export function dynamoCapabilities({ aggregation, changes }: Given): Capabilities {
  return {
    filter: { declared: indexedFilters, undeclared },
    sort: 'indexed',
    evaluates: aggregation ? 'engine' : 'none',
    transaction: {
      kind: 'interactive',
      // For what was read by `_id`; a query may see what another one of the transaction did not.
      isolation: 'serializable',
      snapshotReads: false,
      // Items, those of indexes and of documents that were only read included.
      maxWrites: mostActions,
      readsBeforeWrites: false,
    },
    index: { ...allIndexes, unique: 'emulated', spread: true },
    changes,
    subcollections: false,
    limits: {
      documentBytes: 390_000,
      idBytes: 1500,
      depth: 28,
      writeBatch: 100,
      batchBytes: 3_500_000,
      transactionBytes: 4_194_304,
      nestedArrays: true,
      keyOrder: true,
      ids: 'scalar',
      objectIds: false,
      dates: [-8.64e15, 8.64e15],
      fieldNames: { bytes: 65_535, pathBytes: Infinity, refused: { pattern: /^$/, words: 'empty' } },
    },
  }
}
