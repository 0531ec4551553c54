import { isLexigramError, UsageError, type LexigramError, type LexigramErrorOptions } from '../../../core/errors.ts'
import { DatabaseUnavailableError, PoolTimeoutError } from '../../errors.ts'
import { toSqlError } from './sql-state.ts'

/** What the only database of an application is called. */
export const onlyDatabase = 'default'

/** Lost connections and full pools say of which database they are; the only one of an application needs no name. */
export function ofDatabase(error: LexigramError, name: string): LexigramError {
  if (name === onlyDatabase) return error
  if (error instanceof DatabaseUnavailableError) return new DatabaseUnavailableError(...named(error, name))
  return error instanceof PoolTimeoutError ? new PoolTimeoutError(...named(error, name)) : error
}

/** What a database could not be opened for, with its name: a vendor's message may repeat the URL. */
export function openingError(thrown: unknown, name: string): unknown {
  if (name === onlyDatabase) return thrown
  if (thrown instanceof UsageError) return new UsageError(...named(thrown, name))
  return isLexigramError(thrown) ? thrown : ofDatabase(toSqlError(thrown), name)
}

function named({ message, ...error }: LexigramError, name: string): [message: string, options: LexigramErrorOptions] {
  const { hint, cause, details, publicMessage } = error
  return [`${message} (${name})`, { hint, cause, publicMessage, details: { ...details, database: name } }]
}
