import type { WriteContext, WriteOutcome } from '../../../contract/write.ts'
import { FirestoreFailure } from '../errors.ts'
import { isRepeatable, type Group } from '../reading/groups.ts'
import { failedOutcome, outcomeOf } from './outcomes.ts'
import type { Attempts } from '../transport.ts'
import type { Place } from '../place.ts'

interface BatchAnswer {
  readonly status?: readonly { readonly code?: number; readonly message?: string }[]
}

/** Google's numbers for what its REST API calls by name. @see https://grpc.io/docs/guides/status-codes/ */
const statusNames: Readonly<Record<number, string>> = {
  1: 'CANCELLED',
  3: 'INVALID_ARGUMENT',
  4: 'DEADLINE_EXCEEDED',
  5: 'NOT_FOUND',
  6: 'ALREADY_EXISTS',
  7: 'PERMISSION_DENIED',
  8: 'RESOURCE_EXHAUSTED',
  9: 'FAILED_PRECONDITION',
  10: 'ABORTED',
  11: 'OUT_OF_RANGE',
  12: 'UNIMPLEMENTED',
  13: 'INTERNAL',
  14: 'UNAVAILABLE',
}

interface Sending {
  readonly context: WriteContext
  readonly attempts: Attempts
  /** Sends one write by itself, with its own retries. */
  readonly again: (group: Group, attempts: Attempts) => Promise<WriteOutcome>
}

/**
 * Many writes in one request, each by itself: some may be stored and others not. What was refused for a reason that
 * passes is sent once more.
 *
 * @returns undefined where the request was refused as a whole, and nothing is stored
 */
export async function batchWrite(
  place: Place,
  groups: readonly Group[],
  { context, attempts, again }: Sending,
): Promise<readonly WriteOutcome[] | undefined> {
  const writes = groups.flatMap(({ natives }) => natives)
  let answer: BatchAnswer
  try {
    const isIdempotent = groups.every(isRepeatable)
    // By the protocol.
    answer = (await place.transport.call('batchWrite', { writes }, { context, isIdempotent, attempts })) as BatchAnswer
  } catch (error) {
    // One of them is in the way of the others, or all of them are too large together.
    if (error instanceof FirestoreFailure && error.status === 'INVALID_ARGUMENT') return undefined
    const outcome = failedOutcome(error)
    return groups.map(() => outcome)
  }
  return Promise.all(
    groups.map(async (group, index): Promise<WriteOutcome> => {
      const status = answer.status?.[index]
      // An answer that says nothing of a write proves nothing.
      if (status === undefined) return failedOutcome(new FirestoreFailure('UNKNOWN'))
      const { code = 0, message = '' } = status
      if (code === 0) return { kind: 'written' }
      const error = new FirestoreFailure(statusNames[code] ?? 'UNKNOWN', { answer: message })
      error.mayBeDone ||= attempts.mayBeDone
      if (error.isRetriable && (error.notCarriedOut || isRepeatable(group))) {
        return again(group, { mayBeDone: error.mayBeDone })
      }
      return outcomeOf(place, group, { error, context })
    }),
  )
}
