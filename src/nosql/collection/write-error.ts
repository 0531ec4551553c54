import { isLexigramError } from '../../core/errors.ts'
import type { WriteOutcome } from '../contract/write.ts'
import { UnknownOutcomeError, WriteConflictError } from '../errors.ts'
import type { Session } from '../store/session.ts'

export type Refusal = Exclude<WriteOutcome, { readonly kind: 'written' }>

/** The error for a write that did not happen, or may not have; a transaction cannot be committed after it. */
export function toWriteError(session: Session, refusal: Refusal): Error {
  const error = errorOf(refusal)
  session.markFailed(error)
  return error
}

/** The same error, saying how many documents were changed before it.  */
export function withCounts(error: Error, counts: Readonly<Record<string, number>>): Error {
  if (isLexigramError(error)) Object.assign(error, { details: { ...error.details, ...counts } })
  return error
}

/** The reason of a signal may be anything. */
export function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error('the operation was aborted', { cause: reason })
}

function errorOf(refusal: Refusal): Error {
  if (refusal.kind === 'failed') return refusal.error
  if (refusal.kind === 'conflict') {
    return new WriteConflictError('the write cannot complete: another client wrote the document in between', {
      hint: 'Try again later, or change fewer documents at once.',
    })
  }
  if (refusal.error instanceof UnknownOutcomeError) return refusal.error
  return new UnknownOutcomeError(
    'a write cannot be confirmed: it was sent and not answered, so it may have been applied',
    {
      cause: refusal.error,
      hint: 'Read the document before you write it again.',
    },
  )
}
