import type { SQLWrapper } from 'drizzle-orm'
import type { CursorSealer } from '../../core/cursor/cursor-sealer.ts'
import { ConflictError, UsageError } from '../../core/errors.ts'
import { isResult } from '../../core/result/result.ts'
import type { DriverSession, TransactionOptions } from '../contract/driver.ts'
import type { Db, DrizzleBridge, Schema } from '../drizzle/bridge.ts'
import type { SqlDialect } from '../drizzle/dialect.ts'
import type { PreparedStatement } from '../drizzle/prepared-statement.ts'
import { withRowCount, type SqlRows } from '../text-format/rows.ts'
import { ConnectionRunner, untilAborted, type Runner, type RunnerContext } from './connection-runner.ts'
import { inTransaction, type BatchItem, type BatchResults, type TransactionalDbSession } from './session.ts'
import { settingsStatement, type Settings } from './settings.ts'
import { refuseOptions, TransactionRunner, type TransactionalRunner } from './transaction-runner.ts'
import { createUnitOfWork, type UnitOfWork } from './unit-of-work.ts'

/** What a session of one connection is made of. */
export interface SessionParts<TSchema extends Schema> {
  readonly bridge: DrizzleBridge<TSchema>
  readonly driver: DriverSession
  readonly context: RunnerContext
  /** Units of work that the session and those derived from it have made. */
  readonly units: UnitOfWork[]
  /** Those of the session's database. */
  readonly cursors: CursorSealer
  readonly onForgotten: (writes: number) => void
}

/** A session that sends each call on its own. Disposing of it closes the driver's session, once. */
export function openSession<TSchema extends Schema>(
  parts: SessionParts<TSchema>,
  settings: Settings = {},
): TransactionalDbSession<TSchema> {
  const prelude = Object.keys(settings).length === 0 ? [] : [settingsStatement(settings)]
  const runner = new ConnectionRunner(parts.driver, parts.context, prelude)
  const begin = (transaction: TransactionOptions): TransactionalRunner => {
    const { driver, context } = parts
    if (driver.begin === undefined) {
      throw new UsageError('the driver has no interactive transactions', {
        hint: 'Use batch or atomic.',
      })
    }
    const open = driver.begin.bind(driver)
    // Begun with the first statement, which may come after the session's end.
    const start = async () => {
      runner.assertOpen()
      return open({ signal: context.signal, transaction })
    }
    return new TransactionRunner(start, context, prelude)
  }
  return new Session(parts, runner, {
    oneAtATime: false,
    begin,
    derive: (more) => openSession(parts, { ...settings, ...more }),
    async end() {
      runner.close()
      const units = parts.units.splice(0).map((unit) => unit[Symbol.asyncDispose]())
      const outcomes = await Promise.allSettled([...units, parts.driver.close()])
      const failures = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []))
      if (failures.length > 1) throw new AggregateError(failures, `${failures.length} parts of a session failed to end`)
      if (failures.length === 1) throw failures[0]
    },
  })
}

interface SessionRole<TSchema extends Schema> {
  /** Whether a transaction has to end before the next may begin. */
  readonly oneAtATime: boolean
  begin(options: TransactionOptions): TransactionalRunner
  derive(settings: Settings): TransactionalDbSession<TSchema>
  end(): Promise<void>
}

/** The session that a transaction's callback is given: its transactions are savepoints. */
function nestedRole<TSchema extends Schema>(runner: TransactionalRunner): SessionRole<TSchema> {
  return {
    oneAtATime: true,
    begin(options) {
      refuseOptions(options)
      return runner.nested()
    },
    derive() {
      throw new UsageError('withSettings was called inside a transaction', {
        hint: 'Call it before: it gives a session.',
      })
    },
    end: () => Promise.resolve(),
  }
}

class Session<TSchema extends Schema> implements TransactionalDbSession<TSchema> {
  readonly #parts: SessionParts<TSchema>
  readonly #runner: Runner
  readonly #role: SessionRole<TSchema>
  #db: Db<TSchema> | undefined
  #nested = false

  constructor(parts: SessionParts<TSchema>, runner: Runner, role: SessionRole<TSchema>) {
    this.#parts = parts
    this.#runner = runner
    this.#role = role
  }

  get cursors(): CursorSealer {
    return this.#parts.cursors
  }

  get dialect(): SqlDialect {
    return this.#parts.bridge.dialect
  }

  get db(): Db<TSchema> {
    return (this.#db ??= this.#parts.bridge.database(this.#runner))
  }

  async execute<T>(query: SQLWrapper | string): Promise<SqlRows<T>> {
    const { statement, read } = this.#parts.bridge.prepare(query)
    const [set] = await this.#runner.run([statement])
    // `read` gives what the builder maps, else plain rows: in both cases what the caller says.
    const rows = (set === undefined ? [] : read(set)) as T[]
    return withRowCount(rows, set?.rowCount ?? 0)
  }

  async run<T>({ statement, read }: PreparedStatement<T>): Promise<T> {
    const [set] = await this.#runner.run([statement])
    if (set === undefined) throw new UsageError('the driver must answer a statement with its rows')
    return read(set)
  }

  async batch<const T extends readonly BatchItem[]>(items: T, options?: TransactionOptions): Promise<BatchResults<T>> {
    // A runnable query is an SQLWrapper at run time; Drizzle's type of it does not say so.
    const prepared = items.map((item) => this.#parts.bridge.prepare(item as SQLWrapper))
    const sets = await this.#runner.run(
      prepared.map(({ statement }) => statement),
      options,
    )
    return sets.map((set, i) => prepared[i]?.read(set)) as BatchResults<T>
  }

  unitOfWork(): UnitOfWork {
    const { bridge, units, onForgotten } = this.#parts
    const conflict = () => new ConflictError('a write affected an unexpected number of rows')
    const prepare = (write: SQLWrapper | PreparedStatement) => bridge.prepare(write)
    const unit = createUnitOfWork({ runner: this.#runner, prepare, onForgotten }, conflict)
    units.push(unit)
    return unit
  }

  async atomic<T>(work: (unit: UnitOfWork) => T | Promise<T>, options?: TransactionOptions): Promise<T> {
    const unit = this.unitOfWork()
    try {
      const value = await work(unit)
      if (!isResult(value) || value.ok) await unit.commit(options)
      return value
    } finally {
      unit.rollback()
    }
  }

  async transaction<T>(
    work: (session: TransactionalDbSession<TSchema>) => Promise<T>,
    options: TransactionOptions = {},
  ): Promise<T> {
    if (this.#nested) {
      throw new UsageError('two nested transactions were open at a time', { hint: 'Await one before the next.' })
    }
    const runner = this.#role.begin(options)
    this.#nested = this.#role.oneAtATime
    try {
      const session = new Session(this.#parts, runner, nestedRole(runner))
      return await inTransaction(runner, () => untilAborted(work(session), this.#parts.context.signal))
    } finally {
      this.#nested = false
    }
  }

  withSettings(settings: Settings): TransactionalDbSession<TSchema> {
    return this.#role.derive(settings)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#role.end()
  }
}
