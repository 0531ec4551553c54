import { createCursorSealer, type CursorSealer } from '../core/cursor/cursor-sealer.ts'
import { UsageError } from '../core/errors.ts'
import { assertSpan } from '../core/tracing/assert-span.ts'
import type { Span } from '../core/tracing/tracer.ts'
import { longestTimer } from '../core/time-limit.ts'
import { chooseDriver } from './provider/choose-driver.ts'
import type { DatabaseDriver, DriverConnection } from './contract/driver.ts'
import { DrizzleBridge } from './drizzle/bridge.ts'
import type { Casing, Schema } from './drizzle/version.ts'
import type { SqlLogger } from './session/statement-log.ts'
import { openSession } from './session/open-session.ts'
import { rowSecurityCheck } from './session/row-security.ts'
import { createStats } from './session/session-stats.ts'
import { createSessionState } from './session/session-state.ts'
import type { TransactionalDbSession } from './session/session.ts'

export interface SessionOptions {
  /**
   * Gives up statements and transactions when it aborts, for example the request's signal. A function is called when a
   * statement is sent, for a signal that is made only when it is needed.
   */
  readonly signal?: AbortSignal | (() => AbortSignal | undefined) | undefined
  /** What the session's statements are traced as parts of, for example the request's `span`. @default nothing is traced */
  readonly span?: Span | undefined
}

/** The application's database: it opens sessions. */
export interface DatabaseProvider<TSchema extends Schema = Record<string, never>> extends AsyncDisposable {
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
}

export interface DatabaseOptions<TSchema extends Schema = Record<string, never>> {
  /** The drivers to choose from; the first that takes the URL is used. */
  readonly drivers: readonly DatabaseDriver[]
  readonly url: string
  /** Name of one of `drivers`, where several take the URL. */
  readonly driver?: string | undefined
  /** Drizzle tables and relations, for `session.db.query`. @default {} */
  readonly schema?: TSchema
  /** How columns that were declared without a name are called in the database, as for Drizzle. @default as in the table */
  readonly casing?: Casing | undefined
  /** Most connections, or HTTP requests, that one session may have open at a time. @default 10 */
  readonly poolSize?: number
  /** Longest wait for one of them, in milliseconds. @default 30_000 */
  readonly poolTimeoutMs?: number
  /**
   * Longest time for one call, COMMIT and ROLLBACK included, in milliseconds. A write that is given up then rejects with
   * a `CommitUnknownError`. @default 30_000
   */
  readonly statementTimeoutMs?: number
  /**
   * Whether a connection may be used by several sessions, one after another. On Workers it dies with the request that
   * opened it. @default false on Workers, true elsewhere
   */
  readonly socketsOutliveRequests?: boolean
  /** Takes the pool of a driver that has one, for platforms that watch pools: `attachDatabasePool` on Vercel. */
  readonly attachPool?: ((pool: unknown) => void) | undefined
  /** Receives every call after it has ended. Parameters are not part of it. */
  readonly log?: SqlLogger | undefined
  /**
   * Called when a unit of work, or its session, ended with writes that were not committed: they were not sent.
   * @default the end fails with a UsageError
   */
  readonly onForgotten?: (writes: number) => void
  /**
   * Receives a warning, once for each role: that the role of the database, or the setting `role`, is exempt from the row
   * security which settings are there for.
   * @default the runtime's console
   */
  readonly onWarning?: (warning: UsageError) => void
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
  const { poolSize = 10, socketsOutliveRequests = !isWorkers(), attachPool, url } = options
  if (!Number.isInteger(poolSize) || poolSize < 1) throw new UsageError('poolSize must be a whole number from 1')
  const poolTimeoutMs = timerOf(options.poolTimeoutMs ?? 30_000, 'poolTimeoutMs', 0)
  const statementTimeoutMs = timerOf(options.statementTimeoutMs ?? 30_000, 'statementTimeoutMs', 1)
  const driver = chooseDriver(options.drivers, url, options.driver)
  const cursors = options.cursors ?? createCursorSealer(options.cursorSecret)
  const connection = await driver.open({ url, poolSize, poolTimeoutMs, socketsOutliveRequests, attachPool })
  return toProvider(driver, connection, { ...options, statementTimeoutMs, cursors })
}

/** @see https://developers.cloudflare.com/workers/runtime-apis/web-standards/#navigatoruseragent */
function isWorkers(): boolean {
  return globalThis.navigator?.userAgent === 'Cloudflare-Workers'
}

/** A time that no timer can hold is as good as the longest one. */
function timerOf(ms: number, what: string, least: number): number {
  if (ms >= least) return Math.min(ms, longestTimer)
  throw new UsageError(`${what} must be a number from ${least} (milliseconds)`)
}

function toProvider<TSchema extends Schema>(
  driver: DatabaseDriver,
  connection: DriverConnection,
  options: DatabaseOptions<TSchema> & { readonly statementTimeoutMs: number; readonly cursors: CursorSealer },
): DatabaseProvider<TSchema> {
  // Without tables there is nothing for Drizzle to relate.
  const bridge = new DrizzleBridge<TSchema>(options.schema ?? ({} as TSchema), options.casing)
  const { log, now = Date.now, statementTimeoutMs: timeoutMs, onForgotten = throwUncommitted } = options
  const rowSecurity = rowSecurityCheck(options.onWarning ?? logWarning)
  const session = (sessionOptions: SessionOptions = {}): TransactionalDbSession<TSchema> => {
    const { signal, span } = sessionOptions
    if (span !== undefined) assertSpan(span, 'the span of a session')
    const state = createSessionState()
    const asked = typeof signal === 'function' ? signal : () => signal
    const context = { log, now, timeoutMs, signal: asked, stats: createStats(), span }
    const { cursors } = options
    return openSession({ bridge, driver: connection.session(), state, context, cursors, onForgotten, rowSecurity })
  }
  return {
    driver: driver.name,
    interactiveTransactions: driver.interactiveTransactions,
    session,
    async ping(pingOptions) {
      const asked = session(pingOptions)
      try {
        await asked.execute('select 1')
      } finally {
        await asked[Symbol.asyncDispose]()
      }
    },
    async [Symbol.asyncDispose]() {
      await connection.close()
    },
  }
}

function logWarning(warning: UsageError): void {
  // oxlint-disable-next-line no-console -- every runtime shows it where its logs are looked for
  console.warn(`${warning.message} (${warning.hint})`)
}

/** Thrown where the unit or its session ends: a container reports it, and goes on. */
function throwUncommitted(writes: number): never {
  throw new UsageError(`a unit of work cannot end with ${writes} uncommitted writes`, {
    hint: 'Await unit.commit(), or call unit.rollback().',
  })
}
