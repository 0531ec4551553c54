import type { Context } from 'hono'
import type { ProblemOptions } from '../core/problem-details.ts'
import type { Result } from '../core/result/result.ts'
import { problemFor } from './problems.ts'

export interface RespondOptions extends ProblemOptions {
  /** Status of a success; 204 sends no body. @default 200, or 204 for `ok()` */
  readonly status?: 200 | 201 | 202 | 204
}

/**
 * Answers with a result: the value as JSON, or the failure as problem details (RFC 9457), as `onError` does.
 *
 * @example
 * import { respond } from 'lexigram-edge/hono'
 *
 * routes.get('/products/:id', async (c) => respond(c, await products.find(c.req.param('id'))))
 */
export function respond(c: Context, result: Result<unknown, unknown>, options: RespondOptions = {}): Response {
  if (!result.ok) return problemFor(c, result, options)
  const status = options.status ?? (result.value === undefined ? 204 : 200)
  // c.json would refuse the types of values that JSON.stringify takes well enough.
  return status === 204 ? c.body(null, 204) : Response.json(result.value, { status })
}
