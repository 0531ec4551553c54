import { isRedirect } from '../../../core/redirect.ts'
import { repeatCall, type RepeatPolicy } from '../../../core/repeat.ts'
import type { DriverContext } from '../../contract/context.ts'
import type { Tokens } from './auth/token-cache.ts'
import type { Fetch } from './auth/tokens.ts'
import { cancelledBefore, errorOfAnswer, FirestoreFailure, networkError, redirectError } from './errors.ts'

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

export interface TransportOptions {
  /** `https://firestore.googleapis.com/v1`, or the emulator's. */
  readonly baseUrl: string
  readonly projectId: string
  readonly databaseId: string
  readonly send: Fetch
  /** The access token of each call. */
  readonly tokens: Tokens
}

interface Attempt {
  /** As it is sent. */
  readonly body: string
  readonly token: string
  readonly signal: AbortSignal
}

/** Contention on a document lasts for as long as a commit takes. */
const policy: RepeatPolicy = { attempts: 6, firstWait: 100, longestWait: 4000, longestCall: 60_000 }

/** @see https://firebase.google.com/docs/firestore/reference/rest */
export function createTransport(options: TransportOptions): Transport {
  const { baseUrl, projectId, databaseId, send, tokens } = options
  const root = `projects/${projectId}/databases/${databaseId}/documents`
  let requests = 0

  const once = async (url: string, body: string, signal: AbortSignal): Promise<unknown> => {
    const token = tokens.kept() ?? (await tokens.current(signal))
    try {
      return await sendOnce(url, { body, token, signal })
    } catch (error) {
      if (!(error instanceof FirestoreFailure) || error.status !== 'UNAUTHENTICATED') throw error
      // It may have ended, or been revoked, since it was given: a new one settles that.
      tokens.forget(token)
      return sendOnce(url, { body, token: await tokens.current(signal), signal })
    }
  }

  const sendOnce = async (url: string, { body, token, signal }: Attempt): Promise<unknown> => {
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
    return answerOf(response.status, text)
  }

  return {
    root,
    get requests() {
      return requests
    },
    async call(method, body, { context, parent, isIdempotent, attempts }) {
      context.onRequest?.()
      const path = parent === undefined ? root : `${root}/${encodePath(parent)}`
      const url = `${baseUrl}/${path}:${method}`
      const text = JSON.stringify(body)
      const name = { driver: 'firestore', request: method }
      const noted = attempts === undefined ? failureOf : (error: unknown) => failureAmong(attempts, error)
      const options = { policy, limits: context, name, isIdempotent, failureOf: noted }
      return repeatCall((signal) => once(url, text, signal), options)
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

/** Segments of a path as they stand in a URL. */
export function encodePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/')
}

function answerOf(status: number, text: string): unknown {
  let answer: unknown
  try {
    answer = JSON.parse(text)
  } catch {
    throw errorOfAnswer(status, undefined)
  }
  if (status >= 200 && status < 300) return answer
  throw errorOfAnswer(status, answer)
}
