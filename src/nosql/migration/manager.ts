import { wait } from '../../core/wait.ts'
import { assertOptions, must, type OptionCheck } from '../../core/assert-options.ts'
import { UsageError } from '../../core/errors.ts'
import { kindOf } from '../../core/plain-object.ts'
import { anySignal } from '../../core/time-limit.ts'
import type { DocumentStore } from '../store/document-store.ts'
import { DocumentMigrationError } from './errors.ts'
import { Lease, type Timing } from './lease.ts'
import { Ledger, type MigrationRecord, type RecordStatus } from './ledger.ts'
import type { MigrationOperation, MigrationStep } from './operation.ts'
import { applyStep, rollbackStep, type MigrationEvent, type MigrationOutcome, type Run } from './run-step.ts'
import { assertHistory, checkId, toStep } from './step.ts'

/** Options of `MigrationManager`. */
export interface MigrationManagerOptions extends Partial<Timing> {
  readonly store: DocumentStore
  /** Names the history; several can share one store. */
  readonly dbName: string
  /** Called for every event, in order. What it throws ends the run. */
  readonly onProgress?: (event: MigrationEvent) => void
  /** Documents changed between two records of progress. @default 500 */
  readonly segmentSize?: number
  /** How long a runner that does not renew its lease keeps the lock, in milliseconds. @default 30000 */
  readonly leaseMs?: number
  /** How long to wait for another runner, in milliseconds. @default 60000 */
  readonly waitMs?: number
  /** Names this runner. @default a random UUID */
  readonly runner?: string
}

/** The state of one migration of documents, as `status` returns it. */
export interface DocumentMigrationStatus {
  readonly id: string
  readonly description: string
  /** `unknown`: in the database, not in the list; it is of another version of the program. */
  readonly status: RecordStatus | 'pending' | 'unknown'
  readonly record?: MigrationRecord
}

/** What `apply` would do next. */
export interface PlannedMigration {
  readonly id: string
  readonly description: string
  /** Documents or other things that would change now; absent for scripts. */
  readonly estimate?: number
  readonly reversible: boolean
}

interface RunOptions {
  /** Stops between two segments; the next run goes on there. */
  readonly signal?: AbortSignal
}

/**
 * Applies migrations to a document store: in the order they were added, each once, under a lock that a second runner
 * waits for, with a record of each in the collection `_migrations`.
 *
 * @example
 * import { AddField, CreateIndex, MigrationManager } from 'lexigram-edge/nosql'
 *
 * const manager = new MigrationManager({ store, dbName: 'myapp' })
 *   .add(new CreateIndex('users', [['email', 1]], { unique: true }))
 *   .add(new AddField('users', 'avatarUrl', { default: '' }))
 * await manager.apply()
 */
export class MigrationManager {
  readonly #options: MigrationManagerOptions
  readonly #ledger: Ledger
  readonly #runner: string
  readonly #steps: Promise<MigrationStep>[] = []
  readonly #ids = new Set<string>()

  constructor(options: MigrationManagerOptions) {
    const { store, dbName } = assertOptions(options, optionChecks, 'the options of a migration manager')
    if (typeof store?.collection !== 'function')
      throw new UsageError(`the store of a migration manager must be a document store, not ${kindOf(store)}`)
    if (typeof dbName !== 'string' || dbName === '')
      throw new UsageError('the dbName of a migration manager must be text, and not empty')
    this.#options = options
    this.#runner = options.runner ?? crypto.randomUUID()
    this.#ledger = new Ledger(options.store, options.dbName, this.#runner)
  }

  /** Adds an operation at the end. Its id is made from its place and description unless one is given. */
  add(operation: MigrationOperation, options: { readonly id?: string } = {}): this {
    assertOperation(operation)
    const { id } = assertOptions(options, { id: must.beText })
    if (id !== undefined) this.#ids.add(checkId(id, this.#ids))
    this.#steps.push(toStep(operation, this.#steps.length + 1, id))
    return this
  }

  /**
   * Applies what is pending and returns what it applied. Calling it again applies nothing. A step that an earlier run
   * left unfinished goes on where it stopped.
   *
   * @throws DocumentMigrationError `LEX_ERR_NOSQL_012` when a step fails (those before it stay applied) or the list does not
   * fit the history; MigrationLockedError `LEX_ERR_NOSQL_013` when another runner keeps the lock.
   */
  async apply(options: RunOptions = {}): Promise<readonly MigrationOutcome[]> {
    assertOptions(options, { signal: must.beSignal })
    return this.#locked(options, async (run) => {
      const { steps, records } = await this.#history()
      const outcomes: MigrationOutcome[] = []
      for (const step of pendingOf(steps, records)) outcomes.push(await applyStep(run, step, records.get(step.id)))
      return outcomes
    })
  }

  /**
   * Undoes the last applied migrations, latest first; nothing is undone unless all of them can be.
   *
   * @throws DocumentMigrationError `LEX_ERR_NOSQL_012` when one cannot be undone.
   */
  async rollback(options: RunOptions & { readonly steps?: number } = {}): Promise<readonly MigrationOutcome[]> {
    const { steps: count = 1 } = assertOptions(options, { signal: must.beSignal, steps: must.beWholeNumberFrom(1) })
    return this.#locked(options, async (run) => {
      const { steps, records } = await this.#history()
      const last = steps
        .flatMap((step) => toUndo(step, records.get(step.id)))
        .slice(-count)
        .toReversed()
      for (const { step } of last)
        if (step.operation.rollback === undefined)
          throw new DocumentMigrationError(`migration '${step.id}' cannot be undone`, {
            details: { migration: step.id },
          })
      const outcomes: MigrationOutcome[] = []
      for (const { step, record } of last) outcomes.push(await rollbackStep(run, step, record))
      return outcomes
    })
  }

  /** What `apply` would apply, in order. Reads only. */
  async pending(): Promise<readonly { readonly id: string; readonly description: string }[]> {
    const { steps, records } = await this.#history()
    return pendingOf(steps, records).map(({ id, operation }) => ({ id, description: operation.description }))
  }

  /** Every migration of the list and of the database, in order. Reads only. */
  async status(): Promise<readonly DocumentMigrationStatus[]> {
    const records = await this.#ledger.read()
    const listed = (await this.#list()).map(({ id, operation }): DocumentMigrationStatus => {
      const record = records.get(id)
      records.delete(id)
      const { description } = operation
      return { id, description, status: record?.status ?? 'pending', ...(record !== undefined && { record }) }
    })
    const others = [...records.values()].map((record): DocumentMigrationStatus => {
      return { id: record.id, description: record.description, status: 'unknown', record }
    })
    return [...listed, ...others]
  }

  /** What `apply` would do and to how many documents, without writing anything, the lock included. */
  async dryRun(): Promise<readonly PlannedMigration[]> {
    const { steps, records } = await this.#history()
    const plan: PlannedMigration[] = []
    for (const { id, operation } of pendingOf(steps, records)) {
      const estimate = await operation.estimate?.(this.#options.store)
      const reversible = operation.rollback !== undefined
      plan.push({ id, description: operation.description, reversible, ...(estimate !== undefined && { estimate }) })
    }
    return plan
  }

  async #history() {
    const steps = await this.#list()
    const records = await this.#ledger.read()
    assertHistory(steps, records)
    return { steps, records }
  }

  async #list(): Promise<readonly MigrationStep[]> {
    const steps = await Promise.all(this.#steps)
    const taken = new Set<string>()
    for (const { id } of steps) taken.add(checkId(id, taken))
    return steps
  }

  async #locked<T>({ signal }: RunOptions, work: (run: Run) => Promise<T>): Promise<T> {
    const { store, dbName, segmentSize = 500, onProgress, leaseMs = 30_000, waitMs = 60_000 } = this.#options
    const { now = Date.now, sleep = wait, every = repeat } = this.#options
    const report = onProgress ?? (() => undefined)
    signal?.throwIfAborted()
    const lease = await Lease.acquire(store, dbName, {
      now,
      sleep,
      every,
      leaseMs,
      waitMs,
      pollMs: Math.min(1000, leaseMs / 3),
      owner: this.#runner,
      onWait: () => report({ kind: 'waiting' }),
    })
    const either = signal === undefined ? lease.signal : anySignal([signal, lease.signal])
    const run: Run = { store, ledger: this.#ledger, lease, signal: either, segmentSize, now, report }
    let result: T
    try {
      result = await work(run)
    } catch (error) {
      await lease.release().catch(() => undefined) // the lock runs out by itself; the first error is the one to report
      throw error
    }
    await lease.release()
    return result
  }
}

const optionChecks = {
  store: must.beAnything,
  dbName: must.beText,
  onProgress: must.beFunction,
  segmentSize: must.beWholeNumberFrom(1),
  leaseMs: must.beNumberFrom(1),
  waitMs: must.beNumberFrom(0),
  runner: must.beText,
  now: must.beFunction,
  sleep: must.beFunction,
  every: must.beFunction,
} satisfies Readonly<Record<keyof MigrationManagerOptions, OptionCheck>>

function assertOperation(operation: unknown): void {
  if (typeof operation === 'object' && operation !== null && 'apply' in operation && 'definition' in operation) return
  throw new UsageError(`a migration must be an operation, not ${kindOf(operation)}`, {
    hint: "Add an operation such as new CreateIndex('users', 'email').",
  })
}

function pendingOf(
  steps: readonly MigrationStep[],
  records: ReadonlyMap<string, MigrationRecord>,
): readonly MigrationStep[] {
  return steps.filter((step) => records.get(step.id)?.status !== 'applied')
}

function toUndo(step: MigrationStep, record: MigrationRecord | undefined) {
  return record?.status === 'applied' ? [{ step, record }] : []
}

function repeat(milliseconds: number, callback: () => void): () => void {
  const timer = setInterval(callback, milliseconds)
  return () => clearInterval(timer)
}
