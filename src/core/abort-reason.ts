import { isLexigramError } from './errors.ts'

/** Whether a signal was aborted because its time was over: by `AbortSignal.timeout`, or with a `TimeoutError`. */
export function isTimeout(reason: unknown): boolean {
  if (isLexigramError(reason)) return reason.code === 'LEX_ERR_INFRA_002'
  return reason instanceof DOMException && reason.name === 'TimeoutError'
}

/** How far causes are followed; more than libraries wrap an error. */
const deepest = 8

/** Whether an error is what becomes of work whose signal was aborted for `reason`. */
export function isCausedByAbort(error: unknown, reason: unknown): boolean {
  let at = error
  for (let depth = 0; depth <= deepest; depth++) {
    if (at === reason) return true
    if (typeof at !== 'object' || at === null) return false
    if ('name' in at && at.name === 'AbortError') return true
    at = 'cause' in at ? at.cause : undefined
  }
  return false
}

/** The reason of a signal may be anything; where an error is needed, it is one or the cause of one. */
export function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error('the operation was aborted', { cause: reason })
}
