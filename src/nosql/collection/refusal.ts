import type { WriteOutcome } from '../contract/write.ts'
import { WriteConflictError } from '../errors.ts'
import type { Session } from '../store/session.ts'

/** The error for a write that did not happen; a transaction cannot be committed after it. */
export function toWriteError(session: Session, outcome: WriteOutcome): Error {
  const error =
    outcome.kind === 'failed'
      ? outcome.error
      : new WriteConflictError('A document was written by somebody else in between.', {
          hint: 'Try again later, or change fewer documents at once.',
        })
  session.markFailed(error)
  return error
}
