import { settleAll } from '../../core/settle-all.ts'
import { token, type Token } from '../../core/token.ts'
import type { DocumentStore, StoreHealth } from './document-store.ts'

/** All document stores of an application, for health pages and migrations. */
export interface DocumentStores {
  /** The primary first. */
  readonly names: readonly string[]
  /** How each store is, by name, all asked at once. */
  health(): Promise<Readonly<Record<string, StoreHealth>>>
}

/** The token of all document stores of an application, by name. */
export const DocumentStores: Token<DocumentStores> = token<DocumentStores>('DocumentStores')

/**
 * Connects all stores at once. When one fails, those that had connected are disconnected, and the failure is thrown.
 *
 * @throws what the store threw; AggregateError when several did
 */
export async function connectAll(stores: readonly DocumentStore[]): Promise<void> {
  const failures = await settleAll(stores.map((store) => store.connect()))
  if (failures.length === 0) return
  const all = [...failures, ...(await settleAll(stores.map((store) => store.disconnect())))]
  if (all.length === 1) throw all[0]
  throw new AggregateError(all, 'document stores cannot be connected')
}
