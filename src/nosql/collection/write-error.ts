import { asError } from '../../core/abort-reason.ts'
import { isLexigramError, type LexigramError } from '../../core/errors.ts'
import { BulkWriteError } from '../bulk-write-error.ts'
import type { WriteOutcome } from '../contract/write.ts'
import { UnknownOutcomeError, WriteConflictError } from '../errors.ts'
import type { Session, CallOptions } from '../store/session.ts'
import type { ReadContext } from './reading/read.ts'
import type { BulkWriteResult } from './results.ts'
import { applied } from './writing/bulk-totals.ts'

export type Refusal = Exclude<WriteOutcome, { readonly kind: 'written' }>

/** The error for a write that did not happen, or may not have; a transaction cannot be committed after it. */
export function toWriteError(session: Session, refusal: Refusal): Error {
  const error = errorOf(refusal)
  session.markFailed(error)
  return error
}

/** Whether it is an error that this package has made for the call: the reason of the caller's signal is the caller's. */
function isOurs(error: unknown, { signal }: CallOptions): error is LexigramError {
  return isLexigramError(error) && error !== signal?.reason
}

/** The same error, saying how many documents were changed before it where it is one of this package. */
export function withCounts(error: unknown, counts: Readonly<Record<string, number>>, options: CallOptions): unknown {
  if (isOurs(error, options)) Object.assign(error, { details: { ...error.details, ...counts } })
  return error
}

/**
 * What ends a write after it has changed some documents: an error of this package, which says how many, or one that does
 * so around what is not ours. Within a transaction nothing is applied that the caller would have to know of.
 */
export function leftMidway(
  error: unknown,
  { session, options, result }: Pick<ReadContext, 'session' | 'options'> & { readonly result: BulkWriteResult },
): unknown {
  if (session.transactional || !applied(result) || isOurs(error, options)) return error
  return new BulkWriteError([{ index: 0, error: asError(error) }], result)
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
