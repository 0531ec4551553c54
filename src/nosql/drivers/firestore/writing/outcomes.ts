import { idIndex } from '../../../contract/index-model.ts'
import type { WriteContext, WriteOutcome } from '../../../contract/write.ts'
import { UnknownOutcomeError } from '../../../errors.ts'
import { duplicateKey } from '../../../contract/duplicate-key.ts'
import { getDocuments } from '../reading/documents.ts'
import { FirestoreFailure, toWriteFailure, unanswered } from '../errors.ts'
import { isRepeatable, type Group } from '../reading/groups.ts'
import { takenOf } from '../indexes/locks.ts'
import type { Place } from '../place.ts'
import { largestField, type NativeWrite } from './native-writes.ts'

export interface Failed {
  readonly error: unknown
  readonly context: WriteContext
}

/** The outcome of one write whose commit was refused. */
export async function outcomeOf(place: Place, group: Group, { error, context }: Failed): Promise<WriteOutcome> {
  if (!(error instanceof FirestoreFailure)) return failedOutcome(error)
  const { status } = error
  if (status === 'FAILED_PRECONDITION' || status === 'NOT_FOUND') return { kind: 'conflict' }
  if (status !== 'ALREADY_EXISTS') return failedOutcome(error, group.natives)
  try {
    return await refusalOf(place, group, context)
  } catch (failed) {
    // Only a read could show whether an earlier attempt of this very write is there.
    if (isRepeatable(group)) return { kind: 'unsure', error: unanswered(failed) }
    return { kind: 'failed', error: failed as Error } // thrown by this package
  }
}

/** Firestore does not say which of the documents was there already. */
async function refusalOf(place: Place, group: Group, context: WriteContext): Promise<WriteOutcome> {
  const { write, name, wanted } = group
  if (write.kind === 'insert') {
    const isThere = (await getDocuments(place.transport, [name], context)).has(name)
    // No other client can have an id that was made just now: an earlier attempt, whose answer was lost, has stored it.
    if (isThere && isRepeatable(group)) return { kind: 'written' }
    if (isThere) return { kind: 'failed', error: duplicateKey(place.collection, idIndex) }
  }
  const taken = await takenOf(place, wanted, context)
  // Else whatever was in the way is gone again.
  return taken === undefined
    ? { kind: 'conflict' }
    : { kind: 'failed', error: duplicateKey(place.collection, taken.index) }
}

export function failedOutcome(error: unknown, natives: readonly NativeWrite[] = []): WriteOutcome {
  if (error instanceof FirestoreFailure && error.status === 'ABORTED' && !error.mayBeDone) return { kind: 'conflict' }
  const known = toWriteFailure(error, () => largestField(natives))
  return known instanceof UnknownOutcomeError ? { kind: 'unsure', error: known } : { kind: 'failed', error: known }
}
