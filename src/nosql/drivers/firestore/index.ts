/**
 * Driver for Google's Firestore over its REST API, and for its emulator.
 *
 * @module
 */

export type { FirestoreConfig } from './config.ts'
export { firestore, type FirestoreOptions } from './firestore-driver.ts'
export { metadataTokens, type AccessToken, type TokenSource } from './tokens.ts'
