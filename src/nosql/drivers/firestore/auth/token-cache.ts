import { askTogether } from '../../../../core/ask-together.ts'
import { isLexigramError } from '../../../../core/errors.ts'
import { anySignal } from '../../../../core/time-limit.ts'
import { NoSQLConnectionError } from '../../../errors.ts'
import { cancelledBefore, FirestoreFailure } from '../errors.ts'
import type { AccessToken, TokenSource } from './tokens.ts'

/** The access token of each call. */
export interface Tokens {
  /** The token that is kept, unless it ends soon. */
  kept(): string | undefined
  /** The token that is kept, or a new one. Waits no longer than the signal allows. @throws FirestoreFailure | NoSQLConnectionError */
  current(signal: AbortSignal): Promise<string>
  /** Drops a token that the service has refused; one that was renewed meanwhile is kept. */
  forget(token: string): void
}

/** In milliseconds: a token is renewed so long before it ends, or in the last fifth of its life. */
const earlier = 300_000
/** In milliseconds: no caller waits longer for a renewal. */
const longestRenewal = 10_000

interface Kept extends AccessToken {
  readonly renewAt: number
}

/** In milliseconds: how long a token that cannot be renewed is used before the source is asked again. */
const betweenFailures = 5000
/** In milliseconds. A source that has asked for a longer wait is asked again all the same: it may have been in error. */
const longestRest = 60_000

interface Rest {
  readonly until: number
  /** The source has asked for this wait, so a caller without a valid token is refused until it is over. */
  readonly isAsked: boolean
}

/**
 * Keeps a token until shortly before it ends. However many callers wait, one request renews it; after a second without an
 * answer, one more. If a renewal fails while the token is valid, the next one is sent seconds later, or when the source
 * allows it.
 */
export function cachedTokens(source: TokenSource, now: () => number = Date.now): Tokens {
  let current: Kept | undefined
  let rest: Rest | undefined

  const fail = (error: unknown) => {
    const retryAfter = error instanceof FirestoreFailure ? error.retryAfter : undefined
    const wait = Math.min(retryAfter ?? betweenFailures, longestRest)
    rest = { until: now() + wait, isAsked: retryAfter !== undefined }
  }
  const renew = async (): Promise<Kept> => {
    try {
      // Not the signal of one caller: others wait for the same answer.
      const token = await obtain(source)
      const life = token.expiresAt - now()
      current = { ...token, renewAt: token.expiresAt - Math.min(earlier, life / 5) }
      return current
    } catch (error) {
      fail(error)
      throw error
    }
  }
  const renewed = askTogether(renew)

  return {
    kept: () => (current !== undefined && current.renewAt > now() ? current.token : undefined),
    async current(signal) {
      const usable = current
      if (usable !== undefined && usable.renewAt > now()) return usable.token
      const wait = (rest?.until ?? 0) - now()
      if (wait > 0) {
        if (usable !== undefined && usable.expiresAt > now()) return usable.token
        if (rest?.isAsked === true) throw new FirestoreFailure('TOKEN_UNAVAILABLE', { retryAfter: wait })
      }
      try {
        return (await bounded(renewed(), signal)).token
      } catch (error) {
        if (usable !== undefined && usable === current && usable.expiresAt > now()) return usable.token
        throw error
      }
    },
    forget(token) {
      if (current?.token === token) current = undefined
    },
  }
}

/** A token that never ends, as the emulator takes it. */
export function fixedToken(token: string): Tokens {
  return { kept: () => token, current: () => Promise.resolve(token), forget: () => undefined }
}

async function obtain(source: TokenSource): Promise<AccessToken> {
  let token: AccessToken
  try {
    token = await source({ signal: AbortSignal.timeout(longestRenewal) })
  } catch (cause) {
    if (cause instanceof FirestoreFailure || isLexigramError(cause)) throw cause
    throw new NoSQLConnectionError('an access token for Firestore cannot be obtained', { cause })
  }
  // `fetch` quotes a header that it refuses in its error: a malformed token must not get so far.
  if (
    typeof token?.token !== 'string' ||
    !/^[\u0021-\u007E]+$/.test(token.token) ||
    !Number.isFinite(token.expiresAt)
  ) {
    throw new NoSQLConnectionError('the source of Firestore access tokens must return a token and when it ends', {
      hint: 'Return { token, expiresAt }: the token without spaces or line breaks, the time in milliseconds since 1970.',
    })
  }
  return token
}

/** Settles like the work, or ends with the signal, or when the renewal has taken too long. */
async function bounded<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const either = anySignal([signal, AbortSignal.timeout(longestRenewal)])
  if (signal.aborted) throw cancelledBefore(signal)
  return new Promise<T>((resolve, reject) => {
    const end = () => reject(signal.aborted ? cancelledBefore(signal) : new FirestoreFailure('TOKEN_UNAVAILABLE'))
    either.addEventListener('abort', end, { once: true })
    work.then(resolve, reject).finally(() => either.removeEventListener('abort', end))
  })
}
