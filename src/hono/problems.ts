import type { ErrorHandler, NotFoundHandler } from 'hono'
import { NotFoundError } from '../errors.ts'
import { toProblemResponse, type ProblemOptions } from '../problem-details.ts'

/**
 * Answers what a Hono handler throws with problem details. Errors that are not the caller's fault are rethrown, so that
 * the application reports them and answers without their message.
 *
 * @example
 * import { notFound, onError } from 'lexigram-edge/hono'
 *
 * routes.onError(onError()).notFound(notFound)
 */
export function onError(options: ProblemOptions = {}): ErrorHandler {
  return (error) => {
    if ('getResponse' in error && typeof error.getResponse === 'function') return error.getResponse()
    const response = toProblemResponse(error, options)
    if (response.status >= 500) throw error
    return response
  }
}

/** Answers unknown routes with problem details. */
export const notFound: NotFoundHandler = () => toProblemResponse(new NotFoundError('there is no such route'))
