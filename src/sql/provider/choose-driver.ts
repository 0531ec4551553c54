import { UsageError } from '../../core/errors.ts'
import { kindOf } from '../../core/plain-object.ts'
import type { DatabaseDriver } from '../contract/driver.ts'
import { openingError } from '../session/calls/of-database.ts'

/** Picks the driver by name, else the first that takes the URL. */
export function chooseDriver(drivers: readonly DatabaseDriver[], text: string, name?: string): DatabaseDriver {
  if (!Array.isArray(drivers))
    throw new UsageError(`drivers must be an array of database drivers, not ${kindOf(drivers)}`)
  if (drivers.some((driver) => typeof driver?.accepts !== 'function')) {
    throw new UsageError('an entry of drivers must be a database driver', { hint: 'Call it: drivers: [neon()]' })
  }
  const url = URL.parse(text)
  if (url === null) throw urlError('the database URL must be a URL')
  const found = drivers.find((driver) => (name === undefined ? driver.accepts(url) : driver.name === name))
  if (found !== undefined) return found
  const wanted = name === undefined ? `takes ${url.protocol}// URLs` : `is called "${name}"`
  const listed = drivers.map((driver) => driver.name).join(', ') || 'none'
  throw new UsageError(
    `a database driver that ${wanted} cannot be found: the entry point does not list one (listed: ${listed})`,
    {
      hint: howToAdd(name ?? published(url)),
    },
  )
}

/** The same for a database or a replica with a name, which an error mentions. */
export function driverFor(
  { name, url }: { readonly name: string; readonly url: string },
  drivers: readonly DatabaseDriver[],
  wanted: string | undefined,
): DatabaseDriver {
  try {
    return chooseDriver(drivers, url, wanted)
  } catch (error) {
    throw openingError(error, name)
  }
}

function howToAdd(driver: string | undefined): string {
  if (driver === 'neon' || driver === 'postgres' || driver === 'pglite') {
    return `Add it to the entry point's drivers: import { ${driver} } from 'lexigram-edge/sql/${driver}'`
  }
  return 'Use postgresql:// with neon() or postgres(), or pglite: with pglite(), or list your own driver.'
}

function published(url: URL): string | undefined {
  if (url.protocol === 'pglite:') return 'pglite'
  if (!url.protocol.startsWith('postgres')) return undefined
  return isHyperdrive(url) ? 'postgres' : 'neon'
}

/** @see https://developers.cloudflare.com/hyperdrive/get-started/ */
export function isHyperdrive({ hostname }: URL): boolean {
  return hostname.endsWith('.hyperdrive.local')
}

/** What is wrong with the database URL, which itself holds a password and is not repeated. */
export function urlError(message: string): UsageError {
  return new UsageError(message, {
    hint: 'Write it as postgresql://user:password@host/database.',
  })
}
