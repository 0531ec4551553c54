/**
 * Driver for Google's Firestore over its REST API, and for its emulator.
 *
 * @module
 */

export type { FirestoreConfig } from './config.ts'
export {
  firestoreIndexes,
  type FieldOverride,
  type FirestoreIndexFile,
  type IndexedCollection,
} from './deployment/index-file.ts'
export { firestore, type FirestoreOptions } from './firestore-driver.ts'
export { MissingIndexError } from './indexes/missing-index.ts'
export type { CompositeIndex, IndexField } from './indexes/required-indexes.ts'
export { metadataTokens, type AccessToken, type TokenSource } from './auth/tokens.ts'
