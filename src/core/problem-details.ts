import { assertOptions } from './assert-options.ts'
import { isLexigramError, type LexigramError } from './errors.ts'
import { isErrorStatus, problemChecks, type ProblemOptions } from './problem-options.ts'
import { isResult } from './result/result.ts'

/** The body of an `application/problem+json` response, RFC 9457. */
export interface ProblemDetails {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail?: string
  readonly code?: string
  readonly hint?: string
  readonly instance?: string
  readonly [extension: string]: unknown
}

const titles: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  408: 'Request Timeout',
  409: 'Conflict',
  413: 'Content Too Large',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  499: 'Client Closed Request',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
}

/**
 * Turns a failure into the body of an HTTP problem response. What the caller sees depends on where the failure comes
 * from:
 *
 * - An error of this package, or of a class that extends one: below status 500 its message, hint and `publicDetails`.
 * - An `Err` (the result, not its error) may also carry a text, or data with a `code`, which become a 400.
 * - Anything else that was thrown is a 500. A foreign `Error` may get another status by its code; its message stays in logs.
 *
 * From 500 on only the title and the code are sent, because messages of infrastructure may name hosts.
 *
 * @throws UsageError `LEX_ERR_USE_001` for malformed options
 * @see https://www.rfc-editor.org/rfc/rfc9457
 * @example
 * import { NotFoundError, toProblemDetails } from 'lexigram-edge'
 *
 * toProblemDetails(new NotFoundError('no product with this id')).status // 404
 */
export function toProblemDetails(failure: unknown, options: ProblemOptions = {}): ProblemDetails {
  assertOptions(options, problemChecks, 'the options of a problem')
  const instance = options.instance === undefined ? {} : { instance: options.instance }
  const { status, code, ...told } = disclose(failure, options.statuses ?? {})
  const base = problem(status, code, options)
  return status >= 500 ? { ...base, ...instance } : { ...told.members, ...base, ...told.text, ...instance }
}

/** What has failed: the error of an `Err`, or what was thrown. */
export function errorOf(failure: unknown): unknown {
  return isResult(failure) && !failure.ok ? failure.error : failure
}

/** The same as a `Response` with the media type of RFC 9457. */
export function toProblemResponse(failure: unknown, options: ProblemOptions = {}): Response {
  const body = toProblemDetails(failure, options)
  return new Response(toJson(body, options), {
    status: body.status,
    headers: { 'content-type': 'application/problem+json' },
  })
}

/** An application's own errors may carry details that JSON cannot express: a problem without them is better than none. */
function toJson(body: ProblemDetails, options: ProblemOptions): string {
  try {
    return JSON.stringify(body)
  } catch {
    return JSON.stringify(problem(body.status, body.code, options))
  }
}

function problem(
  status: number,
  code: string | undefined,
  { problemTypes = 'urn:lexigram:' }: ProblemOptions,
): ProblemDetails {
  // The code of an `Err` may be any text.
  const type = code === undefined ? 'about:blank' : `${problemTypes}${encodeURIComponent(code)}`
  return { type, title: titles[status] ?? 'Error', status, ...(code === undefined ? {} : { code }) }
}

/** What a caller may learn about a failure. The text and the members only below 500. */
interface Disclosure {
  readonly status: number
  readonly code?: string
  readonly text?: { readonly detail: string; readonly hint?: string }
  readonly members?: Readonly<Record<string, unknown>>
}

type Statuses = Readonly<Record<string, number>>

function disclose(failure: unknown, statuses: Statuses): Disclosure {
  const error = errorOf(failure)
  if (isLexigramError(error)) return discloseOwn(error, statuses)
  if (error !== failure) return discloseReturned(error, statuses)
  // The application has named the code, but has not said that callers may see the message.
  return discloseForeign(error, statuses)
}

/** A vendor's error, or a bug: not even its code is for callers, unless the application has given it a status. */
function discloseForeign(error: unknown, statuses: Statuses): Disclosure {
  const code = error instanceof Error && isCoded(error) ? error.code : undefined
  const status = code === undefined ? undefined : statusIn(statuses, code)
  return code === undefined || status === undefined ? { status: 500 } : { status, code }
}

function discloseOwn(error: LexigramError, statuses: Statuses): Disclosure {
  const { code, message, hint, publicMessage, publicDetails } = error
  return {
    status: statusIn(statuses, code) ?? (isErrorStatus(error.status) ? error.status : 500),
    code,
    text: {
      detail: publicMessage ?? message,
      ...(hint !== undefined && publicMessage === undefined && { hint }),
    },
    ...(publicDetails !== undefined && { members: publicDetails }),
  }
}

/** The error of an `Err`, which was returned for the caller to see. */
function discloseReturned(error: unknown, statuses: Statuses): Disclosure {
  if (typeof error === 'string') {
    const status = statusIn(statuses, error)
    return { status: status ?? 400, text: { detail: error }, ...(status !== undefined && { code: error }) }
  }
  if (!isCoded(error)) return { status: 500 }
  const { code, message } = error
  const text = typeof message === 'string' ? { text: { detail: message } } : {}
  if (error instanceof Error) return { ...discloseForeign(error, statuses), ...text }
  const own = isErrorStatus(error.status) ? error.status : 400
  return { status: statusIn(statuses, code) ?? own, code, ...text }
}

/** An error as it may also arrive as data: over RPC, from a queue, or as the `error` of an `Err`. */
interface CodedError {
  readonly code: string
  readonly message?: unknown
  readonly status?: unknown
}

function isCoded(error: unknown): error is CodedError {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
}

function statusIn(statuses: Statuses, code: string): number | undefined {
  const status = Object.hasOwn(statuses, code) ? statuses[code] : undefined
  return isErrorStatus(status) ? status : undefined
}
