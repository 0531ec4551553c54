import { callContext, callOptionChecks } from '../store/store-context.ts'
import type { CallOptions } from '../store/session.ts'
import { assertOptions, must } from '../../core/assert-options.ts'
import { UnsupportedOperationError } from '../errors.ts'
import { assertCollectionName } from '../store/collection-name.ts'
import { assertUnconfined, type CollectionScope, open } from './collection-scope.ts'

/** Options of `rename`. */
export interface RenameOptions extends CallOptions {
  /** Drops a collection that has the new name already. @default false */
  readonly dropTarget?: boolean | undefined
}

/** Removes the documents, the indexes and the collection. False when there was none. */
export async function dropCollection(scope: CollectionScope, options: CallOptions): Promise<boolean> {
  assertUnconfined(scope, 'drop')
  const call = assertOptions(options, callOptionChecks)
  const { store } = scope.session
  await open(scope, call)
  assertNoTransaction(scope, 'dropped', 'Drop it before or after, or delete its documents with deleteMany.')
  return store.backend.dropCollection(scope.name, callContext(scope.session, call))
}

/** @throws UnsupportedOperationError where the driver cannot rename; ConflictError for a name that is taken */
export async function renameCollection(scope: CollectionScope, name: string, options: RenameOptions): Promise<void> {
  assertUnconfined(scope, 'rename')
  assertCollectionName(name)
  const { dropTarget = false, ...call } = assertOptions(options, { ...callOptionChecks, dropTarget: must.beBoolean })
  const { store } = scope.session
  await open(scope, call)
  assertNoTransaction(scope, 'renamed', 'Rename it before or after.')
  const { backend } = store
  if (backend.renameCollection === undefined) {
    throw new UnsupportedOperationError(`the driver '${backend.name}' cannot rename a collection`, {
      hint: 'Create the other collection, and copy the documents to it.',
    })
  }
  await backend.renameCollection(scope.name, name, { ...callContext(scope.session, call), dropTarget })
}

function assertNoTransaction({ session }: CollectionScope, done: string, hint: string): void {
  if (!session.transactional) return
  throw new UnsupportedOperationError(`a collection cannot be ${done} within a transaction`, { hint })
}
