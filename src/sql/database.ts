import { createCursorSealer, type CursorSealer } from '../core/cursor/cursor-sealer.ts'
import { UsageError } from '../core/errors.ts'
import { chooseDriver } from './provider/choose-driver.ts'
import type { DatabaseDriver, DriverConnection } from './contract/driver.ts'
import { DrizzleBridge, type Schema } from './drizzle/bridge.ts'
import type { Casing } from './drizzle/dialect.ts'
import type { SqlLogger } from './session/statement-log.ts'
import { openSession } from './session/open-session.ts'
import type { TransactionalDbSession } from './session/session.ts'

export interface SessionOptions {
  /** Gives up statements when it aborts, for example the request's signal. */
  readonly signal?: AbortSignal | undefined
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
  /** Asks the database for a sign of life, in one round trip. @throws DatabaseUnavailableError and others */
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
  /** Receives every call after it has ended. Parameters are not part of it. */
  readonly log?: SqlLogger | undefined
  /**
   * Told when a unit of work, or its session, ended with writes that nobody committed: they were not sent.
   * @default the end fails with a UsageError
   */
  readonly onForgotten?: (writes: number) => void
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

/** In milliseconds: a longer one fires at once. https://developer.mozilla.org/docs/Web/API/Window/setTimeout#maximum_delay_value */
const longestTimer = 2 ** 31 - 1

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
  const { poolSize = 10, poolTimeoutMs = 30_000, url } = options
  if (!Number.isInteger(poolSize) || poolSize < 1) throw new UsageError('poolSize needs a whole number from 1')
  const driver = chooseDriver(options.drivers, url, options.driver)
  const cursors = options.cursors ?? createCursorSealer(options.cursorSecret)
  const connection = await driver.open({ url, poolSize, poolTimeoutMs: Math.min(poolTimeoutMs, longestTimer) })
  return toProvider(driver, connection, { ...options, cursors })
}

function toProvider<TSchema extends Schema>(
  driver: DatabaseDriver,
  connection: DriverConnection,
  options: DatabaseOptions<TSchema> & { readonly cursors: CursorSealer },
): DatabaseProvider<TSchema> {
  // Without tables there is nothing for Drizzle to relate.
  const bridge = new DrizzleBridge<TSchema>(options.schema ?? ({} as TSchema), options.casing)
  const observer = { log: options.log, now: options.now ?? Date.now }
  const session = (sessionOptions: SessionOptions = {}): TransactionalDbSession<TSchema> =>
    openSession({
      bridge,
      driver: connection.session(),
      units: [],
      cursors: options.cursors,
      // Read when it is needed, for the caller may have it made only then.
      context: {
        ...observer,
        get signal() {
          return sessionOptions.signal
        },
      },
      onForgotten: options.onForgotten ?? throwUncommitted,
    })
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

/** Thrown where the unit or its session ends: a container reports it, and goes on. */
function throwUncommitted(writes: number): never {
  throw new UsageError(`${writes} writes of a unit of work were never committed`, {
    hint: 'Await unit.commit(), or call unit.rollback().',
  })
}
