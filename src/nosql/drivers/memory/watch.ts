import type { DriverChange, DriverChanges, WatchRequest } from '../../contract/change.ts'
import type { DriverContext } from '../../contract/context.ts'
import { copyValue } from '../../query/value.ts'
import { idKey } from '../../query/value-key.ts'
import type { LoggedChange } from './change-log.ts'
import type { MemoryDatabase } from './memory-database.ts'

/** The changes of one collection, from a position of the database's log on. */
export function watchChanges(
  database: MemoryDatabase,
  name: string,
  { request, context }: { readonly request: WatchRequest; readonly context: DriverContext },
): DriverChanges {
  const { log } = database
  const now = log.now()
  const start = request.after === undefined ? now : log.position(request.after)
  // Whether what follows the token is still kept is found out before the stream is open.
  log.since(start)
  return { token: log.token(start), changes: follow(database, name, { start, request, context }) }
}

interface Following {
  readonly start: number
  readonly request: WatchRequest
  readonly context: DriverContext
}

async function* follow(
  database: MemoryDatabase,
  name: string,
  { start, request, context: { signal } }: Following,
): AsyncGenerator<readonly DriverChange[], void> {
  const { log } = database
  const ended = new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true }))
  const isOver = (): boolean => signal?.aborted === true
  let position = start
  while (!isOver()) {
    // Asked for before the log is read: what comes in between is not missed.
    const changed = log.changed()
    const logged = log.since(position)
    position += logged.length
    const own = logged.filter(({ collection }) => collection === name)
    const end = own.findIndex(({ kind }) => kind === 'end')
    const told = end < 0 ? own : own.slice(0, end)
    if (told.length > 0) yield told.map((change) => toChange(database, change, request.lookup))
    if (end >= 0) return
    if (own.length === 0) await Promise.race([changed, ended])
  }
}

function toChange(database: MemoryDatabase, change: LoggedChange, lookup: boolean): DriverChange {
  const { kind, id, position, at } = change
  const document = kind === 'update' ? (lookup ? current(database, change) : undefined) : change.document
  return {
    kind: kind as DriverChange['kind'], // the end was cut off
    id,
    token: database.log.token(position),
    at: new Date(at),
    ...(document !== undefined && { document: document && copyValue(document) }),
  }
}

function current(database: MemoryDatabase, { collection, id }: LoggedChange) {
  return database.collections.get(collection)?.get(idKey(id))?.document ?? null
}
