import type { CollectionScope } from './collection-scope.ts'
import { changeOf, type ChangeSource } from './change.ts'
import type { Modification } from './modify.ts'
import type { OperationOptions, Sort } from './operation-options.ts'
import { question, type Filter } from './question.ts'

export interface WriteRequest {
  readonly filter: Filter
  /** Null for a deletion. */
  readonly source: ChangeSource | null
  readonly multi: boolean
  readonly options: OperationOptions & { readonly sort?: Sort | undefined; readonly upsert?: boolean | undefined }
}

/** Parses and checks a write, so that nothing has been sent when something is wrong with it. */
export function prepare(scope: CollectionScope, { filter, source, multi, options }: WriteRequest): Modification {
  const reading = question(scope, filter, { ...options, limit: multi ? Infinity : 1 })
  if (source === null) return { reading, multi, change: () => null }
  const { apply, insert } = changeOf(scope, { source, reading, options })
  return { reading, multi, change: apply, insert: options.upsert === true ? insert : undefined }
}
