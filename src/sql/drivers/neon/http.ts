import { neonConfig } from '@neondatabase/serverless'
import { TimeoutError } from '../../../core/errors.ts'
import { isRedirect } from '../../../core/redirect.ts'
import { waitWithJitter, type RepeatPolicy } from '../../../core/repeat.ts'
import { retryAfterOf } from '../../../core/retry-after.ts'
import type { CallOptions, RowSet, Statement, TransactionOptions } from '../../contract/driver.ts'
import { AnswerTooLargeError, DatabaseUnavailableError } from '../../errors.ts'
import { isKnownReadOnly } from '../../session/statements/read-only.ts'
import { unavailableError } from '../../session/calls/sql-state.ts'
import { isUndone, readAnswer, throwRedirect, throwRefusal } from './http-answer.ts'
import { readBody } from './read-body.ts'

export type Fetch = typeof globalThis.fetch

/** One request per call, without a connection between calls. */
export interface NeonHttp {
  execute(statement: Statement, options: CallOptions): Promise<RowSet>
  batch(
    statements: readonly Statement[],
    options: CallOptions & { readonly transaction: TransactionOptions },
  ): Promise<RowSet[]>
}

export interface NeonHttpOptions {
  /** Where requests go. @default where the vendor's library would send them */
  readonly endpoint: string | undefined
  readonly fetch: Fetch | undefined
  readonly authToken: string | (() => string | Promise<string>) | undefined
  /** Most bytes of an answer. */
  readonly maxAnswerBytes: number
}

/** The longest wait is short: the caller has its own time limit, which is not known here. */
const policy: RepeatPolicy = { attempts: 3, firstWait: 100, longestWait: 200, longestCall: 5000 }

const isolationLevels = {
  'read committed': 'ReadCommitted',
  'repeatable read': 'RepeatableRead',
  serializable: 'Serializable',
} as const

/**
 * Speaks Neon's HTTP protocol: JSON in, JSON out, one request for one statement or one transaction of several.
 *
 * @see https://github.com/neondatabase/neon/tree/main/proxy/src/serverless
 */
export function neonHttp(url: string, options: NeonHttpOptions): NeonHttp {
  const { authToken, fetch: send = (input, init) => fetch(input, init) } = options
  const endpoint = options.endpoint ?? vendorEndpoint(new URL(url), authToken !== undefined)
  const headers = {
    'content-type': 'application/json',
    'neon-connection-string': url,
    'neon-raw-text-output': 'true',
    'neon-array-mode': 'true',
  }

  /** The answer that counts, where the endpoint asks for a wait the one after it. Nothing else is sent twice. */
  const post = async (request: HttpRequest, { signal, span }: CallOptions): Promise<unknown> => {
    const deadline = Date.now() + policy.longestCall
    for (let attempt = 1; ; attempt++) {
      const { response, text } = await postOnce(request, signal)
      if (response.status === 200) {
        if (text === undefined) throw new AnswerTooLargeError(options.maxAnswerBytes, 'unknown')
        return JSON.parse(text)
      }
      const atLeast = retryAfterOf(response.headers)
      const mayRepeat = atLeast !== undefined && isUndone(response.status, request.isRead)
      if (!mayRepeat || !(await waitWithJitter(attempt, policy, { signal, deadline, atLeast })))
        return throwRefusal({ status: response.status, text, retryAfter: atLeast }, request.isRead)
      span?.measure({ is: 'retry', of: 'request', system: 'postgresql' })
    }
  }
  const postOnce = async (request: HttpRequest, signal: AbortSignal): Promise<Answer> => {
    const authorization = authToken === undefined ? {} : await bearer(authToken)
    if (signal.aborted) throw new TimeoutError('the call cannot be sent: it was aborted')
    const init = {
      method: 'POST',
      headers: { ...headers, ...authorization, ...request.headers },
      body: JSON.stringify(request.body),
      signal,
      redirect: 'manual',
    } as const
    const response = await send(endpoint, init).catch((cause: unknown) => {
      throw neverConnected(cause) ? unavailableError({ cause }) : cause
    })
    if (isRedirect(response)) {
      await response.body?.cancel()
      return throwRedirect(response, request.isRead)
    }
    return { response, text: await readBody(response, options.maxAnswerBytes) }
  }

  return {
    async execute(statement, call) {
      const isRead = (): boolean => isKnownReadOnly(statement)
      const [set] = readAnswer([await post({ body: toQuery(statement), isRead }, call)], 1)
      // One was asked for, and an answer of another length is refused.
      return set as RowSet
    },
    async batch(statements, { transaction, ...call }) {
      const isRead = (): boolean => transaction.readOnly === true || statements.every(isKnownReadOnly)
      const request = { body: { queries: statements.map(toQuery) }, headers: batchHeaders(transaction), isRead }
      const answer = (await post(request, call)) as { readonly results?: unknown } | null
      return readAnswer(answer?.results, statements.length)
    },
  }
}

interface Answer {
  readonly response: Response
  /** Undefined when it was too large. */
  readonly text: string | undefined
}

interface HttpRequest {
  readonly body: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** Whether the request can change nothing. */
  readonly isRead: () => boolean
}

function toQuery({ text, params }: Statement): { readonly query: string; readonly params: Statement['params'] } {
  return { query: text, params }
}

function batchHeaders({ isolation, readOnly, deferrable }: TransactionOptions): Record<string, string> {
  return {
    ...(isolation !== undefined && { 'neon-batch-isolation-level': isolationLevels[isolation] }),
    ...(readOnly !== undefined && { 'neon-batch-read-only': String(readOnly) }),
    ...(deferrable !== undefined && { 'neon-batch-deferrable': String(deferrable) }),
  }
}

/** The address follows from the database's host by a rule of the vendor's, which an application may have replaced. */
function vendorEndpoint({ hostname, port }: URL, jwtAuth: boolean): string {
  const { fetchEndpoint } = neonConfig
  return typeof fetchEndpoint === 'function' ? fetchEndpoint(hostname, port, { jwtAuth }) : fetchEndpoint
}

async function bearer(token: string | (() => string | Promise<string>)): Promise<Record<string, string>> {
  try {
    return { authorization: `Bearer ${typeof token === 'function' ? await token() : token}` }
  } catch (cause) {
    throw new DatabaseUnavailableError('the token for the database cannot be obtained', { cause })
  }
}

/** Of Node's resolver, its TLS and its fetch: each comes before the first byte of a request. */
const codes =
  /^(?:ECONNREFUSED|ENOTFOUND|EAI_\w+|UND_ERR_CONNECT_TIMEOUT|CERT_\w+|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+|ERR_TLS_CERT_ALTNAME_INVALID)$/

/**
 * Whether a network error says that no connection was ever made, so that nothing was sent. Errors that wrap others are
 * looked into; of several attempts all have to say so. That a host cannot be reached says so only while a connection is
 * made: a router reports it for one that has carried a request too.
 */
export function neverConnected(thrown: unknown, depth = 0): boolean {
  if (typeof thrown !== 'object' || thrown === null || depth > 5) return false
  const { code, syscall, cause, errors } = thrown as {
    readonly [key in 'code' | 'syscall' | 'cause' | 'errors']?: unknown
  }
  if (Array.isArray(errors) && errors.length > 0) return errors.every((error) => neverConnected(error, depth + 1))
  if (typeof code === 'string' && codes.test(code)) return true
  return (syscall === 'connect' && code !== undefined) || neverConnected(cause, depth + 1)
}
