import type { ClientSession, Collection as VendorCollection } from 'mongodb'
import type { HeldClient } from './held-client.ts'

/** Where a command is sent to: a collection, and the session of its transaction. */
export interface Target {
  readonly held: HeldClient
  /** @throws NoSQLConnectionError before the store is connected */
  collection(): VendorCollection<Record<string, unknown>>
  readonly session?: ClientSession | undefined
  /** The transaction that it is part of. */
  readonly transaction?: OpenTransaction | undefined
}

/** One attempt of a transaction, as its calls see it. */
export interface OpenTransaction {
  /** Looks at an error of a call: it may say that another attempt can succeed. */
  note(error: unknown): void
}
