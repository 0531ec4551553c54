import { neonConfig } from '@neondatabase/serverless'

export type Fetch = typeof globalThis.fetch

/**
 * Starts a call of the vendor's with another fetch function. The vendor has one only as a setting of the whole process,
 * which it reads when a call starts, before anything is awaited: so the setting is put back before any other code can
 * run, and no other user of the vendor's package ever meets it.
 */
export function startWithFetch<T>(fetch: Fetch | undefined, start: () => Promise<T>): Promise<T> {
  if (fetch === undefined) return start()
  const before: unknown = neonConfig.fetchFunction
  neonConfig.fetchFunction = fetch
  try {
    return start()
  } finally {
    neonConfig.fetchFunction = before
  }
}
