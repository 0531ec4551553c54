import type { HealthStatus } from '../../runtime/provider.ts'
import type { Databases } from '../databases.ts'
import { DatabaseUnavailableError } from '../errors.ts'

/** As long as a health check may take, in milliseconds. */
const limitMs = 5_000

/**
 * Degraded while only replicas are gone, because sessions that read ask others in their place.
 *
 * @param report receives what is wrong with replicas then
 * @throws DatabaseUnavailableError, which names those that cannot be reached, when a database is among them
 */
export async function checkDatabases(databases: Databases, report: (error: unknown) => void): Promise<HealthStatus> {
  // A check that no caller waits for must not stay open.
  const health = await databases.health({ signal: AbortSignal.timeout(limitMs) })
  const ill = Object.entries(health).filter(([, { status }]) => status !== 'healthy')
  const [first] = ill
  if (first === undefined) return 'healthy'
  // A single one needs no name.
  if (Object.keys(health).length === 1) throw first[1].error
  const error = new DatabaseUnavailableError(`databases cannot be reached: ${ill.map(([name]) => name).join(', ')}`, {
    cause: first[1].error,
  })
  if (ill.some(([name]) => databases.names.includes(name))) throw error
  report(error)
  return 'degraded'
}
