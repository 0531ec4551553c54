import { isLexigramError } from './errors.ts'

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

export interface ProblemOptions {
  /** HTTP status by error code; wins over the error's own `status`. @default {} */
  readonly statuses?: Readonly<Record<string, number>>
  /** Identifies this occurrence, for example the request id. */
  readonly instance?: string
}

/** An error as it may also arrive as data: over RPC, from a queue, or as the `error` of an `Err`. */
interface CodedError {
  readonly code: string
  readonly message?: unknown
  readonly status?: unknown
}

const titles: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
  413: 'Content Too Large',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
}

/**
 * Turns an error, thrown or carried by an `Err`, into the body of an HTTP problem response.
 *
 * Below 500 the message, hint and details are the caller's to read. From 500 on only the title and the code are given,
 * because messages of infrastructure may name hosts. Anything that is not a coded error becomes a bare 500; a plain
 * string is taken as an expected failure's explanation and becomes a 400.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9457
 * @example
 * import { NotFoundError, toProblemDetails } from 'lexigram-edge'
 *
 * toProblemDetails(new NotFoundError('no product with this id')).status // 404
 */
export function toProblemDetails(error: unknown, options: ProblemOptions = {}): ProblemDetails {
  const instance = options.instance === undefined ? {} : { instance: options.instance }
  if (typeof error === 'string') return { ...problem(400, undefined), detail: error, ...instance }
  if (!isCoded(error)) return { ...problem(500, undefined), ...instance }
  const status = statusOf(error, options.statuses)
  const base = problem(status, error.code)
  if (status >= 500) return { ...base, ...instance }
  const known = isLexigramError(error) ? error : undefined
  return {
    ...known?.details,
    ...base,
    ...(typeof error.message === 'string' ? { detail: error.message } : {}),
    ...(known?.hint === undefined ? {} : { hint: known.hint }),
    ...instance,
  }
}

/** The same as a `Response` with the media type of RFC 9457. */
export function toProblemResponse(error: unknown, options: ProblemOptions = {}): Response {
  const body = toProblemDetails(error, options)
  return new Response(toJson(body), {
    status: body.status,
    headers: { 'content-type': 'application/problem+json' },
  })
}

/** An application's own errors may carry details that are no JSON: a problem without them is better than none. */
function toJson(body: ProblemDetails): string {
  try {
    return JSON.stringify(body)
  } catch {
    return JSON.stringify(problem(body.status, body.code))
  }
}

function problem(status: number, code: string | undefined): ProblemDetails {
  const type = code === undefined ? 'about:blank' : `urn:lexigram:${code}`
  return { type, title: titles[status] ?? 'Error', status, ...(code === undefined ? {} : { code }) }
}

function isCoded(error: unknown): error is CodedError {
  return typeof error === 'object' && error !== null && typeof (error as CodedError).code === 'string'
}

/** A foreign `Error` with a code (a driver's, Node's) is a bug or lost infrastructure: only plain data defaults to 400. */
function statusOf(error: CodedError, statuses: ProblemOptions['statuses']): number {
  const foreign = error instanceof Error && !isLexigramError(error)
  const declared = [statuses?.[error.code], foreign ? undefined : error.status]
  return declared.find(isErrorStatus) ?? (foreign ? 500 : 400)
}

function isErrorStatus(status: unknown): status is number {
  return Number.isInteger(status) && Number(status) >= 400 && Number(status) < 600
}
