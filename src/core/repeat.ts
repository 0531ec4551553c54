import { TimeoutError } from './errors.ts'
import { longestTimer } from './time-limit.ts'
import type { BackendOperation } from './tracing/operation.ts'
import { endWith } from './tracing/traced.ts'
import type { Span } from './tracing/tracer.ts'

/** How long a call may take, and who may end it. */
export interface CallLimits {
  readonly signal?: AbortSignal | undefined
  /** In milliseconds since 1970. */
  readonly deadline?: number | undefined
  /** What each attempt is a part of; undefined where nothing is traced. */
  readonly span?: Span | undefined
}

export interface RepeatPolicy {
  /** How often a call is sent at most. */
  readonly attempts: number
  /** What the wait before the second attempt is below, in milliseconds. It doubles from attempt to attempt. */
  readonly firstWait: number
  readonly longestWait: number
  /** How long a call without a deadline may take, in milliseconds. */
  readonly longestCall: number
}

/** A call that failed, as far as it matters for sending it again. */
export interface CallFailure {
  /** Trying again may succeed. */
  readonly isRetriable: boolean
  /** The other side has said that nothing was done. */
  readonly notCarriedOut: boolean
  /** How often the call was sent. */
  attempts: number
  /** This attempt or one before it may have been carried out, for no answer came. */
  mayBeDone: boolean
}

export interface RepeatOptions {
  readonly policy: RepeatPolicy
  readonly limits: CallLimits
  /** Whether a call that may have been carried out can be sent again without harm. */
  readonly isIdempotent: boolean
  /** What is known of an error. Undefined for a defect, which is not repeated. */
  readonly failureOf: (error: unknown) => CallFailure | undefined
  /** What each attempt is called in a trace. */
  readonly name: { readonly driver: string; readonly request: string }
}

/**
 * Sends a call until it is answered: again what was surely not carried out, and what does no harm, within the deadline.
 *
 * @throws the error of the last attempt
 */
export async function repeatCall<T>(send: (signal: AbortSignal) => Promise<T>, options: RepeatOptions): Promise<T> {
  const { limits, policy, name } = options
  const { span } = limits
  const { signal, timer } = callSignal(limits, policy.longestCall)
  try {
    let mayBeDone = false
    for (let attempt = 1; ; attempt++) {
      try {
        return await (span === undefined ? send(signal) : sendInSpan(span, { ...name, attempt }, { send, signal }))
      } catch (error) {
        mayBeDone = noteFailure(error, { attempt, mayBeDone }, options)
        if (!(await waitWithJitter(attempt, policy, { ...limits, signal }))) throw error
        span?.measure({ is: 'retry', of: 'request', system: name.driver })
      }
    }
  } finally {
    clearTimeout(timer)
  }
}

interface Attempts {
  readonly attempt: number
  /** One before this may have been carried out. */
  readonly mayBeDone: boolean
}

/** Whether an attempt up to this one may have been carried out. @throws the error, where the call must not be repeated */
function noteFailure(error: unknown, before: Attempts, { isIdempotent, failureOf }: RepeatOptions): boolean {
  const failure = failureOf(error)
  if (failure === undefined) throw error
  failure.attempts = before.attempt
  failure.mayBeDone ||= before.mayBeDone || !failure.notCarriedOut
  if (failure.isRetriable && (isIdempotent || failure.notCarriedOut)) return failure.mayBeDone
  throw error
}

/** Apart, so that what it captures is allocated for traced calls only. */
function sendInSpan<T>(
  span: Span,
  request: Omit<BackendOperation, 'is'>,
  { send, signal }: { readonly send: (signal: AbortSignal) => Promise<T>; readonly signal: AbortSignal },
): Promise<T> {
  const attempt = span.start({ is: 'backend', ...request })
  return endWith(
    attempt,
    attempt.run(() => send(signal)),
  )
}

/**
 * Waits after attempt number `attempt`, at random up to a limit that doubles, so that rivals which failed together do not
 * come back together.
 *
 * @returns false, at once or when the signal aborts, where no other attempt may be made
 */
export async function waitWithJitter(
  attempt: number,
  { attempts, firstWait, longestWait }: Omit<RepeatPolicy, 'longestCall'>,
  { signal, deadline }: CallLimits,
): Promise<boolean> {
  const wait = Math.random() * Math.min(longestWait, firstWait * 2 ** (attempt - 1))
  if (attempt >= attempts || signal?.aborted === true) return false
  if (deadline !== undefined && Date.now() + wait >= deadline) return false
  return new Promise((resolve) => {
    const timer = setTimeout(() => settle(true), wait)
    const abort = () => settle(false)
    const settle = (goOn: boolean) => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
      resolve(goOn)
    }
    signal?.addEventListener('abort', abort, { once: true })
  })
}

/**
 * Aborts with the caller's signal, at the deadline, and in any case after the longest time of a call. Its reason is then an
 * error of this package, for it is what the caller gets.
 */
function callSignal({ signal, deadline }: CallLimits, longestCall: number) {
  const limit = deadline === undefined ? longestCall : Math.max(1, deadline - Date.now())
  const late = new AbortController()
  const timer = setTimeout(
    () => late.abort(new TimeoutError('a call cannot complete: its time is over')),
    Math.min(limit, longestTimer),
  )
  return {
    signal: signal === undefined ? late.signal : AbortSignal.any([signal, late.signal]),
    timer,
  }
}
