import { assertOptions, must } from '../../../core/assert-options.ts'
import {
  DuplicateKeyError,
  isLexigramError,
  PermissionDeniedError,
  TimeoutError,
  type LexigramError,
  type LexigramErrorOptions,
} from '../../../core/errors.ts'
import {
  CheckError,
  DatabaseUnavailableError,
  DataError,
  DeadlockError,
  ForeignKeyError,
  LockedError,
  NotNullError,
  QueryError,
  SerializationError,
  TransactionError,
} from '../../errors.ts'
import { vendorCause } from './vendor-cause.ts'

type ErrorClass = new (message: string, options?: LexigramErrorOptions) => LexigramError

/** What an error is: its class, its message, and what callers see. The database's own message may repeat values, so it is not used. */
type Kind = readonly [ErrorClass, string, hint?: string | undefined, publicMessage?: string]

const unfit: Kind = [DataError, 'a value does not fit its type']
const away: Kind = [DatabaseUnavailableError, 'the database is not available']

/** By five-character state, then by two-character class: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const kinds: Readonly<Record<string, Kind>> = {
  '08': away,
  '08P01': [QueryError, 'the statement does not fit the protocol'],
  // Among its many states are an unknown role, a negative limit and a key of JSON that is missing.
  '22': [DataError, 'a value cannot be used'],
  '22001': unfit,
  '22003': unfit,
  '22012': [DataError, 'the statement divides by zero'],
  '22P02': unfit,
  '23502': [NotNullError, 'a required column has no value'],
  '23503': [ForeignKeyError, 'a row refers to one that is missing, or is still referred to'],
  '23505': [DuplicateKeyError, 'a row with this key exists already'],
  '23514': [CheckError, 'a check constraint refused the row'],
  '23P01': [CheckError, 'an exclusion constraint refused the row'],
  '25': [TransactionError, 'the transaction has failed or ended already'],
  '25001': [QueryError, 'the statement cannot run inside a transaction', 'Send it alone, or without CONCURRENTLY.'],
  '25006': [QueryError, 'the transaction is read only'],
  '28': [DatabaseUnavailableError, 'the database refused the credentials', 'Check the user and password in the URL.'],
  '3D': [DatabaseUnavailableError, 'the database does not exist', 'Check its name in the URL.'],
  '40': [SerializationError, 'the transaction met a concurrent one', 'Run the whole transaction again.'],
  '40P01': [DeadlockError, 'the transaction and another waited for each other', 'Run the whole transaction again.'],
  '42501': [
    PermissionDeniedError,
    'the database role, or a row-level security policy, does not allow this',
    undefined,
    'this is not allowed',
  ],
  '42601': [QueryError, 'the statement has a syntax error, or is more than one'],
  '42703': [QueryError, 'a column does not exist', 'Run the migrations, or check its name.'],
  '42P01': [QueryError, 'a table does not exist', 'Run the migrations, or check its name.'],
  '53': away,
  '55P03': [LockedError, 'another transaction holds a lock'],
  '57': away,
  '57014': [TimeoutError, 'the statement was cancelled or took too long'],
  '58': away,
  XX: away,
}

const otherKind: Kind = [QueryError, 'the database refused the statement']

/** Names of schema objects, for logs and programs; `detail` and `message` quote values. */
const objectNames = ['constraint', 'table', 'column', 'schema'] as const

/** Of a statement that was refused and undone, these say nothing: its answer may have been lost after it was kept. */
const unknownStates = /^(?:08000|08003|08006|08007|40003|57P01|57P02|57P05)$/

/** Of a connection that the server ended, these say that nothing was asked over it yet. */
const beforeStart = /^(?:08001|08004|28|3D|42|53|57P03|0A|22)/

export interface StateReading {
  /** Makes the error for a call whose answer did not come, so that its outcome depends on what the call was. */
  readonly lost?: (options: LexigramErrorOptions) => LexigramError
  /** Whether the call may have committed before the database refused it. @default false */
  readonly commitsByItself?: boolean
}

const readingChecks = { lost: must.beFunction, commitsByItself: must.beBoolean }

/**
 * Turns what a driver threw into a typed error; one of this package passes as it is. What logs may keep of the original
 * is its `cause`. Neither statements nor parameters nor values of rows are in any of it.
 */
export function toSqlError(thrown: unknown, reading: StateReading = {}): LexigramError {
  const { lost = unavailableError, commitsByItself = false } = assertOptions(reading, readingChecks, 'the reading')
  if (isLexigramError(thrown)) return thrown
  const failure = findState(thrown)
  if (failure === undefined) return lost({ cause: vendorCause(thrown) })
  const state = String(failure['code'])
  if (isLost(failure) || (commitsByItself && !isBeforeStart(failure))) {
    return lost({ cause: vendorCause(thrown), details: { sqlState: state } })
  }
  const [Kind, what, hint, publicMessage = what] = kinds[state] ?? kinds[state.slice(0, 2)] ?? otherKind
  const details: Record<string, string> = { sqlState: state }
  for (const name of objectNames) {
    const value = failure[name]
    if (typeof value === 'string' && value !== '') details[name] = value
  }
  const place = details['constraint'] ?? details['column'] ?? details['table']
  const message = place === undefined ? what : `${what} (${place})`
  return new Kind(message, { hint, details, publicMessage, cause: vendorCause(thrown) })
}

/** Whether the server ended the connection, or says itself that it does not know. */
function isLost(failure: Record<string, unknown>): boolean {
  const state = String(failure['code'])
  return unknownStates.test(state) || (hasEnded(failure) && !beforeStart.test(state) && !state.startsWith('25'))
}

/** Whether nothing of the statement has run: it was refused with the connection, or for its own text. */
function isBeforeStart(failure: Record<string, unknown>): boolean {
  if (hasEnded(failure)) return beforeStart.test(String(failure['code']))
  // What a block or procedure fails with has its place in them.
  return isGiven(failure['position']) && !isGiven(failure['where']) && !isGiven(failure['internalPosition'])
}

function hasEnded({ severity }: Record<string, unknown>): boolean {
  return severity === 'FATAL' || severity === 'PANIC'
}

function isGiven(field: unknown): boolean {
  return field !== undefined && field !== null && field !== ''
}

export function unavailableError(options: LexigramErrorOptions): DatabaseUnavailableError {
  return new DatabaseUnavailableError('the database cannot be reached', {
    hint: 'Check that it runs and that the URL is right.',
    ...options,
  })
}

/** Walks the causes, because some libraries wrap the database's error. */
function findState(thrown: unknown): Record<string, unknown> | undefined {
  let current = thrown
  for (let depth = 0; depth < 5 && typeof current === 'object' && current !== null; depth++) {
    const candidate = current as Record<string, unknown>
    if (typeof candidate['code'] === 'string' && /^[0-9A-Z]{5}$/.test(candidate['code']) && !isOfSystem(candidate)) {
      return candidate
    }
    current = candidate['cause']
  }
  return undefined
}

/** Codes of Node's system errors may have five letters too: EPIPE, of a connection that broke under a request. */
function isOfSystem({ syscall, errno }: Record<string, unknown>): boolean {
  return syscall !== undefined || errno !== undefined
}
