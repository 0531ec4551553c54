/**
 * The one error base of the package and the leaves that several layers share.
 *
 * Expected domain failures are `Err` values; what throws is a bug, broken wiring or lost infrastructure.
 */

const brand: unique symbol = Symbol.for('lexigram-edge.error')

/** What every error may carry beside its message. None of it may hold stored values or a secret. */
export interface LexigramErrorOptions {
  /** What to do about it, in one imperative sentence. */
  readonly hint?: string | undefined
  /** The error underneath, kept for logs; never part of an answer. */
  readonly cause?: unknown
  /** Facts for programs and logs: names, counts, limits. Never part of an answer. */
  readonly details?: Readonly<Record<string, unknown>> | undefined
  /**
   * What the caller of an HTTP API or of RPC receives, where the message and the hint are for logs. From status 500 on
   * callers receive neither. @default the message, with the hint
   */
  readonly publicMessage?: string | undefined
  /** Facts for callers: further members of the problem body of an answer below 500. @default none */
  readonly publicDetails?: Readonly<Record<string, unknown>> | undefined
}

/**
 * Base of all errors thrown by this package. Act upon `code`, not upon the message.
 *
 * @example
 * import { isLexigramError } from 'lexigram-edge'
 *
 * try { await repository.save(product) }
 * catch (error) { if (isLexigramError(error) && error.code === 'LEX_ERR_DB_005') return conflict() }
 */
export abstract class LexigramError extends Error {
  abstract readonly code: string
  /** HTTP status that fits when the error reaches an entry point. */
  readonly status: number = 500
  // Declared only: what is not given is not printed with the error.
  declare readonly hint: string | undefined
  declare readonly details: Readonly<Record<string, unknown>> | undefined
  declare readonly publicMessage: string | undefined
  declare readonly publicDetails: Readonly<Record<string, unknown>> | undefined

  /** @throws UsageError `LEX_ERR_USE_001` for a message that is not text, or options that are not an object */
  constructor(message: string, options: LexigramErrorOptions = {}) {
    assertErrorParts(message, options)
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    for (const name of facts) if (options[name] !== undefined) Reflect.set(this, name, options[name])
  }

  /** On the prototype, so that it is not printed with every error. @internal */
  get [brand](): true {
    return true
  }

  override get name(): string {
    return this.constructor.name
  }
}

const facts = ['hint', 'details', 'publicMessage', 'publicDetails'] as const

/** Another error in the place of the options would be lost: its cause is not itself. */
function assertErrorParts(message: unknown, options: unknown): void {
  const isGiven = typeof options === 'object' && options !== null && !(options instanceof Error)
  if (isGiven && typeof message === 'string') return
  throw new UsageError('an error must have text and an object such as { cause }', { cause: options })
}

/** True for errors of this package, also when two copies of it are bundled (`instanceof` is not). */
export function isLexigramError(value: unknown): value is LexigramError {
  return typeof value === 'object' && value !== null && (value as Record<symbol, unknown>)[brand] === true
}

/** A failure that the domain expects: base for an application's own errors. Status 400 unless a subclass says otherwise. */
export abstract class DomainError extends LexigramError {
  override readonly status: number = 400
}

/** Something outside this process is gone, slow or refusing. Status 503: the next request may succeed. */
export abstract class InfrastructureError extends LexigramError {
  override readonly status: number = 503
}

/** The request cannot be understood at all (malformed JSON, a bad cursor). */
export class BadRequestError extends DomainError {
  readonly code = 'LEX_ERR_DOM_001'
}

/** What was asked for by name does not exist. */
export class NotFoundError extends DomainError {
  readonly code = 'LEX_ERR_DOM_002'
  override readonly status = 404
}

/** The caller is known and may not do this. */
export class PermissionDeniedError extends DomainError {
  readonly code = 'LEX_ERR_DOM_003'
  override readonly status = 403
}

/** The caller is not known. */
export class AuthenticationError extends DomainError {
  readonly code = 'LEX_ERR_DOM_004'
  override readonly status = 401
}

/** The client did not send the whole request in time. */
export class RequestTimeoutError extends DomainError {
  readonly code = 'LEX_ERR_DOM_008'
  override readonly status = 408
}

/** The request has a larger body than is taken. */
export class ContentTooLargeError extends DomainError {
  readonly code = 'LEX_ERR_DOM_009'
  override readonly status = 413
}

/** Too many requests from this caller. */
export class RateLimitError extends DomainError {
  readonly code = 'LEX_ERR_DOM_006'
  override readonly status = 429
}

/** The state has changed, or already is what was asked for. */
export class ConflictError extends DomainError {
  readonly code = 'LEX_ERR_DOM_007'
  override readonly status = 409
}

/** One thing wrong with one field. `path` is empty for the value as a whole. */
export interface ValidationIssue {
  readonly path: readonly (string | number)[]
  readonly message: string
}

/** Input was understood and refused; every issue is listed, values are not repeated. */
export class ValidationError extends DomainError {
  readonly code = 'LEX_ERR_VAL_002'
  override readonly status = 422
  readonly issues: readonly ValidationIssue[]

  constructor(message: string, issues: readonly ValidationIssue[], options: LexigramErrorOptions = {}) {
    assertErrorParts(message, options)
    if (!Array.isArray(issues)) throw new UsageError('the issues must be an array')
    super(message, { ...options, publicDetails: { ...options.publicDetails, issues } })
    this.issues = issues
  }
}

/** A unique constraint or index refused a write. Shared by SQL and documents. */
export class DuplicateKeyError extends DomainError {
  readonly code = 'LEX_ERR_DB_005'
  override readonly status = 409
}

/** A version or precondition did not hold: another writer was faster. */
export class OptimisticLockError extends DomainError {
  readonly code = 'LEX_ERR_DB_015'
  override readonly status = 409
}

/** The work did not end within its time. */
export class TimeoutError extends InfrastructureError {
  readonly code = 'LEX_ERR_INFRA_002'
  override readonly status = 504
}

/** A connection could not be opened, or was lost. What was sent over a lost one may have been carried out. */
export class ConnectionError extends InfrastructureError {
  readonly code = 'LEX_ERR_INFRA_003'
}

/** A programmer's mistake in calling this package: wrong type, wrong order, used after its end. */
export class UsageError extends LexigramError {
  readonly code = 'LEX_ERR_USE_001'
}
