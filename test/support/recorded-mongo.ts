import { afterAll, beforeEach } from 'vitest'
import { toSecret } from '../../src/core/setting/secret.ts'
import { mongodb } from '../../src/nosql/drivers/mongodb/mongodb-driver.ts'
import type { Document } from '../../src/nosql/query/value.ts'
import { createDocumentStore } from '../../src/nosql/store/document-store.ts'
import type { Failure } from '../../tools/mongodb-server/fail-point.ts'
import { serveMongo } from '../../tools/mongodb-server/serve.ts'
import type { Command, Reply } from '../../tools/mongodb-server/wire.ts'

export interface RecordedOptions {
  /** Options of the URL. @default '' */
  readonly uriOptions?: string
  /** What the server says of itself. @default {} */
  readonly hello?: Reply
  /** What is stored before each test. @default what the test before has left */
  readonly documents?: readonly Document[]
}

/** What a test is about, and not how a client comes to know a server or leaves it. */
const upkeep = new Set(['hello', 'ismaster', 'ping', 'endSessions'])

export function nameOf(command: Command): string {
  return Object.keys(command)[0] ?? ''
}

/** What every command of a session has. */
const ofSession = new Set(['lsid', 'txnNumber', '$db', '$clusterTime', '$readPreference'])

/** A command without what every command has. */
export function bare(command: Command): Command {
  return Object.fromEntries(Object.entries(command).filter(([name]) => !ofSession.has(name)))
}

/** A store on a server that keeps the commands of each test; call it within `describe`, whose end closes both. */
export async function openRecorded({ uriOptions = '', hello = {}, documents }: RecordedOptions = {}) {
  const received: Command[] = []
  let failures: [name: string, failure: Failure][] = []
  const server = await serveMongo({
    hello,
    onCommand: (command) => void received.push(command),
    failureOf(command) {
      const at = failures.findIndex(([name]) => name === nameOf(command))
      return at < 0 ? undefined : failures.splice(at, 1)[0]?.[1]
    },
  })
  // A client that has lost a server looks for it again at once.
  const config = { uri: toSecret(`${server.uri}&minHeartbeatFrequencyMS=5&${uriOptions}`) }
  const store = createDocumentStore(mongodb(), { database: 'recorded', config, scans: 'allow' })
  afterAll(async () => {
    await store.disconnect()
    await server.close()
  })
  const items = store.collection('items')
  // The connection is there, so that a test sees its own commands.
  beforeEach(async () => {
    failures = []
    if (documents !== undefined) {
      await items.deleteMany({})
      await items.insertMany(documents)
    }
    await items.findOne({})
    received.length = 0
  })
  return {
    store,
    items,
    received,
    /** The commands of the test without those that keep the connection. */
    sent: (): readonly Command[] => received.filter((command) => !upkeep.has(nameOf(command))),
    /** The next commands of a name fail like this, in order. */
    failNext: (name: string, ...next: readonly Failure[]): void => {
      failures.push(...next.map((failure): [string, Failure] => [name, failure]))
    },
  }
}
