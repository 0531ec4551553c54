import { InfrastructureError, LexigramError } from '../../core/errors.ts'

/**
 * A migration failed, cannot be undone, or the list in the code does not fit the history in the database. `details` name the
 * migration, and `cause` is the error of the step.
 */
export class DocumentMigrationError extends LexigramError {
  readonly code = 'LEX_ERR_NOSQL_012'
}

/** Another runner holds the lock, or has taken it over because this one did not renew its lease. */
export class MigrationLockedError extends InfrastructureError {
  readonly code = 'LEX_ERR_NOSQL_013'
}
