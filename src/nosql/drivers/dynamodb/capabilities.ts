import type { Capabilities, FilterCapabilities } from '../../contract/capabilities.ts'
import { mostActions } from './writing/send-steps.ts'

/** Through an index; what no index answers is asked of every document, which is a scan. */
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

/** An entry per element of an array finds too much where several elements together would match. */
const undeclared: FilterCapabilities = {
  ...declared,
  eq: 'superset',
  in: 'superset',
  range: 'superset',
  or: 'superset',
}

export function dynamoCapabilities(aggregation: boolean): Capabilities {
  return {
    filter: { declared, undeclared },
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
    index: {
      create: true,
      automatic: false,
      unique: 'emulated',
      sparse: true,
      partial: true,
      ttl: true,
      multikey: true,
      consistency: 'strong',
      spread: true,
    },
    changes: false,
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
      fieldNames: { bytes: 65_535, refused: { pattern: /^$/, words: 'empty' } },
    },
  }
}
