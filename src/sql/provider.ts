import { settleAll } from '../core/settle-all.ts'
import { findUnreadDatabases } from '../config/database-variables.ts'
import { provider, type HealthStatus, type Provider, type RuntimeTraits } from '../runtime/provider.ts'
import { ConfigurationError } from '../config/configuration-error.ts'
import { assertOptions, must, type OptionCheck } from '../core/assert-options.ts'
import { UsageError, type LexigramError } from '../core/errors.ts'
import { variableName } from '../core/setting/env-name.ts'
import { token, type Token } from '../core/token.ts'
import type { Tracer } from '../core/tracing/tracer.ts'
import type { CursorSealer } from '../core/cursor/cursor-sealer.ts'
import { assertArgument, assertList } from '../core/assert-argument.ts'
import { cursorSealerFor } from '../runtime/cursor-sealer-for.ts'
import { DatabaseConfig } from './config.ts'
import { openDatabase } from './database.ts'
import { Databases } from './databases.ts'
import type { DatabaseDriver } from './contract/driver.ts'
import type { Casing, Schema } from './drizzle/version.ts'
import type { SqlLogger } from './session/statements/statement-log.ts'
import { checkDatabases } from './wiring/check-databases.ts'
import { chooseDatabases, type ChosenDatabase } from './provider/chosen-database.ts'
import { possibleDatabases, providerToken, registerDatabases } from './wiring/register-databases.ts'
import type { DatabaseProvider } from './tokens.ts'

/** Options of `sqlProvider`. */
export interface SqlProviderOptions {
  /** The drivers in the bundle of the entry point. The section `database` selects one of them by URL, or by name. */
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
  readonly onUncommitted?: (writes: number) => void
  /**
   * Receives warnings: that a role is exempt from row security although settings are used (once for each role), and that a
   * replica cannot be reached.
   * @default the application's `onError`
   */
  readonly onWarning?: (warning: LexigramError) => void
}

const optionChecks = {
  drivers: must.beArray,
  schema: must.beObject,
  casing: must.beAnything,
  log: must.beFunction,
  onUncommitted: must.beFunction,
  onWarning: must.beFunction,
} satisfies Readonly<Record<keyof SqlProviderOptions, OptionCheck>>

/** PGlite needs seconds to start on a busy machine. */
const bootTimeoutMs = 60_000

/**
 * Registers the databases of an application: `DatabaseProvider` as a singleton, `DbSession` for each scope, and
 * `TransactionalDbSession` (the same instance) and `ReadOnlyDbSession` if the driver has interactive transactions.
 * `named(DbSession, name)` is the session of one of several databases, and `Databases` has the health of each. The section
 * `DatabaseConfig` must be configured.
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
  assertOptions(options, optionChecks, 'the options of sqlProvider')
  return provider('sql', {
    timeout: bootTimeoutMs,
    databaseVariables: { read: [], findUnread: findUnreadDatabases },
    choices: options.drivers.map((driver) => ({
      name: driver.name,
      register: (container, runtime) => registerDatabases(container, possibleDatabases(driver), runtime),
    })),
    register(container, context) {
      const config = context.config<DatabaseConfig>(DatabaseConfig)
      const databases = chooseDatabases(options.drivers, config)
      if (config.echo && options.log === undefined) {
        throw new UsageError('database.echo cannot be on: sqlProvider must have a logger', {
          hint: 'Add log: (entry) => console.log(formatStatementLog(entry)).',
        })
      }
      warnOfUnusedUrl(config, context.report)
      const cursors = cursorSealerFor(DatabaseConfig, config.cursorSecret, context)
      const { runtime, report, tracer } = context
      const parts = { options: { onWarning: report, ...options }, echo: config.echo, cursors, runtime, tracer }
      registerDatabases(
        container,
        databases.map((database) => ({ ...database, open: () => openConfigured(database, parts) })),
        runtime,
      )
      container.value(OpenedBy, databases.map(providerToken))
      container.value(Report, report)
    },
    async boot(container) {
      const tokens = container.get(OpenedBy)
      const failures = await settleAll(tokens.map((each) => container.resolve(each)))
      if (failures.length > 0) throw failures[0]
      // From here on they are there, so that scopes need not wait for them.
      for (const each of tokens) container.bind(each, await container.resolve(each))
      await container.resolve(Databases)
    },
    healthCheck: (container): Promise<HealthStatus> => checkDatabases(container.get(Databases), container.get(Report)),
  })
}

/** What is opened at boot. */
const OpenedBy: Token<readonly Token<DatabaseProvider>[]> = token('DatabasesToOpen')

/** Receives the warnings of a check that does not fail. */
const Report: Token<(error: unknown) => void> = token('ReportOfDatabases')

/** Platforms set such a variable themselves, and a database at another address may be a mistake. */
function warnOfUnusedUrl({ url, backends = [] }: DatabaseConfig, report: (error: unknown) => void): void {
  if (url === undefined || backends.length === 0 || backends.some((entry) => entry.url === undefined)) return
  const message = 'is set, and no database is at it: each of the backends has its own'
  const { name: section, aliases } = DatabaseConfig
  const issue = { section, variable: variableName(section, ['url']), aliases: aliases['url'] ?? [], message }
  report(new ConfigurationError([issue], { hint: 'Unset it, or leave out the URL of the primary.' }))
}

interface ConfiguredParts {
  readonly options: SqlProviderOptions
  readonly echo: boolean
  readonly cursors: CursorSealer
  readonly runtime: RuntimeTraits
  readonly tracer: Tracer | undefined
}

function openConfigured(
  database: ChosenDatabase,
  { options, echo, cursors, runtime, tracer }: ConfiguredParts,
): Promise<DatabaseProvider> {
  const { name, driver, driverName, url, replicas, poolSize, poolTimeout, statementTimeout, maxAnswerBytes } = database
  return openDatabase({
    name,
    drivers: [driver],
    driver: driverName,
    url,
    replicas,
    // The type of a session knows the schema; a token cannot.
    schema: (options.schema ?? {}) as Record<string, never>,
    poolSize,
    poolTimeoutMs: poolTimeout,
    statementTimeoutMs: statementTimeout,
    maxAnswerBytes,
    socketsOutliveRequests: runtime.socketsOutliveRequests,
    attachPool: runtime.attachPool,
    countConnections:
      tracer &&
      ((state, change, pool) => tracer.measure({ is: 'connections', system: 'postgresql', pool, state, change })),
    cursors,
    casing: options.casing,
    log: echo ? options.log : undefined,
    ...(options.onUncommitted !== undefined && { onUncommitted: options.onUncommitted }),
    ...(options.onWarning !== undefined && { onWarning: options.onWarning }),
  })
}
