import { DomainError, InfrastructureError, LexigramError } from '../core/errors.ts'

/** The database cannot be reached, refuses connections or went away. The next request may succeed. */
export class DatabaseUnavailableError extends InfrastructureError {
  readonly code = 'LEX_ERR_SQL_001'
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

/** Two transactions could not be put in an order, or waited for each other: run the whole transaction again. */
export class SerializationError extends DomainError {
  readonly code = 'LEX_ERR_SQL_014'
  override readonly status = 409
}

/** A value is out of range or malformed for its column's type. */
export class DataError extends DomainError {
  readonly code = 'LEX_ERR_SQL_026'
  override readonly status = 422
}

/** A row or table is locked by another transaction, and waiting was not wanted or took too long. */
export class LockedError extends InfrastructureError {
  readonly code = 'LEX_ERR_SQL_017'
}

/** The transaction was over, or had failed, when the statement arrived. */
export class TransactionError extends LexigramError {
  readonly code = 'LEX_ERR_SQL_013'
}

/** A migration cannot be applied as it stands. */
export class MigrationError extends LexigramError {
  readonly code = 'LEX_ERR_SQL_032'
}
