import { findUnreadDatabases } from '../config/database-variables.ts'
import { reveal } from '../core/setting/secret.ts'
import { notOpened, provider, type Provider, type RuntimeTraits } from '../runtime/provider.ts'
import type { Registrar } from '../container/registrar.ts'
import { factory, type Factory } from '../container/registration.ts'
import { UsageError } from '../core/errors.ts'
import type { CursorSealer } from '../core/cursor/cursor-sealer.ts'
import { assertArgument, assertList } from '../runtime/assert-argument.ts'
import { cursorSealerFor } from '../runtime/cursor-sealer-for.ts'
import { RequestContext } from '../runtime/invocation/request-context.ts'
import { chooseDriver } from './provider/choose-driver.ts'
import { DatabaseConfig } from './config.ts'
import { openDatabase, type DatabaseProvider as OpenDatabase } from './database.ts'
import type { DatabaseDriver } from './contract/driver.ts'
import type { Casing, Schema } from './drizzle/version.ts'
import type { SqlLogger } from './session/statement-log.ts'
import { DatabaseProvider, DbSession, TransactionalDbSession } from './tokens.ts'

export interface SqlProviderOptions {
  /** What the entry point has in its bundle; the section `database` picks among them by URL, or by name. */
  readonly drivers: readonly DatabaseDriver[]
  /** Drizzle tables and relations, for `session.db.query`. @default {} */
  readonly schema?: Schema
  /** How columns that were declared without a name are called in the database, as for Drizzle. @default as in the table */
  readonly casing?: Casing
  /** Receives every call while `database.echo` is on. */
  readonly log?: SqlLogger
  /**
   * Called when a scope or a unit of work ended with writes that were not committed: they were not sent.
   * @default the application's `onError`
   */
  readonly onForgotten?: (writes: number) => void
  /**
   * Receives a warning, once: that the role of the database is exempt from row security, while settings are used.
   * @default the application's `onError`
   */
  readonly onWarning?: (warning: UsageError) => void
}

/** PGlite needs seconds to start on a busy machine. */
const bootTimeoutMs = 60_000

/** As long as a health check may take. */
const pingTimeoutMs = 5_000

/**
 * Gives the application its database: `DatabaseProvider` for its life, `DbSession` for each scope, and
 * `TransactionalDbSession` (the same instance) where the driver has interactive transactions. The section
 * `DatabaseConfig` has to be configured.
 *
 * @throws UsageError for an entry that is not a driver, such as one that was not called; at boot when no listed driver fits, with the line to import; when `echo` is on and no `log` is given
 * @example
 * import { createApplication, defineConfig } from 'lexigram-edge'
 * import { DatabaseConfig, sqlProvider } from 'lexigram-edge/sql'
 * import { neon } from 'lexigram-edge/sql/neon'
 *
 * export const app = createApplication({
 *   name: 'catalog',
 *   config: defineConfig({ database: DatabaseConfig }),
 *   providers: [sqlProvider({ drivers: [neon()], schema })],
 * })
 */
export function sqlProvider(options: SqlProviderOptions): Provider {
  const hint = 'sqlProvider({ drivers: [neon()] })'
  assertArgument(options, 'the argument of sqlProvider', { members: ['drivers'], hint })
  assertList(options.drivers, 'the drivers of sqlProvider', { members: ['accepts', 'open'], hint })
  return provider('sql', {
    timeout: bootTimeoutMs,
    databaseVariables: { read: [], findUnread: findUnreadDatabases },
    choices: options.drivers.map((driver) => ({
      name: driver.name,
      register: (container, runtime) => registerDatabase(container, { driver, runtime }, notOpened),
    })),
    register(container, context) {
      const config = context.config<DatabaseConfig>(DatabaseConfig)
      const driver = chooseDriver(options.drivers, reveal(config.url), config.driver)
      if (config.echo && options.log === undefined) {
        throw new UsageError('database.echo cannot be on: sqlProvider must have a logger', {
          hint: 'Add log: (entry) => console.log(formatStatementLog(entry)).',
        })
      }
      const cursors = cursorSealerFor(DatabaseConfig, config.cursorSecret, context)
      const { runtime } = context
      registerDatabase(container, { driver, runtime }, () =>
        openConfigured({ onWarning: context.report, ...options }, config, { driver, cursors, runtime }),
      )
    },
    async boot(container) {
      // From here on it is there, so that scopes need not wait for it.
      container.bind(DatabaseProvider, await container.resolve(DatabaseProvider))
    },
    async healthCheck(container) {
      // A check that no caller waits for must not stay open.
      await container.get(DatabaseProvider).ping({ signal: AbortSignal.timeout(pingTimeoutMs) })
      return 'healthy' as const
    },
  })
}

function registerDatabase(
  container: Registrar,
  { driver, runtime }: Pick<ConfiguredParts, 'driver' | 'runtime'>,
  open: () => Promise<OpenDatabase>,
): void {
  const perSession = driver.socketPerSession === true && !runtime.socketsOutliveRequests
  container.singleton(DatabaseProvider, factory([], open, { io: perSession ? 'stateless' : driver.io }))
  if (driver.interactiveTransactions) {
    container.scoped(TransactionalDbSession, createSessionFactory())
    container.alias(DbSession, TransactionalDbSession)
  } else {
    container.scoped(DbSession, createSessionFactory())
  }
}

/** How a scope gets its session; its signal is the request's. For registrations of your own. */
export function createSessionFactory(): Factory<TransactionalDbSession> {
  return factory(
    [DatabaseProvider, RequestContext],
    // A function, because making the signal costs a timer, which a request without a statement never needs.
    (database, context) => database.session({ signal: () => context.signal, span: context.span }),
    { root: 'own-scope' },
  )
}

interface ConfiguredParts {
  readonly driver: DatabaseDriver
  readonly cursors: CursorSealer
  readonly runtime: RuntimeTraits
}

function openConfigured(
  options: SqlProviderOptions,
  config: DatabaseConfig,
  { driver, cursors, runtime }: ConfiguredParts,
): Promise<OpenDatabase> {
  return openDatabase({
    drivers: [driver],
    driver: driver.name,
    url: reveal(config.url),
    // What a session knows of the schema is its type's business, which a token cannot carry.
    schema: (options.schema ?? {}) as Record<string, never>,
    poolSize: config.poolSize,
    poolTimeoutMs: config.poolTimeout,
    statementTimeoutMs: config.statementTimeout,
    socketsOutliveRequests: runtime.socketsOutliveRequests,
    attachPool: runtime.attachPool,
    cursors,
    casing: options.casing,
    log: config.echo ? options.log : undefined,
    ...(options.onForgotten !== undefined && { onForgotten: options.onForgotten }),
    ...(options.onWarning !== undefined && { onWarning: options.onWarning }),
  })
}
