import type { CallFailure } from '../../../core/repeat.ts'
import { waitAsked } from '../../../core/retry-after.ts'
import {
  DocumentValidationError,
  NoSQLConnectionError,
  NoSQLFilterError,
  UnknownOutcomeError,
  UnsupportedOperationError,
} from '../../errors.ts'

import type { Item } from './codec/attribute-values.ts'

export interface CancellationReason {
  readonly Code?: string
}

/** Why AWS throttles: the table as a whole, or one range of its keys. */
export interface ThrottlingReason {
  readonly reason?: string
}

export interface FailureDetails {
  readonly item?: Item
  readonly reasons?: readonly CancellationReason[]
  readonly throttling?: readonly ThrottlingReason[]
  readonly answer?: string
  readonly cause?: unknown
  /** @default true */
  readonly isSent?: boolean
}

/** An operation that failed, before it is known whether it was a read or a write. */
export class DynamoFailure extends Error implements CallFailure {
  override readonly name = 'DynamoFailure'
  /** AWS's name for it; `Network` where no answer came. */
  readonly code: string
  /** Of each item of a transaction. */
  readonly reasons: readonly CancellationReason[]
  readonly throttling: readonly ThrottlingReason[]
  readonly #item: Item | undefined
  readonly #answer: string
  readonly #isSent: boolean
  /** How often the request was sent. */
  attempts = 1
  mayBeDone: boolean
  retryAfter: number | undefined

  constructor(
    code: string,
    { reasons = [], throttling = [], answer = '', item, cause, isSent = true }: FailureDetails = {},
  ) {
    super(`DynamoDB: ${code}`, { cause })
    this.code = code
    this.reasons = reasons
    this.throttling = throttling
    this.#answer = answer
    this.#item = item
    this.#isSent = isSent
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
    return !this.#isSent || !(unanswered.has(this.code) || this.code === 'Cancelled' || this.isRedirect)
  }

  /** What redirects may have carried the request out. */
  get isRedirect(): boolean {
    return this.code.startsWith(redirectCode)
  }

  /** The item that broke the condition of a write which asked for it. Private, as what prints an error prints its fields. */
  get item(): Item | undefined {
    return this.#item
  }

  /** What AWS says. It may hold keys, so it is never shown. */
  get answer(): string {
    return this.#answer
  }

  /** Nothing else is wrong: a transaction with a condition that does not hold fails again. */
  get isThrottling(): boolean {
    if (throttled.has(this.code)) return true
    return this.reasons.some(isThrottled) && this.reasons.every((reason) => isThrottled(reason) || isFine(reason))
  }

  /** The table has capacity left; one key, or the range of keys around it, has none. */
  get isHotKey(): boolean {
    if (this.throttling.some(({ reason = '' }) => reason.includes('KeyRange'))) return true
    return this.isThrottling && this.reasons.some(isThrottled) && this.reasons.some(isFine)
  }
}

const isThrottled = ({ Code }: CancellationReason): boolean =>
  Code === 'ThrottlingError' || Code === 'ProvisionedThroughputExceeded'
const isFine = ({ Code }: CancellationReason): boolean => Code === undefined || Code === 'None'

const throttled = new Set([
  'ProvisionedThroughputExceededException',
  'ThrottlingException',
  'RequestLimitExceeded',
  'LimitExceededException',
  'TransactionInProgressException',
  'Throttling',
  'TooManyRequestsException',
])
/** Followed by the status: it replaces a code of AWS's. */
export const redirectCode = 'HTTP '
const unanswered = new Set(['Network', 'InternalServerError', 'ServiceUnavailable', 'InternalFailure'])

export function failureOfAnswer(answer: unknown): DynamoFailure {
  const {
    __type,
    message,
    Message,
    CancellationReasons,
    ThrottlingReasons,
    Item: item,
  } = (answer ?? {}) as {
    __type?: unknown
    message?: unknown
    Message?: unknown
    CancellationReasons?: readonly CancellationReason[]
    ThrottlingReasons?: readonly ThrottlingReason[]
    Item?: Item
  } // by the protocol
  const code = typeof __type === 'string' ? (__type.split('#').at(-1) ?? __type) : 'InternalServerError'
  const text = message ?? Message
  return new DynamoFailure(code, {
    ...(CancellationReasons !== undefined && { reasons: CancellationReasons }),
    ...(ThrottlingReasons !== undefined && { throttling: ThrottlingReasons }),
    ...(typeof text === 'string' && { answer: text }),
    ...(item !== undefined && { item }),
  })
}

export function toReadError(error: unknown): Error {
  if (!(error instanceof DynamoFailure)) return error as Error // thrown by this package
  if (error.code === 'Cancelled' && error.cause instanceof Error) return error.cause
  if (error.code === 'ResourceNotFoundException') return tableMissing(error)
  if (error.code === 'ValidationException') {
    return new NoSQLFilterError('the query cannot run: DynamoDB refused it', { reason: 'BadValue', cause: error })
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
      isLarge
        ? 'the document cannot be larger than DynamoDB allows (400 KB)'
        : 'the document cannot be stored: DynamoDB refused it',
      {
        reason: isLarge ? 'BSONObjectTooLarge' : 'BadValue',
        cause: error,
      },
    )
  }
  if (error.mayBeDone) return unknownOutcome(error)
  return error.code === 'Cancelled' && error.cause instanceof Error ? error.cause : connectionError(error)
}

export function unknownOutcome(cause: unknown): UnknownOutcomeError {
  return new UnknownOutcomeError('the outcome of a write cannot be known: DynamoDB did not answer', {
    hint: 'Read what is there before you write again.',
    cause,
  })
}

function connectionError(error: DynamoFailure): NoSQLConnectionError {
  const hint = hintFor(error)
  return new NoSQLConnectionError(`a request cannot complete: ${troubleOf(error)} (${error.code})`, {
    ...waitAsked(error.retryAfter),
    ...(hint !== undefined && { hint }),
    cause: error,
  })
}

function hintFor(error: DynamoFailure): string | undefined {
  if (error.isHotKey)
    return 'Spread the load over more keys: one partition takes 1000 writes and 3000 reads of small items a second.'
  return error.code === 'Network'
    ? 'Check the network, AWS_REGION, and the server at LEX_NOSQL__DYNAMODB__ENDPOINT_URL if it is set.'
    : undefined
}

const refused =
  /AccessDenied|UnrecognizedClient|InvalidSignature|ExpiredToken|IncompleteSignature|MissingAuthentication/

function troubleOf(error: DynamoFailure): string {
  if (error.code.endsWith('ProviderError')) return 'no credentials are available'
  if (refused.test(error.code)) return 'DynamoDB refused the credentials'
  if (error.isRedirect) return 'what answers redirects, which is not followed'
  if (error.isHotKey) return 'DynamoDB is throttling some keys'
  return error.isThrottling ? 'DynamoDB is throttling' : 'DynamoDB did not answer'
}

function tableMissing(error: DynamoFailure): UnsupportedOperationError {
  return new UnsupportedOperationError('the collection cannot be used: its table does not exist', {
    hint: 'Create it with your infrastructure, or set LEX_NOSQL__DYNAMODB__CREATE_TABLES for development.',
    cause: error,
  })
}
