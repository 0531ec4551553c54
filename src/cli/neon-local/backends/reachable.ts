import type { Client, ClientConfig } from 'pg'
import { UsageError } from '../../../core/errors.ts'

const connectTimeoutMs = 10_000

/** Why a reachable server refuses the connection, by SQLSTATE. */
const refusals: Readonly<Record<string, string>> = {
  '28000': 'it does not admit this user',
  '28P01': 'it refuses the password',
  '3D000': 'it does not have the database',
}

/**
 * Connects once, so that an absent server is reported at start and not with the first query.
 *
 * @throws UsageError in a line that holds nothing of the URL
 */
export async function assertReachable(url: string, createClient: (options: ClientConfig) => Client): Promise<void> {
  if (!/^postgres(?:ql)?:$/.test(URL.parse(url)?.protocol ?? '')) {
    throw new UsageError('--postgres must be a PostgreSQL URL', {
      hint: 'Write it as postgresql://user:password@host:5432/database.',
    })
  }
  try {
    const client = createClient({ connectionString: url, connectionTimeoutMillis: connectTimeoutMs })
    await client.connect()
    await client.end()
  } catch (cause) {
    const code = codeOf(cause)
    const what = refusals[code ?? ''] ?? 'it does not answer'
    throw new UsageError(`the PostgreSQL server of --postgres cannot be used: ${what} (${code ?? 'no answer'})`, {
      hint: 'Start it, or correct its host, port, user, password or database in the URL.',
      cause,
    })
  }
}

/** A host with several addresses fails with an error for each. */
function codeOf(error: unknown): string | undefined {
  const { code, errors } = Object(error) as { code?: unknown; errors?: readonly unknown[] }
  return typeof code === 'string' ? code : errors?.map(codeOf).find((inner) => inner !== undefined)
}
