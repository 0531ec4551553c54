import { isRedirect } from '../../../core/redirect.ts'
import { repeatCall, type RepeatPolicy } from '../../../core/repeat.ts'
import { retryAfterOf } from '../../../core/retry-after.ts'
import type { DriverContext } from '../../contract/context.ts'
import type { Address } from './address.ts'
import { answerOf } from './answers.ts'
import type { Tokens } from './auth/token-cache.ts'
import type { Fetch } from './auth/tokens.ts'
import { cancelledBefore, FirestoreFailure, networkError, redirectError } from './errors.ts'

/** Sends calls of the REST API. */
export interface Transport {
  /** `projects/P/databases/D/documents`: what the names of documents begin with. */
  readonly root: string
  /**
   * One call: `commit`, `runQuery`, `batchGet` …, below a document where `parent` is given. Repeats what was surely not
   * carried out, and reads whatever happened, with jitter, within the deadline.
   *
   * @throws FirestoreFailure
   */
  call(method: string, body: unknown, options: CallOptions): Promise<unknown>
  /** Requests since the start, repeated ones included. */
  readonly requests: number
}

export interface CallOptions {
  readonly context: DriverContext
  /** Path of the document below which the call works, `users/1`. @default the root */
  readonly parent?: string
  /** Whether repeating it does no harm. */
  readonly isIdempotent: boolean
  /** Of what is sent again by another call. @default the call is the first */
  readonly attempts?: Attempts
}

/** What is known of the attempts to write something, over the calls that it took. */
export interface Attempts {
  /** One of them had no answer: it may have been carried out, whatever is said of a later one. */
  mayBeDone: boolean
}

export interface TransportOptions extends Address {
  readonly send: Fetch
  /** The access token of each call. */
  readonly tokens: Tokens
}

/** As it is sent. */
interface Call {
  readonly method: string
  readonly url: string
  readonly body: string
}

/** Contention on a document lasts for as long as a commit takes. */
const policy: RepeatPolicy = { attempts: 6, firstWait: 100, longestWait: 4000, longestCall: 60_000 }

/** @see https://firebase.google.com/docs/firestore/reference/rest */
export function createTransport(options: TransportOptions): Transport {
  const { baseUrl, root, send, tokens } = options
  let requests = 0

  const once = async ({ method, url, body }: Call, signal: AbortSignal): Promise<unknown> => {
    for (let isRenewed = false; ; isRenewed = true) {
      const token = tokens.kept() ?? (await tokens.current(signal))
      if (signal.aborted) throw cancelledBefore(signal)
      requests += 1
      let response: Response
      let text: string
      try {
        response = await send(url, {
          method: 'POST',
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
          body,
          signal,
          redirect: 'manual',
        })
        text = await response.text()
      } catch (cause) {
        throw networkError(cause, signal)
      }
      if (isRedirect(response)) throw redirectError(response.status)
      const answer = answerOf(method, { status: response.status, text })
      if (!(answer instanceof FirestoreFailure)) return answer
      answer.retryAfter ??= retryAfterOf(response.headers)
      if (answer.status !== 'UNAUTHENTICATED' || isRenewed) throw answer
      // It may have ended, or been revoked, since it was given: a new one settles that.
      tokens.forget(token)
    }
  }

  return {
    root,
    get requests() {
      return requests
    },
    call(method, body, { context, parent, isIdempotent, attempts }) {
      context.onRequest?.()
      const path = parent === undefined ? root : `${root}/${encodePath(parent)}`
      const call = { method, url: `${baseUrl}/${path}:${method}`, body: JSON.stringify(body) }
      return repeatCall((signal) => once(call, signal), {
        policy,
        limits: context,
        name: { driver: 'firestore', request: method },
        isIdempotent,
        failureOf: attempts === undefined ? failureOf : (error) => failureAmong(attempts, error),
      })
    },
  }
}

function failureOf(error: unknown): FirestoreFailure | undefined {
  return error instanceof FirestoreFailure ? error : undefined
}

function failureAmong(attempts: Attempts, error: unknown): FirestoreFailure | undefined {
  const failure = failureOf(error)
  if (failure === undefined) return undefined
  attempts.mayBeDone ||= failure.mayBeDone
  failure.mayBeDone = attempts.mayBeDone
  return failure
}

/** Segments of a path as a URL has them. */
function encodePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/')
}
