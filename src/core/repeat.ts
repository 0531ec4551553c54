import { TimeoutError } from './errors.ts'
import { anySignal, longestTimer } from './time-limit.ts'
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
  /** How long the other side has asked to wait, in milliseconds. */
  readonly retryAfter?: number | undefined
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
 * Sends a call until it is answered: again what was surely not carried out, and what does no harm, within the deadline. Where
 * the other side asks to wait, no attempt comes earlier; where the deadline does, the call fails at once.
 *
 * @throws the error of the last attempt
 */
export async function repeatCall<T>(send: (signal: AbortSignal) => Promise<T>, options: RepeatOptions): Promise<T> {
  const { limits, policy, name } = options
  const { span } = limits
  const deadline = limits.deadline ?? Date.now() + policy.longestCall
  const { signal, timer } = callSignal(limits.signal, deadline)
  try {
    let mayBeDone = false
    for (let attempt = 1; ; attempt++) {
      try {
        return await (span === undefined ? send(signal) : sendInSpan(span, { ...name, attempt }, { send, signal }))
      } catch (error) {
        const failure = noteFailure(error, { attempt, mayBeDone }, options)
        mayBeDone = failure.mayBeDone
        if (!(await waitWithJitter(attempt, policy, { signal, deadline, atLeast: failure.retryAfter }))) throw error
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

/** The failure, which says what is known of all attempts up to this one. @throws the error, where the call must not be repeated */
function noteFailure(error: unknown, before: Attempts, { isIdempotent, failureOf }: RepeatOptions): CallFailure {
  const failure = failureOf(error)
  if (failure === undefined) throw error
  failure.attempts = before.attempt
  failure.mayBeDone ||= before.mayBeDone || !failure.notCarriedOut
  if (failure.isRetriable && (isIdempotent || failure.notCarriedOut)) return failure
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

interface WaitLimits extends Pick<CallLimits, 'signal' | 'deadline'> {
  /** How long the other side has asked to wait, in milliseconds. @default 0 */
  readonly atLeast?: number | undefined
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
  { signal, deadline = Infinity, atLeast = 0 }: WaitLimits,
): Promise<boolean> {
  const jitter = Math.random() * Math.min(longestWait, firstWait * 2 ** (attempt - 1))
  if (attempt >= attempts || signal?.aborted === true) return false
  const left = deadline - Date.now()
  if (atLeast >= Math.min(left, longestTimer)) return false
  // Of what is left beside the wait that was asked for, chance takes half at most.
  const wait = atLeast > 0 ? atLeast + Math.min(jitter, (left - atLeast) / 2) : jitter
  if (wait >= left) return false
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
 * Aborts with the caller's signal and at the deadline. Its reason is then an error of this package, for it is what the caller
 * gets.
 */
function callSignal(signal: AbortSignal | undefined, deadline: number) {
  const limit = Math.max(1, deadline - Date.now())
  const late = new AbortController()
  const timer = setTimeout(
    () => late.abort(new TimeoutError('a call cannot complete: its time is over')),
    Math.min(limit, longestTimer),
  )
  return {
    signal: signal === undefined ? late.signal : anySignal([signal, late.signal]),
    timer,
  }
}
