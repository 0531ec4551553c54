/** What went wrong with documents. Every leaf has a literal `code`; no message or detail ever holds a stored value. */

import { DomainError, InfrastructureError, LexigramError, type LexigramErrorOptions } from '../core/errors.ts'
import { assertPlainObject } from '../core/plain-object.ts'

export { DuplicateKeyError } from '../core/errors.ts'

/** Options of errors that refuse a filter, an update, a pipeline or a document. */
export interface RefusalOptions extends LexigramErrorOptions {
  /**
   * MongoDB's name for the same refusal where it has one: 'BadValue', 'FailedToParse', 'TypeMismatch',
   * 'ConflictingUpdateOperators', 'ImmutableField', …
   *
   * @see https://www.mongodb.com/docs/manual/reference/error-codes/
   */
  readonly reason: string
  /** Where in the filter, update, pipeline or document, as a dotted path. */
  readonly path?: string | undefined
}

/** The database cannot be reached, or the connection was lost. Never swallowed. */
export class NoSQLConnectionError extends InfrastructureError {
  readonly code = 'LEX_ERR_NOSQL_002'
}

/** A document cannot be stored, or an update cannot be applied to one. Nothing was written. */
export class DocumentValidationError extends DomainError {
  readonly code = 'LEX_ERR_NOSQL_005'
  override readonly status = 422
  readonly reason: string
  readonly path: string | undefined

  constructor(message: string, options: RefusalOptions) {
    super(message, withDetails(options))
    this.reason = options.reason
    this.path = options.path
  }
}

/** A transaction could not be started, committed or rolled back. */
export class DocumentTransactionError extends LexigramError {
  readonly code = 'LEX_ERR_NOSQL_006'
}

/** A filter, sort, projection, update or pipeline is malformed. No backend was touched. */
export class NoSQLFilterError extends DomainError {
  readonly code = 'LEX_ERR_NOSQL_007'
  readonly reason: string
  readonly path: string | undefined

  constructor(message: string, options: RefusalOptions) {
    super(message, withDetails(options))
    this.reason = options.reason
    this.path = options.path
  }
}

/** Another client changed the same document in between, and the retries are used up. Trying again may succeed. */
export class WriteConflictError extends DomainError {
  readonly code = 'LEX_ERR_NOSQL_008'
  override readonly status = 409
}

/** This backend or its configuration does not support the operation; the hint names the remedy. */
export class UnsupportedOperationError extends LexigramError {
  readonly code = 'LEX_ERR_NOSQL_009'
}

/** The work would need more requests, documents, bytes or depth than it was allowed. There is no partial answer. */
export class BudgetExceededError extends DomainError {
  readonly code = 'LEX_ERR_NOSQL_010'
  override readonly status = 422
}

/**
 * A write was sent and no answer came: it may have been carried out. It is never reported as done and never repeated by
 * itself. `details` holds what is known of what came before it.
 */
export class UnknownOutcomeError extends InfrastructureError {
  readonly code = 'LEX_ERR_NOSQL_014'
  readonly outcome = 'unknown'
}

/** Callers may see what is wrong with their filter or document, and where. */
function withDetails(given: RefusalOptions): LexigramErrorOptions {
  const { reason, path, details, ...options } = assertPlainObject(given, 'the options of an error')
  const place = { reason, ...(path === undefined ? {} : { path }) }
  return { ...options, details: { ...details, ...place }, publicDetails: { ...options.publicDetails, ...place } }
}
