import { isLexigramError, TimeoutError, type LexigramError, type LexigramErrorOptions } from '../../../core/errors.ts'
import { endWith } from '../../../core/tracing/traced.ts'
import type { Span } from '../../../core/tracing/tracer.ts'
import type { Statement } from '../../contract/driver.ts'
import { AnswerTooLargeError, CommitUnknownError } from '../../errors.ts'
import { assertNotAborted, onGivenUp, type GivingUp } from './given-up.ts'
import { commitsByItself } from '../statements/commits-by-itself.ts'
import { isKnownReadOnly } from '../statements/read-only.ts'
import { toSqlError, unavailableError } from './sql-state.ts'
import { ofDatabase, onlyDatabase } from './of-database.ts'
import { countRows, countStatements, type CountedStats } from '../session-stats.ts'
import { report, type Observer } from '../statements/statement-log.ts'

export interface CallContext extends Observer, GivingUp {
  /** Longest time for one call, in milliseconds. */
  readonly timeoutMs: number
  /** Those of the session. */
  readonly stats: CountedStats
  /** What the spans of calls are parts of; undefined where nothing is traced. */
  readonly span: Span | undefined
  /** Name of the database, or of the replica, that was asked by the call with this signal. */
  readonly database: (signal: AbortSignal) => string
}

export interface Call {
  readonly statements: readonly Statement[]
  /** What a lost answer means: `undone` when the database rolls back, `unknown` when the call may have changed something. */
  readonly lost: 'undone' | 'unknown'
  /** Whether it is a statement outside of any transaction, so that it may commit by itself. @default false */
  readonly alone?: true
  /** 0 for what is sent with the statement after it. @default 1 */
  readonly roundTrips?: 0 | 1
}

/** Hands a call to the driver, with the signal that aborts it and the span that traces it. */
type Send<T> = (signal: AbortSignal, span: Span | undefined) => Promise<T>

/** How long a driver may take, after a call was given up, to say how it ended; in milliseconds. */
const graceMs = 250

/**
 * Makes one call to a driver, within its time and until the caller gives up or the session ends, and logs it.
 *
 * @throws LexigramError by what the database answered; CommitUnknownError when it did not and may have carried out a
 * write; DatabaseUnavailableError, TimeoutError or UsageError when nothing was changed
 */
export function callDriver<T>(context: CallContext, call: Call, send: Send<T>): Promise<T> {
  const span = context.span?.start({ is: 'sql', statements: call.statements })
  return span === undefined ? callOnce(context, { call }, send) : callInSpan(span, { context, call }, send)
}

/** Apart, so that what it captures is allocated for traced calls only. */
function callInSpan<T>(
  span: Span,
  { context, call }: { readonly context: CallContext; readonly call: Call },
  send: Send<T>,
): Promise<T> {
  return endWith(
    span,
    span.run(() => callOnce({ ...context, span }, { call, span }, send)),
    (result) => span.set('db.response.returned_rows', countRows(result)),
  )
}

function nameDatabase(span: Span, name: string): void {
  if (name !== onlyDatabase) span.set('lexigram.database', name)
}

async function callOnce<T>(
  context: CallContext,
  { call, span }: { readonly call: Call; readonly span?: Span },
  send: Send<T>,
): Promise<T> {
  assertNotAborted(context.signal())
  const { stats } = context
  const startedAt = context.now()
  const limit = limitCall(context)
  stats.calls++
  stats.statements += call.statements.length
  try {
    const result = await limit.race(send)
    const rows = countRows(result)
    stats.rows += rows
    if (context.log !== undefined) report(context, call, { startedAt, rows })
    return result
  } catch (thrown) {
    const error = ofDatabase(toCallError(thrown, call, limit.givenUp), context.database(limit.signal))
    stats.failed++
    if (context.log !== undefined) report(context, call, { startedAt, rows: 0, error })
    throw error
  } finally {
    limit.end()
    stats.durationMs += context.now() - startedAt
    const database = context.database(limit.signal)
    countStatements(stats, database, call.statements.length)
    if (span !== undefined) nameDatabase(span, database)
  }
}

interface CallLimit {
  /** Why the call was given up, once it was. */
  readonly givenUp: LexigramError | undefined
  readonly signal: AbortSignal
  race<T>(send: Send<T>): Promise<T>
  end(): void
}

/** One timer serves both limits: the call's, and the grace after it was given up. */
function limitCall(context: CallContext): CallLimit {
  const controller = new AbortController()
  let givenUp: LexigramError | undefined
  let abandon: (error: Error) => void = () => {}
  const giveUp = (error: LexigramError): void => {
    limit.end()
    givenUp = error
    timer = setTimeout(() => abandon(new Error('the driver did not end the call')), graceMs)
    controller.abort()
  }
  const stop = onGivenUp(context, giveUp)
  let timer = setTimeout(() => giveUp(overdueError(context.timeoutMs)), context.timeoutMs)
  const limit: CallLimit = {
    get givenUp() {
      return givenUp
    },
    signal: controller.signal,
    race: (send) =>
      new Promise((resolve, reject) => {
        abandon = reject
        send(controller.signal, context.span).then(resolve, reject)
      }),
    end() {
      stop()
      clearTimeout(timer)
    },
  }
  return limit
}

function toCallError(thrown: unknown, call: Call, givenUp: LexigramError | undefined): LexigramError {
  if (thrown instanceof CommitUnknownError) return thrown
  if (thrown instanceof AnswerTooLargeError) return tooLargeError(thrown, call)
  // Another error of this package, thrown by a driver, says that nothing was changed.
  if (isLexigramError(thrown)) return givenUp ?? thrown
  const commits = mayHaveCommitted(call)
  // The database has stopped it on request: why is known here.
  if (givenUp !== undefined && isCancelled(thrown) && !commits) return givenUp
  const lost = (options: LexigramErrorOptions): LexigramError => {
    const refused = options.details !== undefined && commits ? 'it may have committed before it failed' : undefined
    if (mayHaveWritten(call)) return unknownError(options, givenUp?.message ?? refused, givenUp)
    return givenUp ?? unavailableError(options)
  }
  return toSqlError(thrown, { lost, commitsByItself: commits })
}

/** Whether some of a call may be kept although it failed. */
function mayHaveCommitted({ alone, lost, statements }: Call): boolean {
  return alone === true && lost === 'unknown' && statements.some(commitsByItself)
}

/** SQLSTATE 57014, query_canceled: the statement, or the transaction that it was alone in, was undone. */
function isCancelled(thrown: unknown): boolean {
  return typeof thrown === 'object' && thrown !== null && Reflect.get(thrown, 'code') === '57014'
}

/** Whether something is left of a call whose answer was lost, if it was carried out. */
function mayHaveWritten({ lost, statements }: Call): boolean {
  return lost === 'unknown' && !statements.every(isKnownReadOnly)
}

/** A transaction that has failed is rolled back, and what only reads changes nothing. */
function tooLargeError({ maxBytes, outcome }: AnswerTooLargeError, call: Call): LexigramError {
  const told = outcome === 'undone' && mayHaveCommitted(call) ? 'unknown' : outcome
  const error = new AnswerTooLargeError(maxBytes, mayHaveWritten(call) ? told : 'undone')
  if (error.outcome !== 'unknown') return error
  return unknownError({}, error.message, error)
}

/** @param cause Why it was given up, if it was: a caller that has disconnected, or a deadline */
function unknownError(
  options: LexigramErrorOptions,
  why = 'the connection was lost before the answer came',
  cause?: LexigramError,
): CommitUnknownError {
  return new CommitUnknownError(`the outcome of the write cannot be known: ${why}`, {
    hint: 'Read what is stored before the write is sent again, or write so that a repetition changes nothing.',
    ...options,
    ...(cause !== undefined && { cause }),
    details: { ...options.details, outcome: 'unknown' },
  })
}

function overdueError(ms: number): TimeoutError {
  return new TimeoutError(`the database did not answer within ${ms} ms`, {
    hint: 'Raise statementTimeout, or make the statement faster.',
  })
}
