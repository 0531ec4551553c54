import { allIndexes, indexedFilters, type Capabilities } from '../../contract/capabilities.ts'

/** What a memory store refuses, as another backend would. */
export interface MemoryLimits {
  /** Largest document in bytes, as BSON counts them; lower it to see what a stricter backend would refuse. */
  readonly documentBytes?: number
  /** `any` allows what MongoDB does: objects, dates, booleans and null as `_id`. @default `scalar`, the portable rule */
  readonly ids?: 'scalar' | 'any'
}

export function memoryCapabilities(aggregation: boolean, limits: MemoryLimits): Capabilities {
  return {
    filter: { declared: indexedFilters, undeclared: indexedFilters },
    sort: 'indexed',
    evaluates: aggregation ? 'engine' : 'none',
    transaction: {
      kind: 'interactive',
      isolation: 'snapshot',
      snapshotReads: true,
      maxWrites: Infinity,
      readsBeforeWrites: false,
    },
    index: allIndexes,
    changes: true,
    subcollections: false,
    limits: {
      documentBytes: limits.documentBytes ?? 16 * 1024 * 1024,
      idBytes: Infinity,
      depth: 32,
      writeBatch: Infinity,
      batchBytes: Infinity,
      transactionBytes: Infinity,
      nestedArrays: true,
      keyOrder: true,
      ids: limits.ids ?? 'scalar',
      objectIds: true,
      dates: [-8.64e15, 8.64e15],
      fieldNames: { bytes: Infinity, pathBytes: Infinity, refused: null },
    },
  }
}
