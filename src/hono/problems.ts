import type { Context, ErrorHandler, NotFoundHandler } from 'hono'
import { assertOptions } from '../core/assert-options.ts'
import { NotFoundError } from '../core/errors.ts'
import { toProblemResponse } from '../core/problem-details.ts'
import { problemChecks, type ProblemOptions } from '../core/problem-options.ts'
import { executionContext } from './request-scope.ts'

/**
 * Answers errors of Hono handlers with problem details, by the application's `statuses` and the ones passed here. Errors
 * that are not the caller's fault are reported to the application and answered without their message.
 *
 * @throws UsageError `LEX_ERR_USE_001` for malformed options
 * @example
 * import { notFound, onError } from 'lexigram-edge/hono'
 *
 * routes.onError(onError()).notFound(notFound)
 */
export function onError(options: ProblemOptions = {}): ErrorHandler {
  assertOptions(options, problemChecks, 'the options of onError')
  return (error, c) => {
    if ('getResponse' in error && typeof error.getResponse === 'function') return error.getResponse()
    const response = problemFor(c, error, options)
    // Without an application there is no `onError` to call.
    if (response.status >= 500 && executionContext(c)?.problem === undefined) throw error
    return response
  }
}

/** A failure, thrown or an `Err`, as the application answers it, or by itself where routes run without one. */
export function problemFor(c: Context, failure: unknown, options: ProblemOptions): Response {
  return executionContext(c)?.problem?.(failure, options) ?? toProblemResponse(failure, options)
}

/** Answers unknown routes with problem details. */
export const notFound: NotFoundHandler = (c) => problemFor(c, new NotFoundError('the route cannot be found'), {})
