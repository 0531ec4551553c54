import { UsageError } from '../errors.ts'
import type { DatabaseDriver } from './driver.ts'

/** Picks the driver by name, else the first that takes the URL. */
export function chooseDriver(drivers: readonly DatabaseDriver[], text: string, name?: string): DatabaseDriver {
  const url = URL.parse(text)
  if (url === null) throw urlError('is not a URL')
  const found = drivers.find((driver) => (name === undefined ? driver.accepts(url) : driver.name === name))
  if (found !== undefined) return found
  const wanted = name === undefined ? `takes ${url.protocol}// URLs` : `is called "${name}"`
  const listed = drivers.map((driver) => driver.name).join(', ') || 'none'
  const missing = name ?? (url.protocol.startsWith('postgres') ? 'neon' : 'pglite')
  throw new UsageError(`no database driver that ${wanted} is listed by the entry point (listed: ${listed})`, {
    hint: `Add it to the entry point's drivers: import { ${missing} } from 'lexigram-edge/sql/${missing}'`,
  })
}

/** What is wrong with the database URL, which itself holds a password and is not repeated. */
export function urlError(what: string): UsageError {
  return new UsageError(`the database URL ${what}`, { hint: 'Write it as postgresql://user:password@host/database.' })
}
