import { createCursorSealer, type CursorSealer } from '../core/cursor/cursor-sealer.ts'
import { assertOptions, must, type OptionCheck } from '../core/assert-options.ts'
import type { LexigramError } from '../core/errors.ts'
import type { CountConnections, CountPoolConnections } from '../core/tracing/connection-states.ts'
import type { Span } from '../core/tracing/tracer.ts'
import { longestTimer } from '../core/time-limit.ts'
import { driverFor } from './provider/choose-driver.ts'
import type { DatabaseDriver } from './contract/driver.ts'
import { defaultMaxAnswerBytes, defaultPoolSize } from './contract/default-limits.ts'
import { createDatabaseProvider } from './database-provider.ts'
import type { Casing, Schema } from './drizzle/version.ts'
import { openAll } from './replica/open-all.ts'
import { onlyDatabase } from './session/calls/of-database.ts'
import type { SqlLogger } from './session/statements/statement-log.ts'
import type { TransactionalDbSession } from './session/session.ts'

/** Options of `session` of a database. */
export interface SessionOptions {
  /**
   * Gives up statements and transactions when it aborts, for example the request's signal. A function is called when a
   * statement is sent, for a signal that is made only when it is needed.
   */
  readonly signal?: AbortSignal | (() => AbortSignal | undefined) | undefined
  /** What the session's statements are traced as parts of, for example the request's `span`. @default nothing is traced */
  readonly span?: Span | undefined
  /**
   * Makes a session that only reads: the database refuses whatever writes. It asks a replica where there are any, and
   * stays with it; what was written shortly before may not be there yet. Where no replica can be reached, and for
   * serializable transactions, it asks the database itself. @default false
   */
  readonly readOnly?: boolean | undefined
}

/** How a database, or a replica of it, answers. */
export interface DatabaseHealth {
  readonly status: 'healthy' | 'unhealthy'
  readonly latencyMs: number
  /** Why it is unhealthy. */
  readonly error?: LexigramError
}

/** The application's database: it opens sessions. */
export interface DatabaseProvider<TSchema extends Schema = Record<string, never>> extends AsyncDisposable {
  /** What the database is called in configuration; `default` where there is only one. */
  readonly name: string
  /** Name of the driver in use. */
  readonly driver: string
  readonly interactiveTransactions: boolean
  /**
   * Opens a session. Dispose of it (`await using session = db.session()`): what it opened, such as a WebSocket for an
   * interactive transaction, closes then. Cheap: nothing is sent before the first statement.
   */
  session(options?: SessionOptions): TransactionalDbSession<TSchema>
  /** Asks the database for an answer, in one round trip. @throws DatabaseUnavailableError and others */
  ping(options?: SessionOptions): Promise<void>
  /** How the database and each of its replicas answer, by name, all asked at once; a replica's is `<name>.replicas.<n>`. */
  health(options?: Omit<SessionOptions, 'readOnly'>): Promise<Readonly<Record<string, DatabaseHealth>>>
}

/** Options of `openDatabase`. */
export interface DatabaseOptions<TSchema extends Schema = Record<string, never>> {
  /** The drivers to choose from; the first that takes the URL is used. */
  readonly drivers: readonly DatabaseDriver[]
  readonly url: string
  /** URLs of read replicas, for the same driver: sessions that only read ask one of them. @default [] */
  readonly replicas?: readonly string[] | undefined
  /** What errors, statistics and spans call the database. @default 'default' */
  readonly name?: string | undefined
  /** Name of one of `drivers`, where several take the URL. */
  readonly driver?: string | undefined
  /** Drizzle tables and relations, for `session.db.query`. @default {} */
  readonly schema?: TSchema
  /** How columns that were declared without a name are called in the database, as for Drizzle. @default as in the table */
  readonly casing?: Casing | undefined
  /** Most open connections of a pool; over Neon, most sockets and HTTP requests of a session. @default 20 */
  readonly poolSize?: number
  /** Longest wait for one of them, in milliseconds. @default 30_000 */
  readonly poolTimeoutMs?: number
  /**
   * Longest time for one call, COMMIT and ROLLBACK included, in milliseconds. A write that is given up then rejects with
   * a `CommitUnknownError`. @default 30_000
   */
  readonly statementTimeoutMs?: number
  /**
   * Most bytes of the answer to one call, as they arrive; also of calls of a transaction that are sent together. A
   * larger answer is an `AnswerTooLargeError`, and is not kept in memory. @default 67_108_864, which is 64 MiB
   */
  readonly maxAnswerBytes?: number
  /**
   * Whether a connection may be used by several sessions, one after another. On Workers it dies with the request that
   * opened it. @default false on Workers, true elsewhere
   */
  readonly socketsOutliveRequests?: boolean
  /** Takes the pool of a driver that has one, for platforms that watch pools: `attachDatabasePool` on Vercel. */
  readonly attachPool?: ((pool: unknown) => void) | undefined
  /** Takes each change of how many connections are idle or in use, by 1 or -1, with the name of a named one. It must not throw. */
  readonly countConnections?: CountPoolConnections | undefined
  /** Receives every call after it has ended. Parameters are not part of it. */
  readonly log?: SqlLogger | undefined
  /**
   * Called when a unit of work, or its session, ended with writes that were not committed: they were not sent.
   * @default the end fails with a UsageError
   */
  readonly onUncommitted?: (writes: number) => void
  /**
   * Receives warnings: once for each role, that the role of the database, or the setting `role`, is exempt from the row
   * security which settings are there for; and that a replica cannot be reached.
   * @default the runtime's console
   */
  readonly onWarning?: (warning: LexigramError) => void
  /**
   * Seals the cursors of `SqlRepository.page`: text of at least 16 bytes, the same in all instances of an application.
   *
   * @default a random key, so that another database object, in this process or elsewhere, refuses the cursors of this one
   */
  readonly cursorSecret?: string | undefined
  /** A sealer that several databases share; it goes before `cursorSecret`. @internal */
  readonly cursors?: CursorSealer | undefined
  /** Clock for durations, in milliseconds. @default Date.now */
  readonly now?: () => number
}

const optionChecks = {
  drivers: must.beArray,
  url: must.beText,
  replicas: must.beArray,
  name: must.beText,
  driver: must.beText,
  schema: must.beObject,
  casing: must.beAnything,
  poolSize: must.beWholeNumberFrom(1),
  poolTimeoutMs: must.beNumberFrom(0),
  statementTimeoutMs: must.beNumberFrom(1),
  maxAnswerBytes: must.beWholeNumberFrom(1),
  socketsOutliveRequests: must.beBoolean,
  attachPool: must.beFunction,
  countConnections: must.beFunction,
  log: must.beFunction,
  onUncommitted: must.beFunction,
  onWarning: must.beFunction,
  cursorSecret: must.beText,
  cursors: must.beObject,
  now: must.beFunction,
} satisfies Readonly<Record<keyof DatabaseOptions, OptionCheck>>

/**
 * Opens a database by its URL.
 *
 * @throws UsageError when no listed driver takes the URL, which is not repeated; for a `cursorSecret` of fewer than 16 bytes
 * @example
 * import { openDatabase } from 'lexigram-edge/sql'
 * import { neon } from 'lexigram-edge/sql/neon'
 *
 * await using database = await openDatabase({ drivers: [neon()], url: env.DATABASE_URL })
 * await using session = database.session()
 */
export async function openDatabase<TSchema extends Schema = Record<string, never>>(
  options: DatabaseOptions<TSchema>,
): Promise<DatabaseProvider<TSchema>> {
  assertOptions(options, optionChecks, 'the options of openDatabase')
  const {
    poolSize = defaultPoolSize,
    socketsOutliveRequests = !isWorkers(),
    attachPool,
    countConnections,
    url,
  } = options
  const poolTimeoutMs = Math.min(options.poolTimeoutMs ?? 30_000, longestTimer)
  const statementTimeoutMs = Math.min(options.statementTimeoutMs ?? 30_000, longestTimer)
  const { name = onlyDatabase, replicas = [] } = options
  const driver = driverFor({ name, url }, options.drivers, options.driver)
  const cursors = options.cursors ?? createCursorSealer(options.cursorSecret)
  const { maxAnswerBytes = defaultMaxAnswerBytes } = options
  const settings = { url, poolSize, poolTimeoutMs, maxAnswerBytes, socketsOutliveRequests, attachPool }
  /** Each pool is counted under its own name. */
  const named = (database: string) => {
    const pool = database === onlyDatabase ? undefined : database
    const count: CountConnections | undefined =
      countConnections && ((state, change) => countConnections(state, change, pool))
    return { ...settings, name: pool, countConnections: count }
  }
  const ofReplicas = replicas.map((replica, i) => {
    const replicaName = `${name}.replicas.${i}`
    driverFor({ name: replicaName, url: replica }, [driver], options.driver)
    // Another is there to be asked.
    const connectTimeoutMs = Math.min(poolTimeoutMs === 0 ? Infinity : poolTimeoutMs, replicaConnectMs)
    return { name: replicaName, settings: { ...named(replicaName), url: replica, connectTimeoutMs } }
  })
  const [source, ...copies] = await openAll(driver, [{ name, settings: named(name) }, ...ofReplicas])
  // The first is always there.
  return createDatabaseProvider(
    { driver, source: source!, replicas: copies },
    { ...options, statementTimeoutMs, cursors },
  )
}

/** Longest time for a connection to a replica to open, in milliseconds. */
const replicaConnectMs = 3_000

/** @see https://developers.cloudflare.com/workers/runtime-apis/web-standards/#navigatoruseragent */
function isWorkers(): boolean {
  return globalThis.navigator?.userAgent === 'Cloudflare-Workers'
}

/** A time that no timer can hold is as good as the longest one. */
