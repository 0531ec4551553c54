import { isLexigramError } from '../../src/core/errors.ts'
import type { Reply } from './wire.ts'

/** A refusal as MongoDB writes it. */
export class CommandError extends Error {
  readonly codeNumber: number
  readonly codeName: string
  readonly fields: Reply

  constructor(codeName: string, message: string, fields: Reply = {}) {
    super(message)
    this.codeName = codeName
    this.codeNumber = codes[codeName] ?? (Number(/^Location(\d+)$/.exec(codeName)?.[1]) || 8)
    this.fields = fields
  }
}

/** @see https://www.mongodb.com/docs/manual/reference/error-codes/ */
const codes: Readonly<Record<string, number>> = {
  BadValue: 2,
  UnknownError: 8,
  FailedToParse: 9,
  Unauthorized: 13,
  TypeMismatch: 14,
  Overflow: 15,
  InvalidLength: 16,
  AuthenticationFailed: 18,
  NamespaceNotFound: 26,
  IndexNotFound: 27,
  PathNotViable: 28,
  ConflictingUpdateOperators: 40,
  CursorNotFound: 43,
  NamespaceExists: 48,
  MaxTimeMSExpired: 50,
  DollarPrefixedFieldName: 52,
  InvalidIdField: 53,
  NotSingleValueField: 54,
  CommandNotFound: 59,
  ImmutableField: 66,
  CannotCreateIndex: 67,
  InvalidOptions: 72,
  InvalidNamespace: 73,
  IndexOptionsConflict: 85,
  IndexKeySpecsConflict: 86,
  ShutdownInProgress: 91,
  WriteConflict: 112,
  CannotIndexParallelArrays: 171,
  DocumentValidationFailure: 121,
  InvalidPipelineOperator: 168,
  ConversionFailure: 241,
  ChangeStreamHistoryLost: 286,
  NoSuchTransaction: 251,
  TransactionTooOld: 225,
  NotWritablePrimary: 10107,
  DuplicateKey: 11000,
  BSONObjectTooLarge: 10334,
  ExceededMemoryLimit: 146,
}

/** What an error of the embedded engine is to a client of MongoDB. */
export function toCommandError(error: unknown): CommandError {
  if (error instanceof CommandError) return error
  if (!isLexigramError(error))
    return new CommandError('UnknownError', error instanceof Error ? error.message : 'unknown')
  const details: Readonly<Record<string, unknown>> = error.details ?? {}
  switch (error.code) {
    case 'LEX_ERR_DB_005':
      return duplicateKey(details)
    case 'LEX_ERR_NOSQL_008':
      return new CommandError('WriteConflict', error.message, { errorLabels: ['TransientTransactionError'] })
    case 'LEX_ERR_NOSQL_010':
      return new CommandError('ExceededMemoryLimit', error.message)
    default:
      return new CommandError(typeof details['reason'] === 'string' ? details['reason'] : 'BadValue', error.message)
  }
}

function duplicateKey({ collection, index, fields }: Readonly<Record<string, unknown>>): CommandError {
  const paths = Array.isArray(fields) ? fields.map(String) : ['_id']
  const keyPattern = Object.fromEntries(paths.map((path) => [path, 1]))
  const keyValue = Object.fromEntries(paths.map((path) => [path, null]))
  const name = typeof index === 'string' ? index : '_id_'
  const values = paths.map((path) => `${path}: null`).join(', ')
  const message = `E11000 duplicate key error collection: test.${String(collection)} index: ${name} dup key: { ${values} }`
  return new CommandError('DuplicateKey', message, { keyPattern, keyValue })
}

/** The fields of a failed statement of a write, which has no name of its code. */
export function statementFields({ codeNumber, message, fields }: CommandError): Reply {
  return { code: codeNumber, errmsg: message, ...fields }
}

/** The fields of a failed command. */
export function errorFields(error: CommandError): Reply {
  return { codeName: error.codeName, ...statementFields(error) }
}
