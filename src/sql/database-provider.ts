import type { CursorSealer } from '../core/cursor/cursor-sealer.ts'
import { assertOptions, must, type OptionCheck } from '../core/assert-options.ts'
import { UsageError, type LexigramError } from '../core/errors.ts'
import { assertSpan } from '../core/tracing/assert-span.ts'
import type { DatabaseDriver } from './contract/driver.ts'
import type { DatabaseHealth, DatabaseOptions, DatabaseProvider, SessionOptions } from './database.ts'
import { DrizzleBridge } from './drizzle/bridge.ts'
import type { Schema } from './drizzle/version.ts'
import { DatabaseUnavailableError } from './errors.ts'
import { closeAll } from './replica/open-all.ts'
import { replicaSession, type NamedSession } from './replica/replica-session.ts'
import { createReplicaSet, type OpenDatabase, type ReplicaSet } from './replica/replica-set.ts'
import { openSession } from './session/open-session.ts'
import { rowSecurityCheck } from './session/row-security.ts'
import { onlyDatabase } from './session/calls/of-database.ts'
import { toSqlError } from './session/calls/sql-state.ts'
import { createStats } from './session/session-stats.ts'
import { createSessionState } from './session/session-state.ts'
import type { TransactionalDbSession } from './session/session.ts'

export interface OpenParts {
  readonly driver: DatabaseDriver
  readonly source: OpenDatabase
  readonly replicas: readonly OpenDatabase[]
}

const healthChecks = {
  signal: {
    holds: (value) => typeof value === 'function' || must.beSignal.holds(value),
    expected: 'an AbortSignal or a function',
  },
  span: must.beAnything,
} satisfies Readonly<Record<keyof Omit<SessionOptions, 'readOnly'>, OptionCheck>>

const sessionChecks = { ...healthChecks, readOnly: must.beBoolean }

/** Opens the sessions of a database and of its replicas. */
export function createDatabaseProvider<TSchema extends Schema>(
  { driver, source, replicas }: OpenParts,
  options: DatabaseOptions<TSchema> & { readonly statementTimeoutMs: number; readonly cursors: CursorSealer },
): DatabaseProvider<TSchema> {
  // Without tables there is nothing for Drizzle to relate.
  const bridge = new DrizzleBridge<TSchema>(options.schema ?? ({} as TSchema), options.casing)
  const { log, now = Date.now, statementTimeoutMs: timeoutMs, onUncommitted = throwUncommitted } = options
  const warn = options.onWarning ?? logWarning
  const rowSecurity = rowSecurityCheck(warn)
  const set = replicas.length === 0 ? undefined : createReplicaSet(source, replicas, { now, onRest: warnOf(warn) })

  const openOn = (asked: NamedSession, { signal, span, readOnly = false }: SessionOptions) => {
    if (span !== undefined) assertSpan(span, 'the span of a session')
    const context = {
      log,
      now,
      timeoutMs,
      signal: typeof signal === 'function' ? signal : () => signal,
      stats: createStats(),
      span: span?.start({ is: 'session', database: source.name === onlyDatabase ? undefined : source.name }),
      database: asked.database,
    }
    const { cursors } = options
    const state = createSessionState()
    const parts = { bridge, driver: asked.driver, state, context, cursors, onUncommitted, rowSecurity }
    return openSession({ ...parts, name: source.name, readOnly })
  }
  const session = (sessionOptions: SessionOptions = {}): TransactionalDbSession<TSchema> => {
    const { readOnly } = assertOptions(sessionOptions, sessionChecks, 'the options of a session')
    return openOn(chooseSession(source, readOnly === true ? set : undefined), sessionOptions)
  }
  const healthOf = async (database: OpenDatabase, healthOptions: SessionOptions): Promise<DatabaseHealth> => {
    const startedAt = now()
    const latency = () => ({ latencyMs: now() - startedAt })
    try {
      await ping(openOn(chooseSession(database, undefined), healthOptions))
      return { status: 'healthy', ...latency() }
    } catch (error) {
      return { status: 'unhealthy', ...latency(), error: toSqlError(error) }
    }
  }
  return {
    name: source.name,
    driver: driver.name,
    interactiveTransactions: driver.interactiveTransactions,
    session,
    ping: (pingOptions) => ping(session(pingOptions)),
    async health(healthOptions = {}) {
      assertOptions(healthOptions, healthChecks, 'the options of health')
      const all = [source, ...replicas].map(async (each) => [each.name, await healthOf(each, healthOptions)] as const)
      return Object.fromEntries(await Promise.all(all))
    },
    [Symbol.asyncDispose]: () => closeAll([source, ...replicas].map(({ connection }) => connection)),
  }
}

function chooseSession({ name, connection }: OpenDatabase, replicas: ReplicaSet | undefined): NamedSession {
  return replicas === undefined ? { driver: connection.session(), database: () => name } : replicaSession(replicas)
}

async function ping(session: Pick<TransactionalDbSession, 'execute' | typeof Symbol.asyncDispose>): Promise<void> {
  try {
    await session.execute('select 1')
  } finally {
    await session[Symbol.asyncDispose]()
  }
}

/** Reads do not fail, so nothing else shows that a replica is missing. */
function warnOf(warn: (warning: LexigramError) => void): (replica: OpenDatabase, error: unknown) => void {
  return ({ name }, cause) =>
    warn(
      new DatabaseUnavailableError(`the replica ${name} cannot be reached: others are asked in its place`, {
        hint: 'Check that it runs, and that its URL is right.',
        details: { database: name },
        cause: toSqlError(cause),
      }),
    )
}

function logWarning(warning: LexigramError): void {
  // oxlint-disable-next-line no-console -- every runtime shows it where its logs are looked for
  console.warn(`${warning.message} (${warning.hint})`)
}

/** Thrown where the unit or its session ends: a container reports it, and goes on. */
function throwUncommitted(writes: number): never {
  throw new UsageError(`a unit of work cannot end with ${writes} uncommitted writes`, {
    hint: 'Await unit.commit(), or call unit.rollback().',
  })
}
