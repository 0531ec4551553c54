import type { Collection } from '../../../src/nosql/collection/collection.ts'
import type { DocumentStore, DocumentTransaction } from '../../../src/nosql/store/document-store.ts'
import type { Cursors } from '../cursors.ts'
import type { Command, Reply } from '../wire.ts'

/** What a command works on. */
export interface Target {
  /** The store, or the transaction of the command's session. */
  readonly documents: DocumentTransaction
  readonly store: DocumentStore
  readonly cursors: Cursors
}

export type Run = (command: Command, target: Target) => Promise<Reply>

/** The collection that a command names by its first field. */
export function collectionOf(command: Command, { documents }: Target): Collection {
  return documents.collection(firstValue(command) as string)
}

/** `database.collection`, as cursors are called. */
export function namespaceOf(command: Command): string {
  return `${String(command['$db'])}.${String(firstValue(command))}`
}

/** The fields of a command that are options of the call it becomes; absent ones stay absent. */
export function optionsOf(command: Command, names: readonly string[]): Record<string, unknown> {
  const present = names.filter((name) => command[name] !== undefined)
  return { scans: 'allow', ...Object.fromEntries(present.map((name) => [name, command[name]])) }
}

/** A whole number that may have come as int64. */
export function wholeNumber(value: unknown): number | undefined {
  return value === undefined ? undefined : Number(value)
}

function firstValue(command: Command): unknown {
  return Object.values(command)[0]
}
