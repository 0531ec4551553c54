import { UsageError } from '../errors.ts'
import type { DatabaseDriver } from './driver.ts'

/** Where each driver of this package is imported from, for the message that tells so. */
const imports: Readonly<Record<string, string>> = {
  neon: "import { neon } from 'lexigram-edge/sql/neon'",
  pglite: "import { pglite } from 'lexigram-edge/sql/pglite'",
}

/** Picks the driver by name, else the first that takes the URL. */
export function chooseDriver(drivers: readonly DatabaseDriver[], text: string, name?: string): DatabaseDriver {
  const url = URL.parse(text)
  if (url === null) {
    throw new UsageError('the database URL is not a URL', {
      hint: 'Write it as postgresql://user:password@host/database.',
    })
  }
  const found = drivers.find((driver) => (name === undefined ? driver.accepts(url) : driver.name === name))
  if (found !== undefined) return found
  const wanted = name === undefined ? `takes ${url.protocol}// URLs` : `is called "${name}"`
  const listed = drivers.map((driver) => driver.name).join(', ') || 'none'
  const line = imports[name ?? (url.protocol.startsWith('postgres') ? 'neon' : 'pglite')]
  throw new UsageError(`no database driver that ${wanted} is listed by the entry point (listed: ${listed})`, {
    hint: line === undefined ? 'List one in its drivers.' : `Add it to the entry point's drivers: ${line}`,
  })
}
