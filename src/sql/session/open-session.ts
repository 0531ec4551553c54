import { assertFunction } from '../../core/plain-object.ts'
import type { SQLWrapper } from 'drizzle-orm'
import type { CursorSealer } from '../../core/cursor/cursor-sealer.ts'
import { ConflictError, UsageError, type LexigramError } from '../../core/errors.ts'
import { isResult } from '../../core/result/result.ts'
import { within } from '../../core/time-limit.ts'
import { endWith } from '../../core/tracing/traced.ts'
import type { Span } from '../../core/tracing/tracer.ts'
import type { DriverSession } from '../contract/driver.ts'
import type { DrizzleBridge } from '../drizzle/bridge.ts'
import type { Db } from '../drizzle/db.ts'
import type { SqlDialect } from '../drizzle/dialect.ts'
import type { PreparedStatement } from '../drizzle/prepared-statement.ts'
import type { Schema } from '../drizzle/version.ts'
import { withRowCount, type SqlRows } from '../text-format/rows.ts'
import {
  connectionRunner,
  type AppliedSettings,
  type ConnectionParts,
  type Runner,
  type SessionContext,
} from './connection-runner.ts'
import { connectionSteps } from './transactions/connection-steps.ts'
import { endedError, untilGivenUp } from './calls/given-up.ts'
import { withRetries, type SessionTransactionOptions } from './calls/retry.ts'
import type { RowSecurityCheck } from './row-security.ts'
import type { BatchItem, BatchResults, TransactionalDbSession } from './session.ts'
import type { SessionStats } from './session-stats.ts'
import { assertFree, type SessionState } from './session-state.ts'
import { assertSettings, settingsStatement, type Settings } from './settings.ts'
import { assertNoModes, assertTransactionOptions } from './transactions/transaction-options.ts'
import { TransactionRunner } from './transactions/transaction-runner.ts'
import { createUnitOfWork, type ManagedUnit, type UnitOfWork } from './units/unit-of-work.ts'

/** What a session of one connection is made of. */
export interface SessionParts<TSchema extends Schema> {
  readonly bridge: DrizzleBridge<TSchema>
  readonly driver: DriverSession
  readonly context: SessionContext
  readonly state: SessionState
  /** Those of the session's database. */
  readonly cursors: CursorSealer
  readonly onUncommitted: (writes: number) => void
  readonly rowSecurity: RowSecurityCheck
  /** Name of the session's database, also where a replica of it is asked. */
  readonly name: string
  readonly readOnly: boolean
}

/** How long statements that were sent may take after the end of their session, in milliseconds. */
const callGraceMs = 1_000

/** Longest time that a driver may take to close its part of a session, in milliseconds. */
const closeLimitMs = 5_000

/** A session that sends each call on its own. Disposing of it closes the driver's session, once. */
export function openSession<TSchema extends Schema>(
  parts: SessionParts<TSchema>,
  settings: Settings = {},
): TransactionalDbSession<TSchema> {
  const { driver, context, state, readOnly } = parts
  const connection = { driver, context, state, readOnly, settings: applySettings(settings, parts.rowSecurity) }
  return new Session(parts, connectionRunner(connection), {
    settings,
    begin(options, span) {
      assertFree(state)
      assertTransactionOptions(options)
      const onEnd = (): void => {
        state.transaction = undefined
      }
      return (state.transaction = new TransactionRunner(connectionSteps(inSpan(connection, span), options), { onEnd }))
    },
    withSettings: (more) => openSession(parts, { ...settings, ...more }),
    end: () => endSession(parts),
  })
}

/** The same connection, whose calls are parts of a transaction's span. */
function inSpan(connection: ConnectionParts, span: Span | undefined): ConnectionParts {
  return span === undefined ? connection : { ...connection, context: { ...connection.context, span } }
}

function applySettings(settings: Settings, rowSecurity: RowSecurityCheck): AppliedSettings | undefined {
  if (Object.keys(settings).length === 0) return undefined
  const statement = settingsStatement(settings)
  return { statement: () => rowSecurity.ask(statement), read: (answer) => rowSecurity.read(answer, statement) }
}

/** What differs between the session of a connection and that of a transaction. */
interface SessionRole<TSchema extends Schema> {
  /** Those in force. */
  readonly settings: Settings
  /** @param span that of the transaction, where it is traced */
  begin(options: SessionTransactionOptions, span: Span | undefined): TransactionRunner
  /** Absent in a transaction, whose settings stay as they are. */
  withSettings?(settings: Settings): TransactionalDbSession<TSchema>
  end(): Promise<void>
}

/** The session that a transaction's callback receives: its transactions are savepoints, and it ends with the callback. */
function nestedRole<TSchema extends Schema>(runner: TransactionRunner, settings: Settings): SessionRole<TSchema> {
  return {
    settings,
    begin(options) {
      assertNoModes(options)
      return runner.nested()
    },
    end: () => Promise.resolve(),
  }
}

class Session<TSchema extends Schema> implements TransactionalDbSession<TSchema> {
  readonly #parts: SessionParts<TSchema>
  readonly #runner: Runner
  readonly #role: SessionRole<TSchema>
  #db: Db<TSchema> | undefined

  constructor(parts: SessionParts<TSchema>, runner: Runner, role: SessionRole<TSchema>) {
    this.#parts = parts
    this.#runner = runner
    this.#role = role
  }

  get database(): string {
    return this.#parts.name
  }

  get cursors(): CursorSealer {
    return this.#parts.cursors
  }

  get stats(): SessionStats {
    const { stats } = this.#parts.context
    return { ...stats, databases: { ...stats.databases } }
  }

  get dialect(): SqlDialect {
    return this.#parts.bridge.dialect
  }

  get db(): Db<TSchema> {
    return (this.#db ??= this.#parts.bridge.database(this.#runner))
  }

  async execute<T>(query: SQLWrapper | string | TemplateStringsArray, ...values: unknown[]): Promise<SqlRows<T>> {
    const { statement, read } = this.#parts.bridge.prepareCall(query, values)
    const [set] = await this.#runner.run([statement])
    // `read` returns what the builder maps, else plain rows: in both cases what the caller says.
    const rows = (set === undefined ? [] : read(set)) as T[]
    return withRowCount(rows, set?.rowCount ?? 0)
  }

  async run<T>({ statement, read }: PreparedStatement<T>): Promise<T> {
    const [set] = await this.#runner.run([statement])
    if (set === undefined) throw new UsageError('the driver must answer a statement with its rows')
    return read(set)
  }

  async batch<const T extends readonly BatchItem[]>(
    items: T,
    options?: SessionTransactionOptions,
  ): Promise<BatchResults<T>> {
    if (!Array.isArray(items)) throw new UsageError('the items of a batch must be an array')
    // `prepare` refuses other items.
    const prepared = Array.from(items as readonly BatchItem[], (item) => this.#parts.bridge.prepare(item))
    const sets = await this.#runner.run(
      prepared.map(({ statement }) => statement),
      options,
    )
    return sets.map((set, i) => prepared[i]?.read(set)) as BatchResults<T> // one result per item, in their order
  }

  unitOfWork(): UnitOfWork {
    return this.#unit()
  }

  #unit(): ManagedUnit {
    const { bridge, state, onUncommitted } = this.#parts
    const conflict = () =>
      new ConflictError('a unit of work cannot commit: a write affected an unexpected number of rows')
    const prepare = (write: SQLWrapper | PreparedStatement) => bridge.prepare(write)
    const unit = createUnitOfWork({ runner: this.#runner, prepare, onUncommitted }, conflict)
    state.units.push(unit)
    return unit
  }

  async atomic<T>(work: (unit: UnitOfWork) => T | Promise<T>, options?: SessionTransactionOptions): Promise<T> {
    assertFunction(work, 'the work of atomic')
    if (options !== undefined) assertTransactionOptions(options)
    const unit = this.#unit()
    try {
      const value = await work(unit)
      if (!isResult(value) || value.ok) await unit.commit(options)
      return value
    } finally {
      await unit.discard()
    }
  }

  async transaction<T>(
    work: (session: TransactionalDbSession<TSchema>) => Promise<T>,
    options: SessionTransactionOptions = {},
  ): Promise<T> {
    assertFunction(work, 'the work of a transaction')
    const { context, state } = this.#parts
    const limits = { ...context, underway: state.stopTransaction }
    // A savepoint is a statement of the transaction around it.
    const isOutermost = this.#role.withSettings !== undefined
    const span = isOutermost ? context.span?.start({ is: 'transaction' }) : undefined
    const attempt = async (): Promise<T> => {
      const transaction = this.#role.begin(options, span)
      const session = new Session(this.#parts, transaction, nestedRole<TSchema>(transaction, this.#role.settings))
      let value: T
      try {
        value = await untilGivenUp(() => work(session), limits)
      } catch (error) {
        // The error of the work is the one to know; a savepoint that cannot be rolled back to fails what is around it.
        await transaction.rollback().catch(() => undefined)
        throw error
      }
      if (isResult(value) && !value.ok) await transaction.rollback()
      else await transaction.commit()
      return value
    }
    // The role refuses what these options cannot be.
    const run = (): Promise<T> => withRetries(limits, options?.retry ?? 0, attempt)
    return span === undefined ? run() : endWith(span, span.run(run))
  }

  withSettings(settings: Settings): TransactionalDbSession<TSchema> {
    assertSettings(settings)
    if (this.#role.withSettings !== undefined) return this.#role.withSettings(settings)
    const inForce = this.#role.settings
    if (Object.entries(settings).every(([name, value]) => inForce[name] === value)) return this
    throw new UsageError('withSettings cannot change the settings of a transaction that is open', {
      hint: 'Begin it with them: session.withSettings(…).transaction(…), or inTransaction with the option session.',
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#role.end()
  }
}

/**
 * Rolls back what is open, lets the statements that were sent come to their end for a moment, stops the rest, and closes
 * what the driver holds, although some of it may fail.
 */
async function endSession<TSchema extends Schema>(parts: SessionParts<TSchema>): Promise<void> {
  const { span } = parts.context
  if (span === undefined || parts.state.ended) return release(parts)
  return endWith(span, release(parts))
}

async function release<TSchema extends Schema>({ driver, state }: SessionParts<TSchema>): Promise<void> {
  const error = endedError()
  state.ended = true
  const rolledBack = state.transaction?.ended
  state.transaction?.end(error)
  for (const stop of state.stopTransaction) stop(error)
  await Promise.all([rolledBack, settleCalls(state, error)])
  const units = state.units.splice(0).map((unit) => unit[Symbol.asyncDispose]())
  const closed = within(driver.close(), closeLimitMs, 'the end of a database session')
  // Without settleAll: one file less on the way of every request.
  const outcomes = await Promise.allSettled([...units, closed])
  const failures = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []))
  if (failures.length > 1)
    throw new AggregateError(failures, `a session cannot end cleanly: ${failures.length} parts of it failed`)
  if (failures.length === 1) throw failures[0]
}

async function settleCalls({ calls, stopCalls }: SessionState, error: LexigramError): Promise<void> {
  if (calls.size === 0) return
  const settled = Promise.allSettled(calls)
  await within(settled, callGraceMs, 'the calls of a session').catch(() => {
    for (const stop of stopCalls) stop(error)
  })
  await settled
}
