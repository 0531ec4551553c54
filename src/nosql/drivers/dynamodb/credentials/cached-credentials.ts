import { askTogether } from '../../../../core/ask-together.ts'
import { UsageError } from '../../../../core/errors.ts'
import { within } from '../../../../core/time-limit.ts'
import { NoSQLConnectionError } from '../../../errors.ts'
import { checkedCredentials, type AwsCredentials, type CredentialsProvider } from './credentials.ts'

/** Credentials that are kept until shortly before they end. */
export interface CachedCredentials {
  /** Those that are kept, unless they end soon. */
  kept(): AwsCredentials | undefined
  get(): Promise<AwsCredentials>
  /** Drops credentials that AWS has refused. Newer ones stay. */
  drop(refused: AwsCredentials): void
}

export interface CachedCredentialsOptions {
  /** @default Date.now */
  readonly now?: () => number
  /** In milliseconds: how long the provider may take. @default 10000 */
  readonly limit?: number
}

/** In milliseconds: credentials are renewed so long before they end, or a quarter of their time if that is shorter. */
const earlier = 300_000
/** In milliseconds: how long credentials that cannot be renewed are used before the provider is asked again. */
const betweenFailures = 5000

interface Kept {
  readonly credentials: AwsCredentials
  readonly renewAt: number
}

/**
 * However many callers wait, one call of the provider renews the credentials; after a second without an answer, one more. A
 * provider that fails before the old ones end does no harm: they serve until then. No caller waits longer than `limit`.
 *
 * @throws NoSQLConnectionError when the provider fails or takes longer than `limit`
 * @throws UsageError when it returns something else than credentials
 */
export function cachedCredentials(
  provider: CredentialsProvider,
  { now = Date.now, limit = 10_000 }: CachedCredentialsOptions = {},
): CachedCredentials {
  let kept: Kept | undefined

  const renew = async (): Promise<Kept> => {
    const credentials = checkedCredentials(await provider())
    const { expiresAt = Infinity } = credentials
    const margin = Math.min(earlier, Math.max(0, expiresAt - now()) / 4)
    return { credentials, renewAt: expiresAt - margin }
  }
  const renewed = askTogether(renew, Math.min(limit, 1000))

  return {
    kept: () => (kept !== undefined && kept.renewAt > now() ? kept.credentials : undefined),
    async get() {
      if (kept !== undefined && kept.renewAt > now()) return kept.credentials
      const old = kept
      try {
        // Each caller has its own timer: on Workers the one that began may be gone with its request.
        kept = await within(renewed(), limit, 'the provider of the AWS credentials')
      } catch (cause) {
        const ends = old?.credentials.expiresAt ?? 0
        if (old === undefined || ends <= now()) throw unavailable(cause)
        kept = { credentials: old.credentials, renewAt: Math.min(ends, now() + betweenFailures) }
      }
      return kept.credentials
    },
    drop(refused) {
      if (kept?.credentials === refused) kept = undefined
    },
  }
}

function unavailable(cause: unknown): Error {
  if (cause instanceof NoSQLConnectionError || cause instanceof UsageError) return cause
  return new NoSQLConnectionError('a request cannot complete: no AWS credentials are available', {
    hint: 'See the cause: the provider of the credentials failed.',
    cause,
  })
}
