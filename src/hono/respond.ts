import type { Context, TypedResponse } from 'hono'
import type { ClientErrorStatusCode, ServerErrorStatusCode } from 'hono/utils/http-status'
import type { JSONParsed } from 'hono/utils/types'
import { assertOptions, type OptionCheck } from '../core/assert-options.ts'
import type { ProblemDetails } from '../core/problem-details.ts'
import { problemChecks, type ProblemOptions } from '../core/problem-options.ts'
import { isOk, type Ok, type Result } from '../core/result/result.ts'
import { problemFor } from './problems.ts'

type SuccessStatus = 200 | 201 | 202 | 204

/** Status and headers of the answer that `respond` makes. */
export interface RespondOptions<S extends SuccessStatus = SuccessStatus> extends ProblemOptions {
  /** Status of a success; 204 sends no body. @default 200, or 204 for `ok()` */
  readonly status?: S
}

/** A failure as clients of `hc` see it: `ok` is false, and `json()` has the problem. */
export type ProblemAnswer<S extends ClientErrorStatusCode | ServerErrorStatusCode> = Response &
  TypedResponse<ProblemDetails, S, 'json'>

/** What `respond` answers for a result: its value with the status of a success, its error as problem details. */
export type AnswerOf<R, S extends SuccessStatus> =
  R extends Ok<infer T> ? SuccessAnswer<T, S> : ProblemAnswer<ClientErrorStatusCode | ServerErrorStatusCode>

// The default of S is `never`: then the value decides.
type SuccessAnswer<T, S extends SuccessStatus> = [S] extends [never]
  ? T extends undefined | void
    ? EmptyAnswer
    : JsonAnswer<T, 200>
  : S extends 204
    ? EmptyAnswer
    : JsonAnswer<T, S>

type EmptyAnswer = Response & TypedResponse<null, 204, 'body'>
type JsonAnswer<T, S extends SuccessStatus> = Response & TypedResponse<JSONParsed<T>, S, 'json'>

const successes: readonly unknown[] = [200, 201, 202, 204]

const optionChecks = {
  ...problemChecks,
  status: { expected: '200, 201, 202 or 204', holds: (value) => successes.includes(value), kind: 'number' },
} satisfies Readonly<Record<keyof RespondOptions, OptionCheck>>

/**
 * Answers with a result: the value as JSON, or the failure as problem details (RFC 9457), as `onError` does. The type of
 * the answer has the value, the problem and their statuses, so that a client made by `hc` sees them.
 *
 * @throws UsageError `LEX_ERR_USE_001` for malformed options
 * @example
 * import { respond } from 'lexigram-edge/hono'
 *
 * routes.get('/products/:id', async (c) => respond(c, await products.find(c.req.param('id'))))
 */
export function respond<const R extends Result<unknown, unknown>, const S extends SuccessStatus = never>(
  c: Context,
  result: R,
  options: RespondOptions<S> = {},
): AnswerOf<R, S> {
  // What the types say is decided here by the same rules.
  return answer(c, result, options) as AnswerOf<R, S>
}

function answer(c: Context, result: Result<unknown, unknown>, options: RespondOptions): Response {
  const { status: asked, ...problem } = assertOptions(options, optionChecks, 'the options of respond')
  if (!isOk(result)) return problemFor(c, result, problem)
  const status = asked ?? (result.value === undefined ? 204 : 200)
  // c.json would refuse the types of values that JSON.stringify takes well enough.
  return status === 204 ? c.body(null, 204) : Response.json(result.value, { status })
}
