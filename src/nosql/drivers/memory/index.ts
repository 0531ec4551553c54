/**
 * The embedded document store: in memory, kept between runs where a snapshot storage is given.
 *
 * @module
 */

export type { MemoryLimits } from './capabilities.ts'
export { memory, type MemoryNative, type MemoryOptions } from './memory-driver.ts'
export type { SnapshotStorage } from './snapshot.ts'
