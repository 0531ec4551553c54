import { UsageError } from '../../../core/errors.ts'
import type { RowSet, Statement } from '../../contract/driver.ts'
import { TransactionError } from '../../errors.ts'
import type { Runner } from '../connection-runner.ts'
import type { SessionTransactionOptions } from '../calls/retry.ts'
import { savepointSteps } from './savepoint-steps.ts'
import { besideTransaction } from '../session-state.ts'
import { assertCallsFit } from '../statements/statement-guard.ts'
import { assertNoModes } from './transaction-options.ts'

/** What a transaction, or a savepoint in one, does to the database. */
export interface TransactionSteps {
  /** Whether `execute` may be called before the one before has settled. */
  readonly pipelines: boolean
  begin(): Promise<void>
  /** @throws UsageError for what would be undone, left open or lost; nothing is sent then */
  assertSendable(statement: Statement): void
  execute(statement: Statement): Promise<RowSet>
  /** @throws when it was not committed, or that is not known; there is nothing left to roll back then */
  commit(): Promise<void>
  rollback(): Promise<void>
}

/**
 * A transaction, or a part of one under a savepoint: its statements take effect together at `commit`, or not at all.
 * It begins with its first statement: one without statements never reaches the database. Statements run one after
 * another, in the order in which they were asked for; where the driver pipelines them, none waits for an answer before
 * it is sent.
 */
export class TransactionRunner implements Runner {
  /** Settles when it has been committed or rolled back. */
  readonly ended: Promise<void>
  readonly #steps: TransactionSteps
  readonly #onEnd: () => void
  /** How many transactions are around it. */
  readonly #depth: number
  #begun: Promise<void> | undefined
  /** Settles after everything that was asked for until now; never rejects. */
  #queue: Promise<unknown> = Promise.resolve()
  #failure: { readonly cause: unknown } | undefined
  #nested: TransactionRunner | undefined
  #over = false

  constructor(steps: TransactionSteps, { onEnd, depth = 0 }: { readonly onEnd: () => void; readonly depth?: number }) {
    this.#steps = steps
    this.#depth = depth
    let end = onEnd
    this.ended = new Promise((resolve) => {
      end = () => {
        onEnd()
        resolve()
      }
    })
    this.#onEnd = end
  }

  async run(statements: readonly Statement[], options?: SessionTransactionOptions): Promise<RowSet[]> {
    assertNoModes(options)
    this.#assertFree()
    for (const statement of statements) this.#steps.assertSendable(statement)
    assertCallsFit(statements)
    const sets = this.#steps.pipelines ? this.#sendTogether(statements) : this.#sendInTurn(statements)
    this.#queue = Promise.allSettled([this.#queue, sets])
    return sets
  }

  /** A part that is rolled back alone. While it is open, nothing else goes out. */
  nested(): TransactionRunner {
    this.#assertFree()
    const before = this.#queue
    const depth = this.#depth + 1
    const steps = savepointSteps(this.#steps, depth, {
      ready: async () => {
        await before
        await this.#ready()
      },
      onBroken: (cause) => this.#fail(cause),
    })
    const onEnd = (): void => {
      this.#nested = undefined
    }
    return (this.#nested = new TransactionRunner(steps, { onEnd, depth }))
  }

  /**
   * @throws TransactionError when a statement of it had failed, UsageError when a nested transaction is still open: it
   * is rolled back then
   */
  async commit(): Promise<void> {
    this.#over = true
    try {
      await this.#queue
      if (this.#nested !== undefined) this.#fail(this.#nested.end(openNestedError()))
      if (this.#failure === undefined) {
        if (this.#begun !== undefined) await this.#steps.commit()
        return
      }
      await this.#undo()
      throw rolledBackError(this.#failure.cause)
    } finally {
      this.#onEnd()
    }
  }

  async rollback(): Promise<void> {
    this.#over = true
    try {
      this.#nested?.end(overError())
      await this.#queue
      await this.#undo()
    } finally {
      this.#onEnd()
    }
  }

  /** Refuses from here on, because what is around it ends. Returns the error. */
  end<E>(error: E): E {
    this.#over = true
    this.#fail(error)
    this.#nested?.end(error)
    return error
  }

  async #undo(): Promise<void> {
    // What did not begin has nothing to undo.
    const begun = await this.#begun?.then(
      () => true,
      () => false,
    )
    if (begun === true) await this.#steps.rollback()
  }

  async #sendTogether(statements: readonly Statement[]): Promise<RowSet[]> {
    try {
      await this.#ready()
      return await Promise.all(statements.map((statement) => this.#steps.execute(statement)))
    } catch (error) {
      // It was sent after one that failed, and was skipped.
      if (this.#failure !== undefined && error instanceof TransactionError) throw failedError(this.#failure.cause)
      this.#fail(error)
      throw error
    }
  }

  async #sendInTurn(statements: readonly Statement[]): Promise<RowSet[]> {
    await this.#queue
    try {
      await this.#ready()
      const sets: RowSet[] = []
      for (const statement of statements) sets.push(await this.#steps.execute(statement))
      return sets
    } catch (error) {
      this.#fail(error)
      throw error
    }
  }

  async #ready(): Promise<void> {
    if (this.#failure !== undefined) throw failedError(this.#failure.cause)
    await (this.#begun ??= this.#steps.begin())
  }

  /** The first failure is the one that matters: what follows is refused because of it. */
  #fail(cause: unknown): void {
    this.#failure ??= { cause }
  }

  #assertFree(): void {
    if (this.#over) throw overError()
    if (this.#failure !== undefined) throw failedError(this.#failure.cause)
    if (this.#nested !== undefined) {
      throw besideTransaction('the transaction cannot be used: a nested transaction of it is open')
    }
  }
}

function overError(): TransactionError {
  return new TransactionError('the statement cannot run: its transaction has ended', {
    hint: 'Await every statement inside the callback.',
  })
}

function failedError(cause: unknown): TransactionError {
  return new TransactionError('the statement cannot run: an earlier one of its transaction has failed', {
    hint: 'Put what may fail into a nested transaction, tx.transaction(…), which is rolled back alone.',
    cause,
  })
}

function rolledBackError(cause: unknown): TransactionError | UsageError {
  if (cause instanceof UsageError) return cause
  return new TransactionError('the transaction cannot commit: one of its statements failed', {
    hint: 'Let the error leave the callback, or put what may fail into a nested transaction, tx.transaction(…).',
    cause,
  })
}

function openNestedError(): UsageError {
  return new UsageError('the transaction cannot commit: a nested transaction of it is still open', {
    hint: 'Await every nested transaction inside the callback.',
  })
}
