import type { CollectionScope } from './collection-scope.ts'
import { changeOf, type ChangeSource } from './change.ts'
import type { DriverQuery, ModifyCommand } from '../contract/driver.ts'
import type { Modification } from './modify.ts'
import type { OperationOptions, Sort } from './checks/operation-options.ts'
import { parseQuery, type Filter } from './question.ts'

export interface WriteRequest {
  readonly filter: Filter
  /** Null for a deletion. */
  readonly source: ChangeSource | null
  readonly multi: boolean
  readonly options: OperationOptions & { readonly sort?: Sort | undefined; readonly upsert?: boolean | undefined }
  /** The document itself is wanted, as it was or as it is after. */
  readonly returns?: 'before' | 'after' | undefined
}

/** Parses and checks a write, so that nothing has been sent when something is wrong with it. */
export function prepare(scope: CollectionScope, request: WriteRequest): Modification {
  const { filter, source, multi, options } = request
  // What is written back must be read whole.
  const reading = parseQuery(scope, filter, { ...options, projection: undefined, limit: multi ? Infinity : 1 })
  const command = commandOf(scope, request, reading)
  if (source === null) return { reading, command, change: () => null }
  const { apply, insert } = changeOf(scope, { source, reading, options })
  return { reading, command, change: apply, insert: command.upsert ? insert : undefined }
}

/** The same as it was written, for a backend that runs it itself. */
function commandOf(scope: CollectionScope, request: WriteRequest, query: DriverQuery): ModifyCommand {
  const { filter, source, multi, options, returns } = request
  return {
    query,
    filter,
    change: source,
    multi,
    upsert: source !== null && options.upsert === true,
    newId: scope.session.store.newId,
    let: options.let,
    returns,
  }
}
