import { dates } from './codec/value-codec.ts'
import { allIndexes, indexedFilters, type Capabilities, type FilterCapabilities } from '../../contract/capabilities.ts'
import { commitBytes, commitSize } from './writing/native-writes.ts'

/** Firestore finds no missing field, negates nothing that may be missing, and looks into arrays for whole elements only. */
const undeclared: FilterCapabilities = { ...indexedFilters, range: 'none', regex: 'none' }

/** Names of fields that Firestore, or this package in it, keeps. */
export const refusedName = /^$|^__[^]*__$|^_lexigram$/

export function firestoreCapabilities(aggregation: boolean): Capabilities {
  return {
    filter: { declared: indexedFilters, undeclared },
    sort: 'indexed',
    evaluates: aggregation ? 'engine' : 'none',
    transaction: {
      kind: 'interactive',
      isolation: 'serializable',
      snapshotReads: true,
      maxWrites: commitSize,
      readsBeforeWrites: false,
    },
    index: { ...allIndexes, automatic: true, unique: 'emulated' },
    changes: false,
    subcollections: true,
    limits: {
      // Of the 1 MiB of a document, which its name counts towards, one value has 89 bytes less.
      documentBytes: 1_048_487,
      idBytes: 1500,
      depth: 19,
      writeBatch: 500,
      batchBytes: 8_000_000,
      transactionBytes: commitBytes,
      nestedArrays: true,
      keyOrder: true,
      ids: 'scalar',
      objectIds: false,
      dates,
      fieldNames: {
        bytes: 1500,
        pathBytes: 1500,
        refused: {
          pattern: refusedName,
          words: "empty, '_lexigram', or begin and end with two underscores",
        },
      },
    },
  }
}
