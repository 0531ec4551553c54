import { UsageError } from '../../../../core/errors.ts'
import { isRedirect } from '../../../../core/redirect.ts'
import { retryAfterOf } from '../../../../core/retry-after.ts'
import type * as Signing from './sign-jwt.ts'
import { NoSQLConnectionError } from '../../../errors.ts'
import type { ServiceAccount } from './credentials.ts'
import { FirestoreFailure } from '../errors.ts'

/** An OAuth 2.0 access token and when it ends, in milliseconds since 1970. */
export interface AccessToken {
  readonly token: string
  readonly expiresAt: number
}

/**
 * Where access tokens come from: a service account, the metadata server, workload identity. What it returns is kept and
 * renewed early; it is called once, however many calls wait. The signal ends after ten seconds.
 *
 * @example
 * import { firestore, type TokenSource } from 'lexigram-edge/nosql/firestore'
 *
 * const token: TokenSource = async ({ signal }) => {
 *   const response = await fetch('https://tokens.example/firestore', signal ? { signal } : {})
 *   const { accessToken, expiresIn } = (await response.json()) as { accessToken: string; expiresIn: number }
 *   return { token: accessToken, expiresAt: Date.now() + expiresIn * 1000 }
 * }
 * const driver = firestore({ token })
 */
export type TokenSource = (context: { readonly signal?: AbortSignal | undefined }) => Promise<AccessToken>

export type Fetch = (input: string, init?: RequestInit) => Promise<Response>

const tokenUrl = 'https://oauth2.googleapis.com/token'
const scope = 'https://www.googleapis.com/auth/datastore'

/**
 * Tokens for a service account, by a JWT signed with its key.
 *
 * @see https://developers.google.com/identity/protocols/oauth2/service-account
 */
export function serviceAccountTokens(account: ServiceAccount, send: Fetch): TokenSource {
  return async ({ signal }) => {
    const assertion = await signedJwt(account)
    const response = await request(send, tokenUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion }).toString(),
      ...(signal && { signal }),
    })
    return readToken(response, Date.now())
  }
}

/**
 * Tokens of the service account that a Google machine, function or container runs as.
 *
 * @param send sends the request @default the global fetch
 */
export function metadataTokens(send: Fetch = (input, init) => fetch(input, init)): TokenSource {
  const url = 'http://metadata.google.internal/computeMetadata/v1/instance/service-accounts/default/token'
  return async ({ signal }) => {
    const headers = { 'metadata-flavor': 'Google' }
    return readToken(await request(send, url, { headers, ...(signal && { signal }) }), Date.now())
  }
}

async function signedJwt(account: ServiceAccount): Promise<string> {
  const { signJwt } = await loadSigning()
  return signJwt(account, { audience: tokenUrl, scope })
}

/** With jose, which only a service account needs: not the emulator, nor tokens from elsewhere. */
async function loadSigning(): Promise<typeof Signing> {
  try {
    return await import('./sign-jwt.ts')
  } catch (cause) {
    throw new UsageError('a service account for Firestore cannot be used: the package jose is not installed', {
      hint: 'npm install jose',
      cause,
    })
  }
}

async function request(send: Fetch, url: string, init: RequestInit): Promise<Response> {
  let response: Response
  try {
    // A redirect would carry what proves who this is to wherever it leads.
    response = await send(url, { ...init, redirect: 'manual' })
  } catch (cause) {
    throw new FirestoreFailure('TOKEN_UNAVAILABLE', { cause })
  }
  const redirects = isRedirect(response)
  if (response.ok && !redirects) return response
  await response.body?.cancel()
  const { status } = response
  // Worth another try, which the call that needs the token makes within its deadline.
  if (status >= 500 || status === 429 || status === 408)
    throw new FirestoreFailure('TOKEN_UNAVAILABLE', { retryAfter: retryAfterOf(response.headers) })
  if (redirects) {
    throw new NoSQLConnectionError(
      `a token cannot be obtained: Google’s token service redirects (HTTP ${status}), which is not followed`,
      { hint: 'Check what stands between this program and Google, such as a proxy that asks for a login.' },
    )
  }
  throw new NoSQLConnectionError(
    `a token cannot be obtained: Google’s token service refused the credentials (HTTP ${status})`,
    {
      hint: 'Check that the service account exists, that its key is not revoked, and that the clock is right.',
    },
  )
}

async function readToken(response: Response, now: number): Promise<AccessToken> {
  let answer: { readonly access_token?: unknown; readonly expires_in?: unknown }
  try {
    answer = (await response.json()) as typeof answer // its members are checked below
  } catch {
    // The error may quote what was read.
    throw new FirestoreFailure('TOKEN_UNAVAILABLE')
  }
  const { access_token: token, expires_in: seconds } = answer
  if (typeof token !== 'string')
    throw new NoSQLConnectionError('a token cannot be obtained: Google’s token service sent none')
  return { token, expiresAt: now + Number(seconds ?? 3600) * 1000 }
}
