import { setTimeout as delay } from 'node:timers/promises'
import type { DocumentStore } from '../../src/nosql/store/document-store.ts'
import type { Authentication, Users } from './authentication.ts'
import { CommandError, errorFields, toCommandError } from './command-error.ts'
import { collections } from './commands/collections.ts'
import { reads } from './commands/reads.ts'
import type { Run } from './commands/target.ts'
import { writes } from './commands/writes.ts'
import type { Cursors } from './cursors.ts'
import type { FailPoint, Failure } from './fail-point.ts'
import type { Sessions } from './sessions.ts'
import { withTexts } from './vendor-values.ts'
import type { Command, Reply } from './wire.ts'

/** What the connections of one server share. */
export interface ServerState {
  readonly users: Users
  readonly cursors: Cursors
  readonly sessions: Sessions
  readonly failPoint: FailPoint
  readonly hello: Reply
  failureOf(command: Command): Failure | undefined
  port(): number
  storeOf(database: string): DocumentStore
  onCommand(name: string, command: Command): void
}

interface Connection {
  readonly state: ServerState
  readonly authentication: Authentication
}

const onDocuments: Readonly<Record<string, Run>> = { ...reads, ...writes, ...collections }

type Administration = (command: Command, connection: Connection) => Reply | Promise<Reply>

const administration: Readonly<Record<string, Administration>> = {
  hello,
  isMaster: hello,
  ismaster: hello,
  ping: () => ({ ok: 1 }),
  buildInfo: () => ({ version: '8.2.4', versionArray: [8, 2, 4, 0], ok: 1 }),
  connectionStatus: () => ({ authInfo: { authenticatedUsers: [] }, ok: 1 }),
  saslStart: (command, { authentication }) => authentication.start(command),
  saslContinue: (command, { authentication }) => authentication.proceed(command),
  configureFailPoint: (command, { state }) => state.failPoint.configure(command),
  commitTransaction: (command, { state }) => state.sessions.commit(command),
  abortTransaction: (command, { state }) => state.sessions.abort(command),
  endSessions: async (command, { state }) => {
    await state.sessions.end(command['endSessions'] as readonly unknown[])
    return { ok: 1 }
  },
  killSessions: () => ({ ok: 1 }),
}

const withoutUser = new Set(['hello', 'isMaster', 'ismaster', 'saslStart', 'saslContinue', 'ping', 'buildInfo'])

/** The reply to a command, or undefined when the connection is to be cut instead. */
export async function answer(command: Command, connection: Connection): Promise<Reply | 'garbage' | undefined> {
  const [name = ''] = Object.keys(command)
  connection.state.onCommand(name, command)
  const failure = connection.state.failureOf(command) ?? connection.state.failPoint.failureOf(name)
  if (failure.delay !== undefined) await delay(failure.delay)
  if (failure.close === 'before') return undefined
  try {
    if (failure.error !== undefined) throw failure.error
    if (!connection.authentication.isDone && !withoutUser.has(name)) {
      throw new CommandError('Unauthorized', `command ${name} requires authentication`)
    }
    const reply = failure.reply ?? (await carryOut(name, command, connection))
    if (failure.close === 'after') return undefined
    if (failure.isGarbage === true) return 'garbage'
    const { writeConcernError, errorLabels = [] } = failure
    if (writeConcernError === undefined) return reply
    return { ...reply, writeConcernError, ...(errorLabels.length > 0 && { errorLabels }) }
  } catch (error) {
    return { ok: 0, ...errorFields(toCommandError(error)) }
  }
}

async function carryOut(name: string, command: Command, connection: Connection): Promise<Reply> {
  const administer = administration[name]
  if (administer !== undefined) return administer(command, connection)
  const run = onDocuments[name]
  if (run === undefined) throw new CommandError('CommandNotFound', `no such command: '${name}'`)
  const { sessions, cursors, storeOf } = connection.state
  const store = storeOf(databaseOf(command))
  return sessions.run(command, store, (documents) => run(withTexts(command), { documents, store, cursors }))
}

/** A bulk write of several collections goes to `admin`, and names its databases itself. */
function databaseOf(command: Command): string {
  const [first] = (command['nsInfo'] ?? []) as readonly { readonly ns: string }[]
  return first === undefined ? String(command['$db']) : (first.ns.split('.', 1)[0] ?? '')
}

/** A primary of a replica set of one, which is what transactions and retryable writes need. */
function hello(command: Command, { state }: Connection): Reply {
  const address = `127.0.0.1:${state.port()}`
  return {
    helloOk: true,
    isWritablePrimary: true,
    ismaster: true,
    secondary: false,
    setName: 'rs0',
    setVersion: 1,
    hosts: [address],
    me: address,
    primary: address,
    maxBsonObjectSize: 16_777_216,
    maxMessageSizeBytes: 48_000_000,
    maxWriteBatchSize: 100_000,
    localTime: new Date(),
    logicalSessionTimeoutMinutes: 30,
    minWireVersion: 0,
    maxWireVersion: 25,
    readOnly: false,
    ...state.hello,
    ...(command['saslSupportedMechs'] !== undefined && { saslSupportedMechs: ['SCRAM-SHA-256'] }),
    ok: 1,
  }
}
