import { DomainError, InfrastructureError, LexigramError, UsageError } from '../core/errors.ts'

/**
 * The database cannot be reached, refuses connections or went away. Nothing was changed: the same call may be made
 * again.
 */
export class DatabaseUnavailableError extends InfrastructureError {
  readonly code = 'LEX_ERR_SQL_001'
}

/**
 * A write was sent and its answer never came: it was carried out, or it was not. Thrown for statements that are not
 * known to be read-only, for batches, units of work and the end of a transaction, whether the connection was lost, the
 * time was over or the caller gave up. Also for a `call` or `do` that failed outside of a transaction: it may have
 * committed before; `details.sqlState` says why it failed.
 */
export class CommitUnknownError extends InfrastructureError {
  readonly code = 'LEX_ERR_SQL_016'
  readonly outcome = 'unknown'
}

/** No connection became free within `poolTimeout`. */
export class PoolTimeoutError extends InfrastructureError {
  readonly code = 'LEX_ERR_SQL_004'
}

/** The database refused a statement for what it says: syntax, unknown table or column, wrong types. A bug, not input. */
export class QueryError extends LexigramError {
  readonly code = 'LEX_ERR_SQL_005'
}

/** A row refers to another that does not exist, or is still referred to. */
export class ForeignKeyError extends DomainError {
  readonly code = 'LEX_ERR_SQL_010'
  override readonly status = 409
}

/** A required column was given no value. */
export class NotNullError extends DomainError {
  readonly code = 'LEX_ERR_SQL_011'
  override readonly status = 422
}

/** A check or exclusion constraint refused a row. */
export class CheckError extends DomainError {
  readonly code = 'LEX_ERR_SQL_012'
  override readonly status = 422
}

/** Two transactions could not be put in an order: run the whole transaction again. */
export class SerializationError extends DomainError {
  readonly code = 'LEX_ERR_SQL_014'
  override readonly status = 409
}

/** Two transactions waited for each other, and the database ended this one: run the whole transaction again. */
export class DeadlockError extends DomainError {
  readonly code = 'LEX_ERR_SQL_015'
  override readonly status = 409
}

/** The outcome of the statements whose answer was too large. */
export type AnswerOutcome = 'done' | 'undone' | 'unknown'

/**
 * The answer to a call has more bytes than `maxAnswerBytes`, and was not kept. `outcome` says whether the call was
 * carried out, or changed nothing. Where a write may have been carried out, a `CommitUnknownError` is thrown instead.
 */
export class AnswerTooLargeError extends LexigramError {
  readonly code = 'LEX_ERR_SQL_018'
  /** Drivers also throw it with `unknown`; what callers receive is known. */
  readonly outcome: AnswerOutcome
  /** What `maxAnswerBytes` is. */
  readonly maxBytes: number

  constructor(maxBytes: number, outcome: AnswerOutcome) {
    if (typeof maxBytes !== 'number' || !Object.hasOwn(outcomes, outcome)) {
      throw new UsageError('an answer that is too large must have its limit and outcome')
    }
    super(`an answer must have at most ${maxBytes} bytes: this one has more, ${outcomes[outcome]}`, {
      hint: 'Select fewer rows or columns: read with page or stream, leave out returning, or raise maxAnswerBytes.',
      details: { maxAnswerBytes: maxBytes, outcome },
    })
    this.outcome = outcome
    this.maxBytes = maxBytes
  }
}

const outcomes: Readonly<Record<AnswerOutcome, string>> = {
  done: 'and its statements were carried out',
  undone: 'and its statements changed nothing',
  unknown: 'and its statements may have been carried out',
}

/** A value is out of range or malformed for its type, or not allowed where the statement uses it. */
export class DataError extends DomainError {
  readonly code = 'LEX_ERR_SQL_026'
  override readonly status = 422
}

/** A row or table is locked by another transaction, and waiting was not wanted or took too long. */
export class LockedError extends InfrastructureError {
  readonly code = 'LEX_ERR_SQL_017'
}

/**
 * The transaction was over, or had failed, when a statement arrived; or it was to be committed although a statement of
 * it had failed, and was rolled back.
 */
export class TransactionError extends LexigramError {
  readonly code = 'LEX_ERR_SQL_013'
}

/** A migration cannot be applied as it stands. */
export class MigrationError extends LexigramError {
  readonly code = 'LEX_ERR_SQL_032'
}
