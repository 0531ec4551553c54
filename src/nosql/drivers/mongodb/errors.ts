import { isLexigramError, TimeoutError, UsageError, type LexigramError } from '../../../core/errors.ts'
import { duplicateOf } from '../../contract/duplicate-key.ts'
import {
  DocumentValidationError,
  type DuplicateKeyError,
  NoSQLConnectionError,
  NoSQLFilterError,
  DocumentTransactionError,
  UnknownOutcomeError,
  UnsupportedOperationError,
  WriteConflictError,
} from '../../errors.ts'
import { idChanges } from '../../query/kept-id.ts'
import type { UpdateTree } from '../../query/update/parse-update.ts'
import { gone, isOfExpression, notBegun, reasonOf, stopped } from './server-codes.ts'
import { hasLabel, isAnswer, isAway, isUnacknowledged, redacted, unwrapped, type VendorError } from './vendor-error.ts'

/**
 * What was asked when an error came, and how far it got. A write is `unsent` while no server has received it, and `lost`
 * when one attempt of it got no answer, whatever the next one was answered. Within a transaction nothing is kept before the
 * commit.
 */
export type Operation = 'read' | 'write' | 'unsent write' | 'lost write' | 'in transaction'

/** An error of the vendor as one of this package. Its message, which may hold stored values, is left out. */
export function toStoreError(error: unknown, operation: Operation): Error {
  if (isLexigramError(error)) return error
  if (!(error instanceof Error) && typeof error !== 'object')
    return new NoSQLConnectionError('the operation cannot complete: MongoDB failed')
  const vendor = unwrapped(error)
  // What was written may be undone when another member becomes the primary.
  if (isUnacknowledged(error)) return unknownOutcome(vendor)
  if (isAnswer(vendor)) return ofServer(vendor, operation)
  // Thrown while a command is written, before any of it is sent.
  if (vendor.name === 'BSONVersionError' && operation !== 'lost write') return otherVersion(vendor)
  // What is wrong with a call is found before it is sent, and while an answer is read.
  const isUnclear = operation === 'lost write' || (operation === 'write' && !isHarmless(vendor))
  if (isUnclear) return unknownOutcome(vendor)
  return isAway(vendor) ? connectionError(vendor) : ofCall(error, vendor)
}

/** What the vendor finds wrong with a call before it sends it. */
function ofCall(error: unknown, vendor: VendorError): Error {
  const { name } = vendor
  // A TypeError, say: a bug, of which no class of the vendor knows.
  if (!name.startsWith('Mongo')) return error instanceof Error ? error : connectionError(vendor)
  const cause = redacted(vendor)
  if (name === 'MongoCompatibilityError')
    return new UnsupportedOperationError('the operation cannot run: this MongoDB server does not support it', { cause })
  if (name === 'MongoTransactionError' || name === 'MongoExpiredSessionError')
    return new DocumentTransactionError('the transaction cannot continue: its session has ended', { cause })
  const hint = 'Check the options of mongodb() and of the call.'
  return new UsageError(`the operation cannot be sent: the MongoDB client refused it with ${name}`, { hint, cause })
}

function otherVersion(vendor: VendorError): UsageError {
  return new UsageError('a value cannot be sent to MongoDB: its class belongs to another version of the package bson', {
    hint: "Import ObjectId and the other classes from 'mongodb'.",
    cause: redacted(vendor),
  })
}

function isHarmless(error: VendorError): boolean {
  return hasLabel(error, 'NoWritesPerformed') || (!isAway(error) && error.name.startsWith('Mongo'))
}

function ofServer(error: VendorError, operation: Operation): Error {
  const code = error.code as number // a number, by `isAnswer`
  const cause = redacted(error)
  const reason = reasonOf(error)
  const writes = operation !== 'read'
  if (code === 11000 || code === 11001) return duplicateKey(error)
  if (code === 112)
    return new WriteConflictError('the documents cannot be written: another client wrote them in between', { cause })
  if (code === 13 || code === 18 || code === 8000) return connectionError(error)
  if (notBegun.has(code)) return operation === 'lost write' ? unknownOutcome(error) : connectionError(error)
  if (gone.has(code)) return isOpen(error, operation) ? unknownOutcome(error) : connectionError(error)
  if (code === 64 || code === 100) return unknownOutcome(error)
  // An update of many may have changed some by then.
  if (code === 50) return isOpen(error, operation) ? unknownOutcome(error) : outOfTime(cause)
  if (hasLabel(error, 'TransientTransactionError')) {
    return new DocumentTransactionError(`the transaction cannot continue: MongoDB ended it with ${reason} (${code})`, {
      cause,
    })
  }
  // As with the time: an update of many may have changed some by then.
  if (stopped.has(code))
    return isOpen(error, operation)
      ? unknownOutcome(error)
      : new NoSQLConnectionError(`the operation cannot complete: MongoDB stopped it with ${reason} (${code})`, {
          cause,
        })
  if (code === 20 && writes) {
    return new UnsupportedOperationError('transactions cannot run: this MongoDB server does not support them', {
      hint: 'Transactions need a replica set; one of a single member is enough.',
      cause,
    })
  }
  if (code === 59)
    return new UnsupportedOperationError(`the operation cannot run: MongoDB refused it with ${reason}`, { cause })
  const refused = `MongoDB refused it with ${reason} (${code})`
  if (!writes) return new NoSQLFilterError(`the read cannot run: ${refused}`, { reason, cause })
  if (code === 66 && /\b_id\b/.test(error.errmsg ?? error.message ?? '')) return idChanges(cause)
  return new DocumentValidationError(`the write cannot run: ${refused}`, {
    reason,
    cause,
    ...rulesBroken(error),
  })
}

/** The refusal of a change as that of an expression, where one is to blame: the server says only that it came with a write. */
export function blameExpression<E>(error: E, change: UpdateTree | null): E | NoSQLFilterError {
  if (!(error instanceof DocumentValidationError)) return error
  const { message, reason, cause } = error
  const { code } = unwrapped(cause)
  return typeof code === 'number' && isOfExpression(code, change)
    ? new NoSQLFilterError(message, { reason, cause })
    : error
}

/** Whether a write was running outside of a transaction, so that some of it may be stored. */
function isOpen(error: VendorError, operation: Operation): boolean {
  return (operation === 'write' && !hasLabel(error, 'NoWritesPerformed')) || operation === 'lost write'
}

function outOfTime(cause: Error): TimeoutError {
  return new TimeoutError('MongoDB did not finish before the deadline', { cause })
}

/** Which rules of a collection's validator a document breaks, without the values that break them. */
function rulesBroken({ code, errInfo }: VendorError): { readonly details?: Readonly<Record<string, unknown>> } {
  if (code !== 121 || typeof errInfo !== 'object' || errInfo === null) return {}
  return { details: { rules: withoutValues((errInfo as { details?: unknown }).details) } }
}

function withoutValues(rules: unknown): unknown {
  if (Array.isArray(rules)) return rules.map(withoutValues)
  if (typeof rules !== 'object' || rules === null) return rules
  const kept = Object.entries(rules).filter(([name]) => !/^considered(?:Value|Values|Type|Types)$/.test(name))
  return Object.fromEntries(kept.map(([name, inner]) => [name, withoutValues(inner)]))
}

export function unknownOutcome(error: unknown): UnknownOutcomeError {
  return new UnknownOutcomeError('the outcome of a write cannot be known: MongoDB did not answer', {
    hint: 'Read what is there before you write again.',
    cause: redacted(error),
  })
}

/** What kept a client from connecting: its options, where the vendor refuses them only then, or the servers. */
export function connectError(error: unknown): LexigramError {
  const vendor = unwrapped(error)
  const isOfFile = error instanceof Error && 'syscall' in error && error.syscall === 'open'
  if (isLexigramError(error) || isAnswer(vendor) || (isAway(vendor) && !isOfFile)) return connectionError(error)
  return new UsageError(`the MongoDB client cannot connect: its options were refused with ${vendor.name}`, {
    hint: 'Check the options of MONGODB_URI and of mongodb(), and the files and packages that they need.',
    cause: redacted(vendor),
  })
}

export function connectionError(error: unknown): LexigramError {
  if (isLexigramError(error)) return error
  const { code } = error as VendorError // an error may have a code of any type
  const cause = redacted(error)
  if (code === 18 || code === 13 || code === 8000)
    return new NoSQLConnectionError('the credentials cannot be used: MongoDB refused them', { cause })
  return new NoSQLConnectionError('MongoDB cannot be reached', {
    hint: 'Check that it runs, that MONGODB_URI is right, and that the cluster admits this address.',
    cause,
  })
}

/**
 * Which key is taken. Errors of bulk writes have lost the pattern of the key on their way through the vendor's driver:
 * there the text names the index, and the values, which stay here.
 */
function duplicateKey(error: VendorError): DuplicateKeyError {
  const { keyPattern, message, errmsg } = error
  const pattern = /\bcollection: [^\s.]+\.(.+?)(?: index: (.+?))?(?: collation: .+?)? dup key: (.*)$/s
  // A clustered collection has no index of its ids to name.
  const [, collection = '', index = '_id_', values = ''] = pattern.exec(errmsg ?? message ?? '') ?? []
  const named = typeof keyPattern === 'object' ? Object.keys(keyPattern ?? {}) : namesIn(values)
  return duplicateOf({ collection, index, fields: named.length > 0 ? named : ['_id'] }, redacted(error))
}

/** The names in a text such as `{ email: "a, b: c", team: 1 }`. */
function namesIn(values: string): readonly string[] {
  const withoutTexts = values.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""')
  const inner = withoutTexts.replace(/^\{ /, '').replaceAll(/\{[^{}]*\}|\[[^[\]]*\]/g, '')
  return [...inner.matchAll(/(?:^|, )([^\s:,{}]+): /g)].flatMap(([, name]) => (name === undefined ? [] : [name]))
}
