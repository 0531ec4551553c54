export type { FirestoreConfig } from './config.ts'
export { firestore, type FirestoreOptions } from './firestore-driver.ts'
export { metadataTokens, type AccessToken, type TokenSource } from './tokens.ts'
