import { UsageError } from '../../core/errors.ts'
import type { DriverTransaction, RowSet, Statement, TransactionOptions } from '../contract/driver.ts'
import { TransactionError } from '../errors.ts'
import { assertNotAborted, observed, type Runner, type RunnerContext } from './connection-runner.ts'

/** A runner whose statements take effect together at `commit`, or not at all. */
export interface TransactionalRunner extends Runner {
  commit(): Promise<void>
  rollback(): Promise<void>
  /** A part that can be rolled back on its own. */
  nested(): TransactionalRunner
}

const savepoint = (verb: string, depth: number): Statement => ({ text: `${verb} lexigram_${depth}`, params: [] })

/** An interactive transaction, begun with its first statement: one without statements never reaches the database. */
export class TransactionRunner implements TransactionalRunner {
  readonly #begin: () => Promise<DriverTransaction>
  readonly #context: RunnerContext
  readonly #prelude: readonly Statement[]
  #begun: Promise<DriverTransaction> | undefined
  #over = false

  constructor(begin: () => Promise<DriverTransaction>, context: RunnerContext, prelude: readonly Statement[]) {
    this.#begin = begin
    this.#context = context
    this.#prelude = prelude
  }

  async run(statements: readonly Statement[], options?: TransactionOptions): Promise<RowSet[]> {
    refuseOptions(options)
    if (this.#over) throw overError()
    const transaction = await (this.#begun ??= this.#start())
    const results: RowSet[] = []
    for (const statement of statements) results.push(await this.#execute(transaction, statement))
    return results
  }

  nested(): TransactionalRunner {
    return new SavepointRunner(this, 1)
  }

  commit(): Promise<void> {
    return this.#end('commit', this.#begun)
  }

  rollback(): Promise<void> {
    // One that did not begin has nothing to undo.
    const begun = this.#begun?.catch(() => undefined)
    return this.#end('rollback', begun)
  }

  async #end(how: 'commit' | 'rollback', begun: Promise<DriverTransaction | undefined> | undefined): Promise<void> {
    this.#over = true
    const transaction = await begun
    if (transaction !== undefined) await observed(this.#context, [{ text: how, params: [] }], () => transaction[how]())
  }

  async #start(): Promise<DriverTransaction> {
    assertNotAborted(this.#context.signal)
    const transaction = await observed(this.#context, [{ text: 'begin', params: [] }], this.#begin)
    for (const statement of this.#prelude) await this.#execute(transaction, statement)
    return transaction
  }

  async #execute(transaction: DriverTransaction, statement: Statement): Promise<RowSet> {
    const { signal } = this.#context
    assertNotAborted(signal)
    return observed(this.#context, [statement], () => transaction.execute(statement, { signal }))
  }
}

/** A part of a transaction behind a savepoint, which is set with its first statement. */
class SavepointRunner implements TransactionalRunner {
  readonly #parent: Runner
  readonly #depth: number
  #set: Promise<unknown> | undefined
  #over = false

  constructor(parent: Runner, depth: number) {
    this.#parent = parent
    this.#depth = depth
  }

  async run(statements: readonly Statement[], options?: TransactionOptions): Promise<RowSet[]> {
    refuseOptions(options)
    if (this.#over) throw overError()
    await (this.#set ??= this.#parent.run([savepoint('savepoint', this.#depth)]))
    return this.#parent.run(statements)
  }

  nested(): TransactionalRunner {
    return new SavepointRunner(this, this.#depth + 1)
  }

  commit(): Promise<void> {
    return this.#end(['release savepoint'])
  }

  rollback(): Promise<void> {
    return this.#end(['rollback to savepoint', 'release savepoint'])
  }

  async #end(verbs: readonly string[]): Promise<void> {
    this.#over = true
    if (this.#set === undefined) return
    await this.#set
    for (const verb of verbs) await this.#parent.run([savepoint(verb, this.#depth)])
  }
}

/** @throws UsageError when a part of a transaction asks for modes of its own */
export function refuseOptions(options: TransactionOptions = {}): void {
  if (Object.keys(options).length === 0) return
  throw new UsageError('isolation, readOnly and deferrable belong to the outermost transaction')
}

function overError(): TransactionError {
  return new TransactionError('a statement arrived after its transaction had ended', {
    hint: 'Await every statement inside the callback.',
  })
}
