import { allIndexes, type Capabilities, type FilterCapabilities } from '../../contract/capabilities.ts'

const exact: FilterCapabilities = {
  eq: 'exact',
  in: 'exact',
  range: 'exact',
  ne: 'exact',
  exists: 'exact',
  regex: 'exact',
  elemMatch: 'exact',
  or: 'exact',
}

/** The semantics of this package are MongoDB's, so everything is answered by the server. */
export const capabilities: Capabilities = {
  filter: { declared: exact, undeclared: exact },
  sort: 'native',
  evaluates: 'server',
  vendorQuery: 'mongodb',
  vendorValues: 'mongodb',
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
    documentBytes: 16 * 1024 * 1024,
    idBytes: Infinity,
    depth: 32,
    writeBatch: 1000,
    batchBytes: 40_000_000,
    transactionBytes: Infinity,
    nestedArrays: true,
    keyOrder: true,
    ids: 'any',
    objectIds: true,
    dates: [-8.64e15, 8.64e15],
    fieldNames: { bytes: Infinity, pathBytes: Infinity, refused: null },
  },
}
