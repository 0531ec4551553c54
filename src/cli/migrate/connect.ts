import { UsageError } from '../../core/errors.ts'
import type { DatabaseDriver } from '../../sql/contract/driver.ts'
import { openDatabase, type DatabaseProvider } from '../../sql/database.ts'

const drivers: Readonly<Record<string, () => Promise<DatabaseDriver>>> = {
  postgres: async () => (await import('../../sql/drivers/postgres/driver.ts')).postgres(),
  neon: async () => (await import('../../sql/drivers/neon/driver.ts')).neon(),
  pglite: async () => (await import('../../sql/drivers/pglite/driver.ts')).pglite(),
}

export interface ConnectOptions {
  readonly url: string
  /** Name of a driver. @default by the URL: pglite for `pglite:`, neon for hosts of Neon, else postgres */
  readonly driver: string | undefined
  readonly timeoutMs: number
}

/** @throws UsageError for a URL or a driver that does not exist */
export async function connect({ url, driver, timeoutMs }: ConnectOptions): Promise<DatabaseProvider> {
  const name = driver ?? driverOf(url)
  const load = Object.hasOwn(drivers, name) ? drivers[name] : undefined
  if (load === undefined) throw new UsageError(`--driver must be one of ${Object.keys(drivers).join(', ')}`)
  return openDatabase({ drivers: [await load()], url, statementTimeoutMs: timeoutMs })
}

function driverOf(url: string): string {
  const { protocol, hostname } = URL.parse(url) ?? {}
  if (protocol === 'pglite:') return 'pglite'
  return hostname?.endsWith('.neon.tech') === true ? 'neon' : 'postgres'
}
