import { createServer as createPlainServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { createDocumentStore, type DocumentStore } from '../../src/nosql/store/document-store.ts'
import { memory } from '../../src/nosql/drivers/memory/memory-driver.ts'
import { aggregation } from '../../src/nosql/aggregation/engine.ts'
import { createAuthentication, type Users } from './authentication.ts'
import { answer, type ServerState } from './answer.ts'
import { createCursors } from './cursors.ts'
import { createFailPoint, type Failure } from './fail-point.ts'
import { createSessions } from './sessions.ts'
import { headerBytes, takeMessages, writeReply, type Command, type Reply } from './wire.ts'

export interface MongoServerOptions {
  /** @default 0, any free one */
  readonly port?: number
  /** Who may connect, by SCRAM-SHA-256. @default {} everyone */
  readonly users?: Users
  /** A certificate and its key: connections are then encrypted. */
  readonly tls?: { readonly cert: string; readonly key: string }
  /** Sees every command before it is carried out. */
  readonly onCommand?: (command: Command) => void
  /** What shall happen to a command, before the fail point is asked. */
  readonly failureOf?: (command: Command) => Failure | undefined
  /** What the server says of itself beside the usual, such as `maxWireVersion`. @default {} */
  readonly hello?: Reply
}

/** The wire protocol of MongoDB over the embedded engine. */
export interface MongoServer extends AsyncDisposable {
  /** For `MongoClient`. */
  readonly uri: string
  readonly port: number
  /** Commands by name since the start, those of monitoring and handshakes included. */
  readonly commands: ReadonlyMap<string, number>
  /** What is open now: none of it may remain. */
  open(): { readonly sockets: number; readonly cursors: number; readonly transactions: number }
  /** Ends all connections as a server that dies does. */
  dropConnections(): void
  close(): Promise<void>
}

/**
 * Serves MongoDB's wire protocol on 127.0.0.1 over the embedded engine, for tests and development. It proves what a client
 * sends and how it takes the answers; what MongoDB itself answers is recorded elsewhere.
 */
export async function serveMongo(options: MongoServerOptions = {}): Promise<MongoServer> {
  const driver = memory({ aggregation: aggregation(), ids: 'any' })
  const stores = new Map<string, DocumentStore>()
  const commands = new Map<string, number>()
  const sockets = new Set<Socket>()
  const state: ServerState = {
    users: options.users ?? {},
    cursors: createCursors(),
    sessions: createSessions(),
    failPoint: createFailPoint(),
    failureOf: (command) => options.failureOf?.(command),
    hello: options.hello ?? {},
    port: () => (server.address() as AddressInfo).port,
    storeOf(database) {
      let store = stores.get(database)
      if (store === undefined) {
        store = createDocumentStore(driver, { database, scans: 'allow', attempts: 20 })
        stores.set(database, store)
      }
      return store
    },
    onCommand(name, command) {
      commands.set(name, (commands.get(name) ?? 0) + 1)
      options.onCommand?.(command)
    },
  }
  const accept = (socket: Socket): void => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    serveConnection(socket, state)
  }
  const server: Server = options.tls === undefined ? createPlainServer(accept) : createTlsServer(options.tls, accept)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, '127.0.0.1', resolve)
  })
  const port = state.port()
  const dropConnections = (): void => sockets.forEach((socket) => socket.destroy())
  const close = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve))
    dropConnections()
    await closed
  }
  return {
    uri: `mongodb://127.0.0.1:${port}/?replicaSet=rs0${options.tls === undefined ? '' : '&tls=true'}`,
    port,
    commands,
    open: () => ({ sockets: sockets.size, cursors: state.cursors.count, transactions: state.sessions.count }),
    dropConnections,
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** Answers the messages of one connection one after the other. */
function serveConnection(socket: Socket, state: ServerState): void {
  const authentication = createAuthentication(state.users)
  let chunks: Buffer[] = []
  let [received, wanted] = [0, headerBytes]
  let last = Promise.resolve()
  socket.on('error', () => socket.destroy())
  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk)
    received += chunk.length
    // A long message is put together once, and not with each of its chunks.
    if (received < wanted) return
    try {
      const { messages, rest } = takeMessages(Buffer.concat(chunks))
      chunks = [rest]
      received = rest.length
      wanted = received < headerBytes ? headerBytes : rest.readInt32LE(0)
      for (const message of messages) {
        last = last.then(async () => {
          const reply = await answer(message.command, { state, authentication })
          if (reply === undefined) socket.destroy()
          else if (reply === 'garbage') socket.write(Buffer.alloc(64, 0x7f))
          else if (!message.isOneWay && !socket.destroyed) socket.write(writeReply(message, reply))
        })
      }
    } catch {
      // What is not the wire protocol cannot be answered in it.
      socket.destroy()
    }
  })
}
