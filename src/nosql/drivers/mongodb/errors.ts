import { type LexigramError } from '../../../core/errors.ts'
import {
  DocumentValidationError,
  DuplicateKeyError,
  NoSQLConnectionError,
  NoSQLFilterError,
  UnknownOutcomeError,
  UnsupportedOperationError,
  WriteConflictError,
} from '../../errors.ts'

/** What the driver looks at in an error of the vendor, whose classes it does not import. */
interface VendorError {
  readonly name: string
  readonly message?: string
  readonly errmsg?: string
  readonly code?: unknown
  readonly codeName?: unknown
  readonly keyPattern?: unknown
  readonly errorLabels?: readonly string[]
  readonly beforeHandshake?: boolean
  hasErrorLabel?(label: string): boolean
}

/** What was asked when an error came: whether a write may have been carried out depends on it. */
export type Operation = 'read' | 'write'

/** Errors of the vendor's own, before any command was sent. */
const beforeSending = new Set([
  'MongoServerSelectionError',
  'MongoPoolClearedError',
  'MongoPoolClearedOnNetworkError',
  'MongoWaitQueueTimeoutError',
  'MongoTopologyClosedError',
  'MongoNotConnectedError',
  'MongoClientClosedError',
  'MongoMissingCredentialsError',
])

/** The server is shutting down or is not the primary: it has refused the command. */
const notWritable = new Set([91, 189, 10107, 11600, 11602, 13435, 13436])

/** An error of the vendor as one of this package. Its message, which may hold stored values, stays behind. */
export function toStoreError(error: unknown, operation: Operation): Error {
  const vendor = unwrapped(error) as VendorError
  if (isNetworkError(vendor)) return networkError(vendor, operation)
  if (typeof vendor.code !== 'number')
    return vendor instanceof Error ? passedOn(vendor, operation) : new NoSQLConnectionError('MongoDB failed')
  return ofServer(vendor, operation)
}

/** A bulk write that failed as a whole holds what it failed with. */
function unwrapped(error: unknown): unknown {
  const { name, errorResponse } = error as { name?: unknown; errorResponse?: unknown }
  return name === 'MongoBulkWriteError' && errorResponse instanceof Error ? errorResponse : error
}

function passedOn(error: Error, operation: Operation): Error {
  if (/^Mongo(?:OperationTimeout|Cursor\w*Timeout)/.test(error.name)) return networkError(error, operation)
  return error
}

function isNetworkError({ name }: VendorError): boolean {
  return beforeSending.has(name) || /^MongoNetwork(?:Timeout)?Error$/.test(name)
}

function networkError(error: VendorError, operation: Operation): LexigramError {
  const notSent =
    beforeSending.has(error.name) || error.beforeHandshake === true || hasLabel(error, 'NoWritesPerformed')
  if (operation === 'read' || notSent) return connectionError(error)
  return unknownOutcome(error)
}

export function unknownOutcome(error: unknown): UnknownOutcomeError {
  return new UnknownOutcomeError('a write was sent to MongoDB and no answer came', {
    hint: 'Read what is there before you write again.',
    cause: redacted(error),
  })
}

export function connectionError(error: unknown): NoSQLConnectionError {
  const { code } = error as VendorError
  const reason =
    code === 18 || code === 13 || code === 8000 ? 'MongoDB refuses the credentials' : 'MongoDB cannot be reached'
  return new NoSQLConnectionError(reason, { cause: redacted(error) })
}

function ofServer(error: VendorError, operation: Operation): Error {
  const code = error.code as number
  const cause = redacted(error)
  const reason = typeof error.codeName === 'string' ? error.codeName : `Location${code}`
  if (code === 11000 || code === 11001) return duplicateKey(error)
  if (code === 112 || hasLabel(error, 'TransientTransactionError')) {
    return new WriteConflictError('another client has written the same documents', { cause })
  }
  if (code === 13 || code === 18 || code === 8000) return connectionError(error)
  if (notWritable.has(code)) return networkErrorOf(error, operation)
  if (code === 64 || code === 100 || error.name === 'MongoWriteConcernError') return unknownOutcome(error)
  if (code === 50) return networkErrorOf(error, operation)
  if (code === 20 && operation === 'write') {
    return new UnsupportedOperationError('this MongoDB server has no transactions', {
      hint: 'Transactions need a replica set; one of a single member is enough.',
      cause,
    })
  }
  if (code === 59 || code === 40324)
    return new UnsupportedOperationError(`MongoDB refuses the operation: ${reason}`, { cause })
  const message = `MongoDB refuses the ${operation}: ${reason} (${code})`
  return operation === 'write'
    ? new DocumentValidationError(message, { reason, cause })
    : new NoSQLFilterError(message, { reason, cause })
}

function networkErrorOf(error: VendorError, operation: Operation): LexigramError {
  // The server has answered, but the vendor may have repeated the command after an answer that was lost.
  const isSure = operation === 'read' || !hasLabel(error, 'RetryableWriteError') || hasLabel(error, 'NoWritesPerformed')
  return isSure ? connectionError(error) : unknownOutcome(error)
}

function duplicateKey(error: VendorError): DuplicateKeyError {
  const { index, fields } = duplicateOf(error)
  return new DuplicateKeyError(`a document with this ${fields.join(', ')} is already there`, {
    details: { fields, ...(index !== undefined && { index }) },
    cause: redacted(error),
  })
}

/**
 * Which key is taken. Errors of bulk writes have lost the pattern of the key on their way through the vendor's driver:
 * there the text names the index, and the values, which stay here.
 */
function duplicateOf({ keyPattern, message, errmsg }: VendorError): { index?: string; fields: readonly string[] } {
  const [, index, values = ''] =
    /\bindex: (.+?)(?: collation: .+?)? dup key: (.*)$/s.exec(errmsg ?? message ?? '') ?? []
  const fields = typeof keyPattern !== 'object' ? namesIn(values) : Object.keys(keyPattern ?? {})
  return { ...(index !== undefined && { index }), fields: fields.length > 0 ? fields : ['_id'] }
}

/** The names in a text such as `{ email: "a, b: c", team: 1 }`. */
function namesIn(values: string): readonly string[] {
  const withoutTexts = values.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""')
  const inner = withoutTexts.replace(/^\{ /, '').replaceAll(/\{[^{}]*\}|\[[^[\]]*\]/g, '')
  return [...inner.matchAll(/(?:^|, )([^\s:,{}]+): /g)].flatMap(([, name]) => (name === undefined ? [] : [name]))
}

export function hasLabel(error: unknown, label: string): boolean {
  const { errorLabels, hasErrorLabel } = error as VendorError
  return errorLabels?.includes(label) === true || hasErrorLabel?.call(error, label) === true
}

/** Name, code and labels of the vendor's error: its message may hold stored values, addresses or credentials. */
function redacted(error: unknown): Error {
  const { name, code, codeName, errorLabels } = error as VendorError
  const labels = errorLabels ?? labelsOf(error)
  const known = { ...(typeof code === 'number' && { code }), ...(typeof codeName === 'string' && { codeName }) }
  const short = Object.assign(new Error(`${name}${typeof codeName === 'string' ? `: ${codeName}` : ''}`), known)
  short.name = name
  return labels.length === 0 ? short : Object.assign(short, { errorLabels: labels })
}

const knownLabels = [
  'TransientTransactionError',
  'UnknownTransactionCommitResult',
  'RetryableWriteError',
  'NoWritesPerformed',
]

function labelsOf(error: unknown): readonly string[] {
  return knownLabels.filter((label) => hasLabel(error, label))
}

/** Whether the server answered with this code. */
export function hasCode(error: unknown, code: number): boolean {
  return (error as VendorError).code === code
}
