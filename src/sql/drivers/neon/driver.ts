import { assertOptions, must, type OptionCheck } from '../../../core/assert-options.ts'
import { isHyperdrive } from '../../provider/choose-driver.ts'
import { readDatabaseUrl } from '../../provider/database-url.ts'
import type { DatabaseDriver, DriverConnection, DriverSession, DriverSettings } from '../../contract/driver.ts'
import { ConnectionLimit } from '../../session/calls/connection-limit.ts'
import { assertEncryption, endpointsFor } from './endpoint.ts'
import { neonHttp, type Fetch } from './http.ts'
import { NeonSockets } from './web-socket.ts'

/** Options of `neon`. */
export interface NeonOptions {
  /**
   * The address of a server other than Neon that speaks its protocols: `http://proxy:4444`. For a loopback host in the
   * database URL leave it out: the local endpoint on its port is used.
   */
  readonly endpoint?: string
  /** Sends the HTTP requests, for example a service binding's. @default the global fetch */
  readonly fetch?: Fetch
  /** Token for Neon's JWT authentication. */
  readonly authToken?: string | (() => string | Promise<string>)
  /**
   * If its sockets have a method `terminate`, as those of the package `ws` do, a socket with a silent peer is closed at
   * once. Otherwise it stays open until the peer answers the closing handshake, or the network fails; nothing waits for it.
   * @default the global WebSocket
   */
  readonly webSocket?: typeof globalThis.WebSocket
}

const optionChecks = {
  endpoint: must.beText,
  fetch: must.beFunction,
  authToken: {
    expected: 'text, or a function that returns it',
    holds: (value) => must.beText.holds(value) || must.beFunction.holds(value),
  },
  webSocket: must.beFunction,
} satisfies Readonly<Record<keyof NeonOptions, OptionCheck>>

/**
 * Postgres at Neon, or at a server that speaks Neon's protocols. A statement or batch is one HTTP request. An interactive
 * transaction opens a WebSocket, which closes with the session. The driver keeps nothing between requests, so that it also
 * works where sockets die with the request.
 *
 * @throws UsageError `LEX_ERR_USE_001` for malformed options
 * @example
 * import { neon } from 'lexigram-edge/sql/neon'
 *
 * const app = createApp({ sql: [neon()] })
 */
export function neon(options: NeonOptions = {}): DatabaseDriver {
  assertOptions(options, optionChecks, 'the options of neon')
  return {
    name: 'neon',
    io: 'stateless',
    interactiveTransactions: true,
    // Hyperdrive speaks PostgreSQL's own protocol only.
    accepts: (url) => /^postgres(?:ql)?:$/.test(url.protocol) && !isHyperdrive(url),
    open: (settings) => openNeon(settings, options),
  }
}

function openNeon(settings: DriverSettings, options: NeonOptions): DriverConnection {
  const { poolSize, poolTimeoutMs, connectTimeoutMs = poolTimeoutMs, maxAnswerBytes, countConnections } = settings
  // The vendor would repeat a malformed URL, password included, in its message, and a header takes few letters.
  const read = readDatabaseUrl(settings.url)
  const { href: url } = read
  const endpoints = endpointsFor(new URL(url), options.endpoint)
  assertEncryption(read, endpoints)
  const { fetch, authToken } = options
  const http = neonHttp(url, { endpoint: endpoints?.http, fetch, authToken, maxAnswerBytes })
  return {
    session(): DriverSession {
      // For each session and not for the application: one request must never wait for another's I/O.
      const slots = new ConnectionLimit(poolSize, poolTimeoutMs, settings.name)
      const { webSocket } = options
      const socketOptions = { url, endpoints, webSocket, connectTimeoutMs, maxAnswerBytes, countConnections }
      const sockets = new NeonSockets(socketOptions, slots)
      return {
        pipelines: true,
        execute: (statement, call) => slots.use(() => http.execute(statement, call), call.signal, call.span),
        batch: (statements, call) => slots.use(() => http.batch(statements, call), call.signal, call.span),
        begin: (call) => sockets.begin(call),
        close: () => sockets.close(),
      }
    },
    close: () => Promise.resolve(),
  }
}
