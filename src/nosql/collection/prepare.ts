import type { CollectionScope } from './collection-scope.ts'
import { changeOf, type ChangeSource } from './change.ts'
import type { Modification } from './modification.ts'
import type { MeteredOptions } from './spending.ts'
import type { GivenWriteOptions } from './write-options.ts'
import { parseQuery } from './parsed-query.ts'

export interface WriteRequest {
  readonly filter: unknown
  /** Null for a deletion. */
  readonly source: ChangeSource | null
  readonly multi: boolean
  /** With the meter of the operation that it is a part of, if it is. */
  readonly options: GivenWriteOptions & MeteredOptions
  /** The document itself is wanted, as it was or as it is after. */
  readonly returns?: 'before' | 'after' | undefined
}

/** Parses and checks a write, so that nothing has been sent when something is wrong with it. */
export function prepare(scope: CollectionScope, request: WriteRequest): Modification {
  const { filter, source, multi, options, returns } = request
  // What is written back must be read whole; what is only deleted need not be read.
  const needs = source === null && returns === undefined ? 'keys' : 'whole'
  const query = parseQuery(scope, filter, { ...options, projection: undefined, limit: multi ? Infinity : 1, needs })
  const now = new Date(scope.session.store.clock())
  const upsert = source !== null && options.upsert === true
  const command = { kind: 'modify', query, multi, upsert, returns, now } as const
  if (source === null) return { ...command, change: null, apply: () => null }
  const { tree, apply, insert, seed } = changeOf(scope, { source, reading: query, options, now })
  return { ...command, change: tree, apply, insert: upsert ? insert : undefined, seed: upsert ? seed : undefined }
}
