import { asError } from '../../../core/abort-reason.ts'
import { DomainError } from '../../../core/errors.ts'
import { BulkWriteError, type BulkOperationError } from '../../bulk-write-error.ts'
import type { DriverCollection } from '../../contract/driver-collection.ts'
import { BudgetExceededError, NoSQLConnectionError, UnknownOutcomeError } from '../../errors.ts'
import { nativeRun, runNatively } from './bulk-native.ts'
import { parseOperations, type Step } from './bulk-operations.ts'
import { applied, emptyTotals, tally, type Totals } from './bulk-totals.ts'
import { checkOptions, type OperationOptions } from '../checks/operation-options.ts'
import { open, type CollectionScope } from '../collection-scope.ts'
import { idOf } from '../document-id.ts'
import { insertAll } from './insert.ts'
import { modify, nothingModified } from './modify.ts'
import type { BulkWriteResult } from '../results.ts'

/** Options of `bulkWrite`. */
export interface BulkWriteOptions extends OperationOptions {
  /** One after the other, stopping at the first that is refused. @default true */
  readonly ordered?: boolean | undefined
}

/** The bulk write that is going on. */
export interface BulkRun {
  readonly scope: CollectionScope
  readonly collection: DriverCollection
  readonly steps: readonly Step[]
  readonly ordered: boolean
  readonly options: OperationOptions
  readonly totals: Totals
}

/** The outcome of some steps: how many were dealt with, and what was wrong with which. */
export interface Progress {
  readonly consumed: number
  readonly errors: readonly BulkOperationError[]
  /** Steps to be tried once more, each by itself: what stood in their way had expired and is gone. */
  readonly again?: readonly number[]
  /** The answer for all of them was lost: each may have been done, and nothing after them is tried. */
  readonly lost?: UnknownOutcomeError
}

/**
 * Every operation is parsed before the first is sent, so one whose form is wrong changes nothing. An expression that cannot be
 * evaluated is the error of its operation.
 *
 * @throws BulkWriteError when operations were refused, or the backend was lost, with what was applied
 * @throws NoSQLConnectionError when the backend was lost before anything was applied
 */
export async function bulkWrite(
  scope: CollectionScope,
  operations: readonly unknown[],
  given: BulkWriteOptions,
): Promise<BulkWriteResult> {
  checkOptions(given, ['ordered'])
  const { ordered = true, ...options } = given
  const steps = parseOperations(scope, operations, options)
  const totals = emptyTotals()
  const run = { scope, collection: await open(scope, options), steps, ordered, options, totals }
  const errors: BulkOperationError[] = []
  let at = 0
  let again: readonly number[] = []
  for (;;) {
    if (at >= steps.length || (ordered && errors.length > 0)) break
    try {
      const progress = await advance(run, at)
      errors.push(...progress.errors)
      at += progress.consumed
      again = progress.again ?? []
      for (; again[0] !== undefined; again = again.slice(1)) errors.push(...(await retry(run, again[0])).errors)
      if (progress.lost === undefined) continue
      errors.push(...untried(run, [...steps.keys()].slice(at), progress.lost))
      break
    } catch (error) {
      // A lost backend ends the whole, whatever the order.
      if (!applied(totals) && !(error instanceof UnknownOutcomeError)) throw error
      const [first = at, ...others] = [...again, ...[...steps.keys()].slice(at)]
      errors.push({ index: first, error: asError(error) }, ...untried(run, others, error))
      break
    }
  }
  if (errors.length > 0) throw new BulkWriteError(errors, totals)
  return totals
}

/** Those after the one that ended the whole. Unordered, they would be taken for done; ordered, it is known that they are not. */
function untried({ ordered }: BulkRun, left: readonly number[], cause: unknown): readonly BulkOperationError[] {
  if (ordered) return []
  const error = cause instanceof UnknownOutcomeError ? notTried(cause) : asError(cause)
  return left.map((index) => ({ index, error }))
}

function notTried(cause: UnknownOutcomeError): NoSQLConnectionError {
  return new NoSQLConnectionError('the operation cannot run: one before it was not answered', { cause })
}

async function advance(run: BulkRun, at: number): Promise<Progress> {
  const native = await nativeRun(run, at)
  const done = native === undefined ? undefined : await runNatively(run, at, native)
  if (done !== undefined) return done
  return run.steps[at]?.kind === 'insert' ? insertRun(run, at) : modifyStep(run, at)
}

/** One step without those after it. */
function retry(run: BulkRun, at: number): Promise<Progress> {
  return run.steps[at]?.kind === 'insert'
    ? insertRun({ ...run, steps: run.steps.slice(0, at + 1) }, at)
    : modifyStep(run, at)
}

/** The insertions that follow each other from here: they are sent together. */
async function insertRun({ scope, steps, ordered, options, totals }: BulkRun, at: number): Promise<Progress> {
  const rest = steps.slice(at)
  const end = rest.findIndex(({ kind }) => kind !== 'insert')
  const inserts = (end < 0 ? rest : rest.slice(0, end)).flatMap((step) => (step.kind === 'insert' ? [step.insert] : []))
  const { inserted, errors } = await insertAll(scope, inserts, { ...options, ordered })
  totals.insertedCount += inserted.length
  for (const i of inserted) totals.insertedIds[at + i] = idOf(inserts[i]?.document ?? {})
  const placed = errors.map((failed) => ({ ...failed, index: at + failed.index }))
  return { consumed: inserts.length, errors: placed }
}

async function modifyStep({ scope, collection, steps, totals }: BulkRun, at: number): Promise<Progress> {
  const step = steps[at]
  if (step?.kind === 'refused') return { consumed: 1, errors: [{ index: at, error: step.error }] }
  if (step?.kind !== 'modify') return { consumed: 1, errors: [] }
  const done = nothingModified()
  const { options, modification: what } = step
  try {
    await modify({ ...scope, options }, collection, { what, done })
    return { consumed: 1, errors: [] }
  } catch (error) {
    // A budget ends the whole, as what comes next would need more.
    if (error instanceof DomainError && !(error instanceof BudgetExceededError))
      return { consumed: 1, errors: [{ index: at, error }] }
    throw error
  } finally {
    // Also of one that has failed midway.
    tally(totals, { at, deletes: what.change === null, done })
  }
}
