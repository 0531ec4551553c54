import type { Db, MongoClient } from 'mongodb'
import { within } from '../../../../core/time-limit.ts'
import {
  connectionStates,
  type CountConnections,
  type ConnectionStates,
} from '../../../../core/tracing/connection-states.ts'
import { closeClient } from './client.ts'
import { commandSpansOf, type CommandSpans } from './command-spans.ts'
import { keepOpened, type OpenedCollections } from '../../../contract/keep-opened.ts'

/** A client in use, and what is known of it. */
export interface HeldClient {
  readonly client: MongoClient
  readonly db: Db
  readonly opened: OpenedCollections
  /** Undefined where single commands are not traced. */
  readonly commands: CommandSpans | undefined
  /** What the servers that were met understand: 25 for MongoDB 8.0. */
  wireVersion(): number
  /** When a server last answered, in milliseconds since 1970. */
  lastSign(): number
  /** Whether a server answers within a second. */
  isAlive(): Promise<boolean>
  /** Keeps it open for something that lasts longer than one command, until what is returned is called. */
  hold(): () => void
  /** Closes it once nothing runs on it any more, or after a bound, and then calls back. */
  retire(closed: () => void): void
  close(): Promise<void>
}

/** In milliseconds. */
const pingLimit = 1000
const retirementLimit = 30_000

interface HoldOptions {
  readonly database: string | undefined
  readonly countConnections: CountConnections | undefined
}

/** From before it connects. */
export function holdClient(client: MongoClient, { database, countConnections }: HoldOptions): HeldClient {
  const states = connectionStates(countConnections)
  if (states !== undefined) followClient(client, states)
  let sign = Date.now()
  let inUse = 0
  let wireVersion = 0
  let isRetired = false
  let onRetired = (): void => {}
  let timer: ReturnType<typeof setTimeout> | undefined
  let closing: Promise<void> | undefined
  const close = (): Promise<void> => {
    clearTimeout(timer)
    return (closing ??= closeClient(client)
      .then(() => states?.endAll())
      .then(onRetired))
  }
  const release = (): void => {
    inUse -= 1
    if (isRetired && inUse === 0) void close()
  }
  client.on('topologyDescriptionChanged', ({ newDescription: { servers } }) => {
    const known = [...servers.values()].map(({ maxWireVersion }) => maxWireVersion).filter((version) => version > 0)
    if (known.length > 0) wireVersion = Math.min(...known)
  })
  client.on('connectionCheckedOut', () => (inUse += 1))
  client.on('connectionCheckedIn', () => {
    sign = Date.now()
    release()
  })
  return {
    client,
    db: client.db(database),
    opened: keepOpened(),
    commands: commandSpansOf(client),
    wireVersion: () => wireVersion,
    lastSign: () => sign,
    async isAlive() {
      try {
        await within(client.db('admin').command({ ping: 1 }), pingLimit, 'a ping of MongoDB')
        return true
      } catch {
        return false
      }
    },
    hold() {
      inUse += 1
      let isHeld = true
      return () => {
        if (isHeld) release()
        isHeld = false
      }
    },
    retire(closed) {
      isRetired = true
      onRetired = closed
      // What hangs on it never ends by itself.
      timer = setTimeout(() => void close(), retirementLimit)
      if (typeof timer === 'object') timer.unref?.()
      if (inUse === 0) void close()
    },
    close,
  }
}

/**
 * Follows the connections of a client's pools, of which it has one for each server. Those by which it monitors servers
 * belong to none.
 *
 * @see https://github.com/mongodb/specifications/blob/master/source/connection-monitoring-and-pooling/connection-monitoring-and-pooling.md
 */
function followClient(client: MongoClient, states: ConnectionStates): void {
  client.on('connectionReady', (event) => states.set(keyOf(event), 'idle'))
  client.on('connectionCheckedOut', (event) => states.set(keyOf(event), 'used'))
  client.on('connectionCheckedIn', (event) => states.set(keyOf(event), 'idle'))
  client.on('connectionClosed', (event) => states.end(keyOf(event)))
}

/** Pools number their connections, each from 1. */
function keyOf({ address, connectionId }: { address: string; connectionId: number | '<monitor>' }): string {
  return `${address} ${connectionId}`
}
