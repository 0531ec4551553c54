import type { Socket } from 'node:net'
import type { Client } from 'pg'
import type { Backend, Channel, ChannelEvents, Query, QueryResult } from './backend.ts'
import { message } from './frames.ts'
import { loadPeer } from './peers.ts'
import { resetConnection, runQueries, textTypes } from './run-queries.ts'

/**
 * Serves a PostgreSQL server. Each HTTP request takes a pooled connection, each WebSocket its own; authentication
 * towards the server is this process's, with the credentials of `url`.
 */
export async function postgresBackend(url: string): Promise<Backend> {
  const { default: pg } = await loadPeer('pg', () => import('pg'))
  const pool = new pg.Pool({ connectionString: url, types: textTypes })
  // An idle connection that dies is replaced at the next request.
  pool.on('error', () => undefined)

  return {
    async run(queries: readonly Query[], begin: string | null): Promise<QueryResult[]> {
      const client = await pool.connect()
      try {
        return await runQueries(client, queries, begin)
      } finally {
        void resetConnection(client).then(
          () => client.release(),
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

async function openChannel(client: Client, events: ChannelEvents): Promise<Channel> {
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
        stream.end(message('X'))
      }),
  }
}
