import type { CallFailure } from '../../../core/repeat.ts'
import {
  DocumentValidationError,
  NoSQLConnectionError,
  NoSQLFilterError,
  UnknownOutcomeError,
  UnsupportedOperationError,
} from '../../errors.ts'

export interface CancellationReason {
  readonly Code?: string
}

/** An operation that failed, before it is known whether it was a read or a write. */
export class DynamoFailure extends Error implements CallFailure {
  override readonly name = 'DynamoFailure'
  /** AWS's name for it; `Network` where no answer came. */
  readonly code: string
  /** Of each item of a transaction. */
  readonly reasons: readonly CancellationReason[]
  /** What AWS says. It may hold keys, so it is shown to nobody. */
  readonly answer: string
  attempts = 1
  mayBeDone: boolean

  constructor(
    code: string,
    options: {
      readonly reasons?: readonly CancellationReason[]
      readonly answer?: string
      readonly cause?: unknown
    } = {},
  ) {
    super(`DynamoDB: ${code}`, { cause: options.cause })
    this.code = code
    this.reasons = options.reasons ?? []
    this.answer = options.answer ?? ''
    this.mayBeDone = !this.notCarriedOut
  }

  get isRetriable(): boolean {
    return this.isThrottling || unanswered.has(this.code) || this.isContention
  }

  /** Another transaction works on the same items. */
  get isContention(): boolean {
    return (
      this.code === 'TransactionConflictException' || this.reasons.some(({ Code }) => Code === 'TransactionConflict')
    )
  }

  get notCarriedOut(): boolean {
    return !unanswered.has(this.code) && this.code !== 'Cancelled'
  }

  get isThrottling(): boolean {
    return (
      throttled.has(this.code) ||
      this.reasons.some(({ Code }) => Code === 'ThrottlingError' || Code === 'ProvisionedThroughputExceeded')
    )
  }
}

const throttled = new Set([
  'ProvisionedThroughputExceededException',
  'ThrottlingException',
  'RequestLimitExceeded',
  'LimitExceededException',
  'TransactionInProgressException',
])
const unanswered = new Set(['Network', 'InternalServerError', 'ServiceUnavailable', 'InternalFailure'])

export function failureOfAnswer(answer: unknown): DynamoFailure {
  const { __type, message, Message, CancellationReasons } = (answer ?? {}) as {
    __type?: unknown
    message?: unknown
    Message?: unknown
    CancellationReasons?: readonly CancellationReason[]
  }
  const code = typeof __type === 'string' ? (__type.split('#').at(-1) ?? __type) : 'InternalServerError'
  const text = message ?? Message
  return new DynamoFailure(code, {
    ...(CancellationReasons !== undefined && { reasons: CancellationReasons }),
    ...(typeof text === 'string' && { answer: text }),
  })
}

export function toReadError(error: unknown): Error {
  if (!(error instanceof DynamoFailure)) return error as Error // thrown by this package
  if (error.code === 'Cancelled' && error.cause instanceof Error) return error.cause
  if (error.code === 'ResourceNotFoundException') return tableMissing(error)
  if (error.code === 'ValidationException') {
    return new NoSQLFilterError('DynamoDB refuses the query', { reason: 'BadValue', cause: error })
  }
  return connectionError(error)
}

/** A failed write; unless this says that its outcome is unknown, nothing was stored. */
export function toWriteFailure(error: unknown): Error {
  if (!(error instanceof DynamoFailure)) return error as Error // thrown by this package
  if (error.code === 'ResourceNotFoundException') return tableMissing(error)
  const isInvalid = error.code === 'ValidationException' || error.reasons.some(({ Code }) => Code === 'ValidationError')
  if (isInvalid || error.code === 'ItemCollectionSizeLimitExceededException') {
    const isLarge = /size|exceed/i.test(error.answer) || error.reasons.length > 0
    return new DocumentValidationError(
      isLarge ? 'the document is larger than DynamoDB allows (400 KB)' : 'DynamoDB refuses the document',
      {
        reason: isLarge ? 'BSONObjectTooLarge' : 'BadValue',
        cause: error,
      },
    )
  }
  return error.mayBeDone ? unknownOutcome(error) : connectionError(error)
}

export function unknownOutcome(cause: unknown): UnknownOutcomeError {
  return new UnknownOutcomeError('a write was sent to DynamoDB and no answer came', {
    hint: 'Read what is there before you write again.',
    cause,
  })
}

function connectionError(error: DynamoFailure): NoSQLConnectionError {
  const refused =
    /AccessDenied|UnrecognizedClient|InvalidSignature|ExpiredToken|IncompleteSignature|MissingAuthentication/.test(
      error.code,
    )
  const reason = refused
    ? 'DynamoDB refuses the credentials'
    : error.isThrottling
      ? 'DynamoDB is throttling'
      : 'DynamoDB does not answer'
  return new NoSQLConnectionError(`${reason}: ${error.code}`, { cause: error })
}

function tableMissing(error: DynamoFailure): UnsupportedOperationError {
  return new UnsupportedOperationError('the table of the collection does not exist', {
    hint: 'Create it with your infrastructure, or set LEX_NOSQL__DYNAMODB__CREATE_TABLES for development.',
    cause: error,
  })
}
