import type { CallFailure } from '../../../core/repeat.ts'
import { waitAsked } from '../../../core/retry-after.ts'
import {
  BudgetExceededError,
  DocumentValidationError,
  NoSQLConnectionError,
  NoSQLFilterError,
  UnknownOutcomeError,
  UnsupportedOperationError,
} from '../../errors.ts'

/** A call that failed, before it is known whether it was a read or a write. */
export class FirestoreFailure extends Error implements CallFailure {
  override readonly name = 'FirestoreFailure'
  /** Google's name for it: `ABORTED`, `ALREADY_EXISTS`; `NETWORK` where no answer came. */
  readonly status: string
  readonly isRetriable: boolean
  /** Nothing was done: the service has said so, or the call was not sent. */
  readonly notCarriedOut: boolean
  attempts = 1
  mayBeDone: boolean
  retryAfter: number | undefined
  /** Private, so that no inspector shows it. */
  readonly #answer: string

  constructor(status: string, options: FailureOptions = {}) {
    super(`Firestore: ${status}`, { cause: options.cause })
    this.status = status
    this.isRetriable = retriable.has(status) || status.startsWith(redirect)
    this.notCarriedOut = options.isSent === false || notCarriedOut.has(status)
    this.mayBeDone = !this.notCarriedOut
    this.retryAfter = options.retryAfter
    this.#answer = options.answer ?? ''
  }

  /** What the answer says. It may name documents and hold values, so it is never shown. */
  get answer(): string {
    return this.#answer
  }
}

interface FailureOptions {
  readonly answer?: string
  readonly cause?: unknown
  /** @default true */
  readonly isSent?: boolean
  readonly retryAfter?: number | undefined
}

/** In the place of a name of Google's: what stands between may do so for a moment. */
const redirect = 'a redirect'
const retriable = new Set([
  'ABORTED',
  'UNAVAILABLE',
  'RESOURCE_EXHAUSTED',
  'DEADLINE_EXCEEDED',
  'INTERNAL',
  'NETWORK',
  'TOKEN_UNAVAILABLE',
])
/** ABORTED is contention: nothing was committed. The quota is checked before anything is done. */
const notCarriedOut = new Set([
  // No token was there to send the call with.
  'TOKEN_UNAVAILABLE',
  'ABORTED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ALREADY_EXISTS',
  'NOT_FOUND',
  'INVALID_ARGUMENT',
  'PERMISSION_DENIED',
  'UNAUTHENTICATED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
])

/** An answer that says what went wrong. */
export function errorOfAnswer(httpStatus: number, body: unknown): FirestoreFailure {
  const { error } = (body ?? {}) as { error?: AnswerError }
  const answer = typeof error?.message === 'string' ? error.message : ''
  // In a list, which begins with success, the error alone says which one it is.
  const code = httpStatus < 400 && typeof error?.code === 'number' ? error.code : httpStatus
  const named = typeof error?.status === 'string' ? error.status : statusOfHttp(code)
  // A message that is too long is so every time.
  const isTooLong = named === 'RESOURCE_EXHAUSTED' && /message (?:exceeds|larger than) max/i.test(answer)
  return new FirestoreFailure(isTooLong ? 'INVALID_ARGUMENT' : named, { answer, retryAfter: retryDelayOf(error) })
}

interface AnswerError {
  readonly code?: unknown
  readonly status?: unknown
  readonly message?: unknown
  readonly details?: unknown
}

/** Google's own way to ask for a wait, `{ retryDelay: '1.5s' }`. @see https://google.aip.dev/194 */
function retryDelayOf(error: AnswerError | undefined): number | undefined {
  if (!Array.isArray(error?.details)) return undefined
  const delays = (error.details as readonly ({ readonly retryDelay?: unknown } | null)[]).map((detail) =>
    /^(\d+(?:\.\d+)?)s$/.exec(String(detail?.retryDelay)),
  )
  const [, seconds] = delays.find((delay) => delay !== null) ?? []
  return seconds === undefined ? undefined : Number(seconds) * 1000
}

function statusOfHttp(status: number): string {
  if (status === 429) return 'RESOURCE_EXHAUSTED'
  if (status === 503 || status === 502) return 'UNAVAILABLE'
  if (status === 504 || status === 408) return 'DEADLINE_EXCEEDED'
  if (status === 401) return 'UNAUTHENTICATED'
  if (status === 403) return 'PERMISSION_DENIED'
  if (status === 404) return 'NOT_FOUND'
  if (status === 413) return 'INVALID_ARGUMENT'
  return status >= 500 || status < 400 ? 'INTERNAL' : 'INVALID_ARGUMENT'
}

/** The caller gave up, or the deadline has passed, before anything was sent. */
export function cancelledBefore(signal: AbortSignal): FirestoreFailure {
  return new FirestoreFailure('CANCELLED', { cause: signal.reason, isSent: false })
}

export function networkError(cause: unknown, signal: AbortSignal): FirestoreFailure {
  if (signal.aborted) return new FirestoreFailure('CANCELLED', { cause: signal.reason })
  return new FirestoreFailure('NETWORK', { cause })
}

/** What redirects may have carried the call out. It is not followed, as the token would go there too. */
export function redirectError(httpStatus: number): FirestoreFailure {
  return new FirestoreFailure(`${redirect} (HTTP ${httpStatus})`)
}

/** A failed read as the portable layer has it. */
export function toReadError(error: unknown): Error {
  if (!(error instanceof FirestoreFailure)) return error as Error // thrown by this package
  switch (error.status) {
    case 'CANCELLED':
      return reasonOf(error)
    case 'INVALID_ARGUMENT':
      return new NoSQLFilterError('the query cannot run: Firestore refused it', { reason: 'BadValue', cause: error })
    case 'OUT_OF_RANGE':
      return new BudgetExceededError('the query cannot read more than Firestore allows in one request', {
        cause: error,
      })
    case 'FAILED_PRECONDITION':
      return isTooOld(error) ? tooOld(error) : connectionError(error)
    case 'UNIMPLEMENTED':
      return new UnsupportedOperationError('the operation cannot run: this Firestore does not support it', {
        cause: error,
      })
    default:
      return connectionError(error)
  }
}

/** The emulator names the member of the request, production the snapshot. */
function isTooOld({ answer }: FirestoreFailure): boolean {
  return /(?:read_time|snapshot).*too old/i.test(answer)
}

function tooOld(cause: FirestoreFailure): BudgetExceededError {
  return new BudgetExceededError('the read cannot go on: Firestore no longer has the data of the time when it began', {
    hint: 'Begin again: old data is kept for an hour, or for seven days with point-in-time recovery.',
    cause,
  })
}

/**
 * A failed write, nothing of which is known to be stored unless this says so.
 *
 * @param largestField of what was written
 */
export function toWriteFailure(error: unknown, largestField?: () => string | undefined): Error {
  if (!(error instanceof FirestoreFailure)) return error as Error // thrown by this package
  if (error.status === 'INVALID_ARGUMENT' || error.status === 'OUT_OF_RANGE')
    return refusedWrite(error, largestField?.())
  if (!error.mayBeDone) return error.status === 'CANCELLED' ? reasonOf(error) : connectionError(error)
  return unanswered(error)
}

/** @see https://firebase.google.com/docs/firestore/quotas#limits */
const documentBytes = 1_048_576
const indexEntries = 40_000

function refusedWrite(cause: FirestoreFailure, field: string | undefined): DocumentValidationError {
  const { answer } = cause
  const most = field === undefined ? 'Store a part of it' : `The field '${field}' takes most of it: store it`
  if (/index entr/i.test(answer)) {
    return new DocumentValidationError(`a document must have at most ${indexEntries} index entries in Firestore`, {
      reason: 'BadValue',
      path: field,
      hint: `${most} elsewhere, or exempt it from indexing: 'fieldOverrides' in firestore.indexes.json.`,
      details: { limit: indexEntries, field },
      cause,
    })
  }
  if (/size|bytes|larger|exceeds/i.test(answer)) {
    return new DocumentValidationError(
      `a document must have at most ${documentBytes} bytes in Firestore, its name and notes included`,
      {
        reason: 'BSONObjectTooLarge',
        path: field,
        hint: `${most} elsewhere, or in separate documents.`,
        details: { limit: documentBytes, field },
        cause,
      },
    )
  }
  return new DocumentValidationError('the document cannot be stored: Firestore refused it', {
    reason: 'BadValue',
    cause,
  })
}

export function unanswered(cause: unknown): UnknownOutcomeError {
  return new UnknownOutcomeError('the outcome of a write cannot be known: Firestore did not answer', {
    hint: 'Read what is there before you write again.',
    cause,
  })
}

function reasonOf(error: FirestoreFailure): Error {
  return error.cause instanceof Error
    ? error.cause
    : new NoSQLConnectionError('the call cannot complete: it was cancelled', { cause: error })
}

/** What is wrong is set outside of the program. */
const hints: ReadonlyMap<string, string> = new Map([
  ['NETWORK', 'Check the network, and for the emulator that it runs at FIRESTORE_EMULATOR_HOST.'],
  [
    'TOKEN_UNAVAILABLE',
    'Check the network; outside of Google Cloud set FIRESTORE_CREDENTIALS, or FIRESTORE_EMULATOR_HOST for the emulator.',
  ],
  ['PERMISSION_DENIED', 'Give the service account the role Cloud Datastore User, and enable Firestore in the project.'],
  ['NOT_FOUND', 'Check the ids of the project and of the database: Firestore does not know this database.'],
])
const messages: ReadonlyMap<string, string> = new Map([
  ['TOKEN_UNAVAILABLE', 'a token cannot be obtained: Google’s token service is not available'],
  ['UNAUTHENTICATED', 'the credentials cannot be used: Firestore refused them'],
])

function connectionError(error: FirestoreFailure): NoSQLConnectionError {
  const { status } = error
  return new NoSQLConnectionError(
    messages.get(status) ?? `the request cannot be answered: Firestore failed with ${status}`,
    { hint: hints.get(status), cause: error, ...waitAsked(error.retryAfter) },
  )
}
