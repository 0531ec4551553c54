import type { Capabilities } from '../../contract/capabilities.ts'

export interface MemoryLimits {
  /** Largest document in bytes, as BSON counts them; lower it to see what a stricter backend would refuse. */
  readonly documentBytes?: number
  /** `any` allows what MongoDB does: objects, dates, booleans and null as `_id`. Default `scalar`, the portable rule. */
  readonly ids?: 'scalar' | 'any'
}

export function memoryCapabilities(aggregation: boolean, limits: MemoryLimits): Capabilities {
  return {
    filter: {
      eq: 'exact',
      in: 'exact',
      range: 'exact',
      or: 'exact',
      ne: 'none',
      exists: 'none',
      regex: 'superset',
      elemMatch: 'none',
    },
    sort: 'indexed',
    transaction: { kind: 'interactive', isolation: 'snapshot', maxWrites: Infinity, readsBeforeWrites: false },
    index: { create: true, unique: 'native', sparse: true, partial: true, ttl: true, multikey: true },
    aggregation,
    collation: false,
    limits: {
      documentBytes: limits.documentBytes ?? 16 * 1024 * 1024,
      writeBatch: Infinity,
      nestedArrays: true,
      keyOrder: true,
      ids: limits.ids ?? 'scalar',
    },
  }
}
