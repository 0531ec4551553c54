import { assertOptions, must } from '../../../core/assert-options.ts'
import { longestTimer } from '../../../core/time-limit.ts'
import type { DatabaseDriver, DriverConnection, DriverSettings } from '../../contract/driver.ts'
import { clientConfig, readOwnParameters, type PostgresTls } from './client-config.ts'
import { PostgresPool, type PoolOptions } from './pool.ts'
import { postgresSession } from './session.ts'
import { loadVendor } from './vendor.ts'

export type { PostgresTls }

/** All times are in milliseconds. */
export interface PostgresOptions {
  /** Goes before `sslmode` of the URL; `true` checks the server's certificate. @default what the URL says, else none */
  readonly tls?: PostgresTls | boolean
  /** Asked for each connection, instead of the URL's: for tokens that expire, such as those of RDS. */
  readonly password?: () => string | Promise<string>
  /** How long an unused connection is kept. @default 10_000 */
  readonly idleTimeout?: number
  /** How old a connection may become; 0 for any age. @default 0 */
  readonly maxLifetime?: number
  /**
   * A connection that was unused for so long is pinged before it is used: a server may have hung up
   * while Lambda had frozen the process. @default 5_000
   */
  readonly verifyAfter?: number
}

const knownOptions = {
  tls: must.beAnything,
  password: must.beFunction,
  idleTimeout: must.beNumberFrom(0),
  maxLifetime: must.beNumberFrom(0),
  verifyAfter: must.beNumberFrom(0),
}

/**
 * PostgreSQL over TCP, with node-postgres (`pg`). Where sockets outlive requests, an application has one pool of
 * `poolSize` connections, and a session uses at most one of them at a time. On Workers each session has a connection
 * that closes with it: through Hyperdrive, whose binding may replace the URL, opening one is cheap.
 *
 * @throws UsageError for an option that does not exist, or has another type
 * @example
 * import { postgres } from 'lexigram-edge/sql/postgres'
 *
 * const app = createApp({ sql: [postgres()] }) // DATABASE_URL=postgresql://user:password@host/database
 */
export function postgres(options: PostgresOptions = {}): DatabaseDriver {
  assertOptions(options, knownOptions, 'options of postgres')
  return {
    name: 'postgres',
    io: 'socket',
    socketPerSession: true,
    interactiveTransactions: true,
    accepts: (url) => url.protocol === 'postgresql:' || url.protocol === 'postgres:',
    open: (settings) => openPostgres(settings, options),
  }
}

async function openPostgres(settings: DriverSettings, options: PostgresOptions): Promise<DriverConnection> {
  const { poolSize, poolTimeoutMs: timeoutMs, connectTimeoutMs = timeoutMs, socketsOutliveRequests: shared } = settings
  const { behindPooler, channelBinding } = readOwnParameters(settings.url)
  const parts = { timeoutMs, behindPooler, name: settings.name }
  const poolOptions: PoolOptions = {
    client: clientConfig(settings.url, options),
    size: shared ? poolSize : 1,
    timeoutMs,
    maxAnswerBytes: settings.maxAnswerBytes,
    connectTimeoutMs,
    shared,
    idleTimeoutMs: Math.min(options.idleTimeout ?? 10_000, longestTimer),
    maxLifetimeMs: Math.min(options.maxLifetime ?? 0, longestTimer),
    verifyAfterMs: options.verifyAfter ?? 5_000,
    countConnections: settings.countConnections,
    channelBinding,
    name: settings.name,
  }
  const pg = await loadVendor()
  if (!shared) {
    return {
      session: () => postgresSession({ pool: new PostgresPool(pg, poolOptions), ownsPool: true, ...parts }),
      close: () => Promise.resolve(),
    }
  }
  const pool = new PostgresPool(pg, poolOptions)
  settings.attachPool?.(pool.vendor)
  return {
    session: () => postgresSession({ pool, ownsPool: false, ...parts }),
    close: () => pool.close(),
  }
}
