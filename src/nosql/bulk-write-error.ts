import { isLexigramError, LexigramError } from '../core/errors.ts'
import { UnknownOutcomeError } from './errors.ts'
import type { BulkWriteResult } from './collection/results.ts'

/** One operation of a bulk write that did not happen. */
export interface BulkOperationError {
  /** Position of the operation in the list given. */
  readonly index: number
  readonly error: Error
}

/**
 * Some operations of `insertMany` or `bulkWrite` failed: `errors` says which and why, `result` what was applied. An
 * ordered write ended with the first of them.
 */
export class BulkWriteError extends LexigramError {
  readonly code = 'LEX_ERR_NOSQL_011'
  override readonly status: number
  readonly errors: readonly BulkOperationError[]
  readonly result: BulkWriteResult
  /** `unknown` when one of the errors is of a write that was sent and not answered. */
  readonly outcome: 'known' | 'unknown'

  /** @internal The package makes it. */
  constructor(errors: readonly BulkOperationError[], result: BulkWriteResult) {
    const first = errors[0]?.error
    super(`a bulk write cannot complete: ${errors.length} operations failed, the first at index ${errors[0]?.index}`, {
      cause: first,
      details: {
        errors: errors.map(({ index, error }) => ({ index, code: isLexigramError(error) ? error.code : undefined })),
      },
    })
    this.errors = errors
    this.result = result
    this.outcome = errors.some(({ error }) => error instanceof UnknownOutcomeError) ? 'unknown' : 'known'
    this.status = isLexigramError(first) ? first.status : 500
  }
}
