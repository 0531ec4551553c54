import { connect, type Socket } from 'node:net'
import type { Client } from 'pg'
import type { Backend, Channel, ChannelEvents, Query, QueryResult } from './backend.ts'
import { message, view } from './frames.ts'
import { loadPeer } from './peers.ts'
import { assertReachable } from './reachable.ts'
import { resetConnection, runQueries, textTypes } from './run-queries.ts'

/**
 * Serves a PostgreSQL server. Each HTTP request takes a pooled connection, each WebSocket its own; authentication
 * towards the server is this process's, with the credentials of `url`.
 *
 * @throws UsageError when the URL is malformed, or the server does not let this process in
 */
export async function postgresBackend(url: string): Promise<Backend> {
  const { default: pg } = await loadPeer('pg', () => import('pg'))
  await assertReachable(url, (options) => new pg.Client(options))
  const pool = new pg.Pool({ connectionString: url, types: textTypes })
  // An idle connection that dies is replaced at the next request.
  pool.on('error', () => undefined)

  return {
    async run(queries: readonly Query[], { begin }): Promise<QueryResult[]> {
      const client = await pool.connect()
      // A server that drops the connection fails the query; the event beside it would end the process.
      const ignore = (): void => undefined
      client.on('error', ignore)
      try {
        return await runQueries(client, queries, begin)
      } finally {
        void resetConnection(client).then(
          () => {
            client.off('error', ignore)
            client.release()
          },
          (error: Error) => client.release(error),
        )
      }
    },
    open: (events) => openChannel(new pg.Client({ connectionString: url }), events),
    close: () => pool.end(),
  }
}

/** The parts of pg's connection that its types leave out. */
interface Connection {
  readonly stream: Socket
  on(event: 'parameterStatus', listener: (status: { parameterName: string; parameterValue: string }) => void): void
  on(event: 'backendKeyData', listener: (key: { processID: number; secretKey: number }) => void): void
}

/**
 * Stops what the connection still runs: the server does not notice by itself that its client has left, and
 * holds the transaction's locks meanwhile. https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-CANCELING-REQUESTS
 */
function cancel({ remoteAddress, remotePort }: Socket, key: { processID: number; secretKey: number }): void {
  if (remoteAddress === undefined || remotePort === undefined) return
  const request = new Uint8Array(16)
  ;[16, 80877102, key.processID, key.secretKey].forEach((value, i) => view(request).setInt32(i * 4, value))
  const socket = connect(remotePort, remoteAddress, () => socket.end(request))
  // Nothing was running, or the server is gone: either way there is nothing left to stop.
  socket.on('error', () => socket.destroy())
}

async function openChannel(client: Client, events: ChannelEvents): Promise<Channel> {
  // Until the stream is taken over, a lost connection is an event that would end the process.
  client.on('error', () => undefined)
  const { connection } = client as Client & { readonly connection: Connection }
  const parameters: Record<string, string> = {}
  let key = { processID: 0, secretKey: 0 }
  connection.on('parameterStatus', (status) => {
    parameters[status.parameterName] = status.parameterValue
  })
  connection.on('backendKeyData', (received) => {
    key = received
  })
  await client.connect()
  const { stream } = connection
  for (const event of ['data', 'end', 'close', 'error']) stream.removeAllListeners(event)
  stream.on('data', (bytes: Uint8Array) => events.onData(bytes))
  stream.on('error', () => stream.destroy())
  stream.on('close', () => events.onClose())
  return {
    parameters,
    processId: key.processID,
    secretKey: key.secretKey,
    send: (frame) => void stream.write(frame),
    end: () =>
      new Promise((resolve) => {
        if (stream.destroyed) return resolve()
        stream.once('close', () => resolve())
        cancel(stream, key)
        stream.end(message('X'))
      }),
  }
}
