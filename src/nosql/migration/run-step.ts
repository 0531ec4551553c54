import { isLexigramError, UsageError } from '../../core/errors.ts'
import type { DocumentStore } from '../store/document-store.ts'
import type { Value } from '../query/value.ts'
import { DocumentMigrationError, MigrationLockedError } from './errors.ts'
import type { Lease } from './lease.ts'
import type { Ledger, MigrationRecord } from './ledger.ts'
import type { MigrationContext, MigrationStep } from './operation.ts'

/** What is reported while migrations run. */
export type MigrationEvent =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'started'; readonly id: string; readonly attempt: number }
  | { readonly kind: 'progress'; readonly id: string; readonly changed: number }
  | {
      readonly kind: 'applied' | 'rolled-back'
      readonly id: string
      readonly changed: number
      readonly durationMs: number
    }
  | { readonly kind: 'failed' | 'interrupted'; readonly id: string; readonly error: unknown }

/** A step that ended well in this run. */
export interface MigrationOutcome {
  readonly id: string
  readonly description: string
  /** Documents or other things changed, over all attempts. */
  readonly changed: number
  readonly durationMs: number
}

export interface Run {
  readonly store: DocumentStore
  readonly ledger: Ledger
  readonly lease: Lease
  /** The caller's wish to stop, and the loss of the lock. */
  readonly signal: AbortSignal
  readonly segmentSize: number
  readonly now: () => number
  readonly report: (event: MigrationEvent) => void
}

export function applyStep(
  run: Run,
  step: MigrationStep,
  record: MigrationRecord | undefined,
): Promise<MigrationOutcome> {
  return runStep(run, { step, record, goal: 'applied' })
}

export function rollbackStep(run: Run, step: MigrationStep, record: MigrationRecord): Promise<MigrationOutcome> {
  return runStep(run, { step, record, goal: 'rolled-back' })
}

interface Task {
  readonly step: MigrationStep
  readonly record: MigrationRecord | undefined
  readonly goal: 'applied' | 'rolled-back'
}

async function runStep(run: Run, { step, record, goal }: Task): Promise<MigrationOutcome> {
  const { ledger, now, report } = run
  const startedAt = now()
  const work = toWork(run, step, record)
  run.signal.throwIfAborted()
  await run.lease.assertHeld()
  await ledger.begin(step, new Date(startedAt))
  report({ kind: 'started', id: step.id, attempt: (record?.attempts ?? 0) + 1 })
  try {
    if (goal === 'applied') await step.operation.apply(work.context)
    else await step.operation.rollback?.(work.context)
    await run.lease.assertHeld()
  } catch (error) {
    return fail(run, { step, startedAt }, error)
  }
  const durationMs = now() - startedAt
  const { id, operation } = step
  const outcome = { id, description: operation.description, changed: work.changed(), durationMs }
  const reset = goal === 'rolled-back' ? { changed: 0, memory: null } : {}
  await ledger.write(step, { status: goal, finishedAt: new Date(now()), durationMs, ...reset })
  report({ kind: goal, id, changed: outcome.changed, durationMs })
  return outcome
}

function toWork(run: Run, step: MigrationStep, record: MigrationRecord | undefined) {
  let changed = record?.status === 'applied' ? 0 : (record?.changed ?? 0)
  const context: MigrationContext = {
    store: run.store,
    signal: run.signal,
    segmentSize: run.segmentSize,
    memory: record?.memory ?? undefined,
    progress: async (count) => {
      if (!Number.isSafeInteger(count) || count < 0) throw new UsageError('progress must be the number of changes')
      await run.lease.assertHeld()
      changed += count
      if (count > 0) await run.ledger.write(step, {}, count)
      run.report({ kind: 'progress', id: step.id, changed })
      run.signal.throwIfAborted()
    },
    remember: (memory: Value) => run.ledger.write(step, { memory }),
  }
  return { context, changed: () => changed }
}

/** Leaves a clear record, unless another runner owns the step by now, and throws. */
async function fail(
  run: Run,
  { step, startedAt }: { readonly step: MigrationStep; readonly startedAt: number },
  error: unknown,
): Promise<never> {
  const stopped = run.signal.aborted
  const status = stopped ? 'interrupted' : 'failed'
  const finished = run.now()
  const summary = {
    name: error instanceof Error ? error.name : 'unknown',
    code: isLexigramError(error) ? error.code : null,
  }
  let cause = error
  try {
    const change = { finishedAt: new Date(finished), durationMs: finished - startedAt, error: summary }
    await run.ledger.write(step, { status, ...change })
  } catch (recordError) {
    cause = error === recordError ? error : new AggregateError([error, recordError], 'the failure cannot be recorded')
  }
  run.report({ kind: status, id: step.id, error })
  if (error instanceof MigrationLockedError) throw error
  throw new DocumentMigrationError(
    `migration '${step.id}' cannot complete: it ${stopped ? 'was interrupted' : 'failed'}`,
    {
      cause,
      hint: stopped ? 'Apply again to continue.' : 'Fix the cause and apply again: completed work is kept.',
      details: { migration: step.id, ...(summary.code === null ? {} : { causeCode: summary.code }) },
    },
  )
}
