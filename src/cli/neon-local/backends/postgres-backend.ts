import type { Socket } from 'node:net'
import type { Client, Pool, PoolClient } from 'pg'
import { localRoles } from '../../../sql/provider/local-roles.ts'
import { createArrayTypes } from './array-types.ts'
import type { Backend, Channel, ChannelEvents, Credentials, QueryAnswer } from './backend.ts'
import { cancelStatement, type BackendKey } from './cancel-statement.ts'
import { message } from '../protocol/frames.ts'
import { localPassword } from '../authorization/local-authorization.ts'
import { loadPeer } from '../peers.ts'
import { assertReachable } from './reachable.ts'
import { abandoned, resetConnection, runQueries, textTypes } from './run-queries.ts'

/** Longest wait for a connection of a pool, or of the server, in milliseconds. */
const connectionTimeoutMillis = 30_000

/** Pools of users with their own credentials; an endpoint on one machine has few. */
const mostPools = 20

/**
 * Serves a PostgreSQL server. Each HTTP request takes a pooled connection, each WebSocket its own. The endpoint's own
 * user, of the URL that it prints, is let in with the credentials of `url`; others with theirs, which the server checks.
 *
 * @throws UsageError when the URL is malformed, or the server does not let this process in
 */
export async function postgresBackend(url: string): Promise<Backend> {
  const { default: pg } = await loadPeer('pg', () => import('pg'))
  await assertReachable(url, (options) => new pg.Client(options))
  const pools = new Map<string, Pool>()
  const arrayTypes = createArrayTypes()

  const poolFor = async (credentials: Credentials): Promise<Pool> => {
    const connectionString = urlFor(url, credentials)
    let pool = pools.get(connectionString)
    if (pool !== undefined) return pool
    pool = new pg.Pool({ connectionString, types: textTypes, connectionTimeoutMillis })
    // An idle connection that dies is replaced at the next request.
    pool.on('error', () => undefined)
    pools.set(connectionString, pool)
    const [[oldest, first] = []] = pools
    if (pools.size > mostPools && oldest !== undefined) {
      pools.delete(oldest)
      await first?.end()
    }
    return pool
  }

  return {
    async run(queries, request) {
      const client = await (await poolFor(request.credentials)).connect()
      return runPooled(client, request.signal, () => runQueries(client, queries, { ...request, arrayTypes }))
    },
    open(events, credentials) {
      return openChannel(new pg.Client({ connectionString: urlFor(url, credentials), connectionTimeoutMillis }), events)
    },
    cancel(processId, secretKey) {
      const { hostname, port } = new URL(url)
      cancelStatement({ host: hostname, port: Number(port === '' ? 5432 : port) }, { processId, secretKey })
    },
    async close() {
      await Promise.all([...pools.values()].map((pool) => pool.end()))
    },
  }
}

/** The endpoint's own user stands for the user of the URL, and its database for that of the URL. */
function urlFor(url: string, { user, password = '', database }: Credentials): string {
  if (user === localRoles.app && password === localPassword) return url
  const own = new URL(url)
  own.username = encodeURIComponent(user)
  own.password = encodeURIComponent(password)
  if (database !== '' && database !== 'lexigram') own.pathname = `/${encodeURIComponent(database)}`
  return own.href
}

/** The parts of pg's clients and connections that their types leave out. */
interface Connection {
  readonly stream: Socket
  on(event: 'parameterStatus', listener: (status: { parameterName: string; parameterValue: string }) => void): void
  on(event: 'backendKeyData', listener: (key: { processID: number; secretKey: number }) => void): void
}
type OpenClient = Client & { readonly connection: Connection; readonly processID: number; readonly secretKey: number }

/** A client that has left stops what runs; the connection is not used again then, for the request may arrive late. */
async function runPooled(
  client: PoolClient,
  signal: AbortSignal,
  run: () => Promise<QueryAnswer>,
): Promise<QueryAnswer> {
  // The vendor's types leave out what a request to cancel needs.
  const { connection, processID, secretKey } = client as unknown as OpenClient
  let wasCancelled = false
  const stop = (): void => {
    wasCancelled = true
    const { remoteAddress: host, remotePort: port } = connection.stream
    if (host !== undefined && port !== undefined) cancelStatement({ host, port }, { processId: processID, secretKey })
  }
  // A server that drops the connection fails the query; the event beside it would end the process.
  const ignore = (): void => undefined
  client.on('error', ignore)
  const release = (error?: Error): void => {
    client.off('error', ignore)
    client.release(error)
  }
  try {
    if (signal.aborted) throw abandoned()
    signal.addEventListener('abort', stop)
    return await run()
  } finally {
    signal.removeEventListener('abort', stop)
    if (wasCancelled) release(new Error('a statement of it was cancelled'))
    else void resetConnection(client).then(() => release(), release)
  }
}

async function openChannel(client: Client, events: ChannelEvents): Promise<Channel> {
  // Until the stream is taken over, a lost connection is an event that would end the process.
  client.on('error', () => undefined)
  const { connection } = client as OpenClient
  const parameters: Record<string, string> = {}
  let key: BackendKey = { processId: 0, secretKey: 0 }
  connection.on('parameterStatus', (status) => {
    parameters[status.parameterName] = status.parameterValue
  })
  connection.on('backendKeyData', ({ processID, secretKey }) => {
    key = { processId: processID, secretKey }
  })
  await client.connect()
  const { stream } = connection
  for (const event of ['data', 'end', 'close', 'error']) stream.removeAllListeners(event)
  stream.on('data', (bytes: Uint8Array) => events.onData(bytes))
  stream.on('error', () => stream.destroy())
  stream.on('close', () => events.onClose())
  return {
    parameters,
    ...key,
    send: (frame) => void stream.write(frame),
    end: () =>
      new Promise((resolve) => {
        if (stream.destroyed) return resolve()
        stream.once('close', () => resolve())
        const { remoteAddress: host, remotePort: port } = stream
        if (host !== undefined && port !== undefined) cancelStatement({ host, port }, key)
        stream.end(message('X'))
      }),
  }
}
