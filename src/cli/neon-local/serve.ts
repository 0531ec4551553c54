import type { PGlite } from '@electric-sql/pglite'
import { existsSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo, Server } from 'node:net'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { UsageError } from '../../core/errors.ts'
import { localRoles } from '../../sql/provider/local-roles.ts'
import type { Backend } from './backends/backend.ts'
import { lockFolder, openFailure } from '../../sql/drivers/pglite/folder-lock.ts'
import { answerHttp } from './http/http.ts'
import { localPassword } from './authorization/local-authorization.ts'
import { loadPeer } from './peers.ts'
import { pgliteBackend } from './backends/pglite-backend.ts'
import { postgresBackend } from './backends/postgres-backend.ts'
import { createStats, type NeonStats } from './stats.ts'
import { createTcpServer } from './protocol/tcp.ts'
import { serveWebSocket } from './protocol/websocket.ts'

export interface ServeNeonOptions {
  /** A running embedded database to serve; the caller keeps and closes it. */
  readonly backend?: PGlite
  /** Folder of the embedded database. Without it, and without the other two, the database lives in memory. */
  readonly dataDir?: string
  /** Empties that folder first. */
  readonly fresh?: boolean
  /** A PostgreSQL server to serve instead: `postgresql://user:password@host:5432/database`. */
  readonly postgresUrl?: string
  /** @default '127.0.0.1' */
  readonly host?: string
  /** @default 0, any free port */
  readonly port?: number
  /** Also serves PostgreSQL's own protocol on this port, for psql and other tools; 0 for any free one. @default none */
  readonly protocolPort?: number
  /** @default 10 MiB, as at Neon */
  readonly maxRequestBytes?: number
  /** @default 10 MiB, as at Neon */
  readonly maxResponseBytes?: number
  /** Longest wait for the embedded database's one connection, in milliseconds. @default 10_000 */
  readonly turnTimeoutMs?: number
}

export interface NeonEndpoint {
  /** Connection string for `DATABASE_URL`: the neon driver finds this endpoint by its loopback host and port. */
  readonly url: string
  /** The same for migrations: its user owns the schema of the embedded database, so that policies concern the other. */
  readonly ownerUrl: string
  /** Connection string for tools that speak PostgreSQL's own protocol; undefined unless `protocolPort` was given. */
  readonly protocolUrl: string | undefined
  /** Where HTTP queries go, for other clients: `http://127.0.0.1:port/sql`. */
  readonly endpoint: string
  readonly port: number
  readonly stats: Readonly<NeonStats>
  /** Stops the server and, unless it was given, the database. Idempotent. */
  close(): Promise<void>
}

const tenMebibytes = 10 * 1024 * 1024

/**
 * Serves Neon's HTTP (`/sql`) and WebSocket (`/v2`) protocols on this machine, over an embedded database or a
 * PostgreSQL server, so that code written for Neon runs and is tested with no network.
 *
 * @throws UsageError when a package that it needs is not installed, or another process uses the folder
 * @see https://github.com/neondatabase/neon/tree/main/proxy/src/serverless
 */
export async function serveNeon(options: ServeNeonOptions = {}): Promise<NeonEndpoint> {
  const { WebSocketServer } = await loadPeer('ws', () => import('ws'))
  const backend = await openBackend(options)
  const stats = createStats()
  const limits = {
    maxRequestBytes: options.maxRequestBytes ?? tenMebibytes,
    maxResponseBytes: options.maxResponseBytes ?? tenMebibytes,
  }
  const server = createServer((request, response) => void answerHttp(request, response, { backend, limits, stats }))
  const sockets = new WebSocketServer({ noServer: true })
  server.on('upgrade', (request, stream: Duplex, head) => {
    // From here on only this code listens to the stream; an unhandled error of a lost client would end the process.
    stream.on('error', () => stream.destroy())
    // The vendor's library connects to /v2, and to /sql where it is configured so.
    if (!/^\/(?:v2|sql)(?:\?|$)/.test(request.url ?? '')) {
      stream.end('HTTP/1.1 400 Bad Request\r\n\r\n')
      return
    }
    sockets.handleUpgrade(request, stream, head, (socket) => serveWebSocket(socket, { backend, stats }))
  })
  const host = options.host ?? '127.0.0.1'
  const tcp = createTcpServer(backend)
  const stop = async (error: unknown): Promise<never> => {
    await tcp.close()
    if (server.listening) await new Promise((resolve) => server.close(resolve))
    await backend.close()
    throw error
  }
  const port = await listen(server, options.port ?? 0, host).catch(stop)
  const { protocolPort } = options
  const tcpPort = protocolPort === undefined ? undefined : await listen(tcp.server, protocolPort, host).catch(stop)
  // A server may listen on every address; a client needs one.
  const address = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
  const urlFor = (user: string, at = port): string => `postgresql://${user}:${localPassword}@${address}:${at}/lexigram`
  let closing: Promise<void> | undefined
  return {
    url: urlFor(localRoles.app),
    ownerUrl: urlFor(localRoles.owner),
    protocolUrl: tcpPort === undefined ? undefined : urlFor(localRoles.owner, tcpPort),
    endpoint: `http://${address}:${port}/sql`,
    port,
    stats,
    close: () => (closing ??= close()),
  }

  async function close(): Promise<void> {
    for (const socket of sockets.clients) socket.terminate()
    await tcp.close()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    await backend.close()
  }
}

async function openBackend(options: ServeNeonOptions): Promise<Backend> {
  if (options.postgresUrl !== undefined) return postgresBackend(options.postgresUrl)
  const turnTimeoutMs = options.turnTimeoutMs ?? 10_000
  if (options.backend !== undefined) return pgliteBackend(options.backend, { turnTimeoutMs, owned: false })
  const { PGlite } = await loadPeer('@electric-sql/pglite', () => import('@electric-sql/pglite'))
  const { dataDir, fresh = false } = options
  if (dataDir === undefined) return pgliteBackend(await PGlite.create(), { turnTimeoutMs, owned: true })
  const unlock = await lockFolder(dataDir)
  try {
    if (fresh) emptyFolder(dataDir)
    const database = await PGlite.create(dataDir).catch((cause: unknown) => {
      throw openFailure(dataDir, cause)
    })
    const backend = await pgliteBackend(database, { turnTimeoutMs, owned: true })
    return { ...backend, close: () => backend.close().finally(unlock) }
  } catch (error) {
    unlock()
    throw error
  }
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    // Listening on a host and port, so the address is never a pipe's name.
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port))
  })
}

/** Removes only what is a database: a mistyped path must not cost a folder of something else. */
function emptyFolder(folder: string): void {
  if (!existsSync(folder)) return
  if (!existsSync(join(folder, 'PG_VERSION'))) {
    throw new UsageError('--fresh cannot empty the folder: it does not hold a database', {
      hint: 'Check --data-dir, or remove the folder yourself.',
    })
  }
  rmSync(folder, { recursive: true })
}
