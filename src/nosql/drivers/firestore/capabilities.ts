import { dates } from './codec/value-codec.ts'
import type { Capabilities, FilterCapabilities } from '../../contract/capabilities.ts'
import { commitBytes, commitSize } from './writing/native-writes.ts'

/** Firestore finds no missing field, negates nothing that may be missing, and looks into arrays for whole elements only. */
const declared: FilterCapabilities = {
  eq: 'exact',
  in: 'exact',
  range: 'exact',
  ne: 'none',
  exists: 'none',
  regex: 'superset',
  elemMatch: 'none',
  or: 'exact',
}

const undeclared: FilterCapabilities = {
  eq: 'exact',
  in: 'exact',
  range: 'none',
  ne: 'none',
  exists: 'none',
  regex: 'none',
  elemMatch: 'none',
  or: 'exact',
}

export function firestoreCapabilities(aggregation: boolean): Capabilities {
  return {
    filter: { declared, undeclared },
    sort: 'indexed',
    evaluates: aggregation ? 'engine' : 'none',
    transaction: {
      kind: 'interactive',
      isolation: 'serializable',
      snapshotReads: true,
      maxWrites: commitSize,
      readsBeforeWrites: false,
    },
    index: {
      create: true,
      automatic: true,
      unique: 'emulated',
      sparse: true,
      partial: true,
      ttl: true,
      multikey: true,
      consistency: 'strong',
      spread: false,
    },
    changes: false,
    subcollections: true,
    limits: {
      documentBytes: 1_048_576,
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
        refused: {
          pattern: /^$|^__[^]*__$|^_lexigram$/,
          words: "empty, '_lexigram', or begin and end with two underscores",
        },
      },
    },
  }
}
