import { isResult, UsageError, type Application, type Scope } from '../../../src/runtime/index.ts'
import type { LambdaInvocation } from '../invocation.ts'
import type { BatchSummary } from './handlers.ts'
import { runInvocation } from './run-invocation.ts'

/** One record of a batch, ready to be handled. */
export interface BatchItem {
  /** For the summary. */
  readonly id: string
  /** Items of one group are handled in their order, and none after the first failure. */
  readonly group: string
  /** By what Lambda knows the record in `batchItemFailures`. */
  readonly itemIdentifier: unknown
  readonly record: unknown
  /** Reads the record and calls the handler. */
  readonly run: (scope: Scope) => unknown
  /** What the handler itself has said about the message, if anything. */
  readonly decision?: () => 'ack' | 'retry' | undefined
}

export interface BatchRules {
  readonly source: string
  readonly concurrency: number
  /** Whether Lambda takes the first failure of a group for where to go on, so that the others need no mention. */
  readonly checkpoints: boolean
  /** Whether Lambda reads which records failed; otherwise any failure is thrown. */
  readonly partialFailures: boolean
  readonly onBatch: ((summary: BatchSummary) => unknown) | undefined
}

export interface BatchResult {
  readonly batchItemFailures: readonly { readonly itemIdentifier: unknown }[]
}

/**
 * Handles a batch: one scope per record, groups in their order, no more at the same time than is allowed. Begins nothing
 * after the deadline; what was not done by then is handed back.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export async function handleBatch(
  app: Application,
  lambda: LambdaInvocation,
  items: readonly BatchItem[],
  rules: BatchRules,
): Promise<BatchResult> {
  const done = new Set<BatchItem>()
  const groups = Map.groupBy(items, ({ group }) => group)
  const waiting = groups.values()
  const work = async (): Promise<void> => {
    for (const group of waiting) await handleGroup(app, lambda, group, done)
  }
  await Promise.all(Array.from({ length: Math.min(groups.size, Math.max(1, rules.concurrency)) }, work))
  const handedBack = items.filter((item) => !done.has(item))
  const summary = { source: rules.source, done: [...done].map(idOf), handedBack: handedBack.map(idOf) }
  await tell(app, lambda, { onBatch: rules.onBatch, summary })
  if (handedBack.length > 0 && !rules.partialFailures) {
    throw new Error(`${handedBack.length} of ${items.length} records were not handled`)
  }
  const named = rules.checkpoints ? firstOfGroups(handedBack) : handedBack
  // A standard queue may deliver a message twice, even in one batch.
  const identifiers = new Set(named.map(({ itemIdentifier }) => itemIdentifier))
  return { batchItemFailures: [...identifiers].map((itemIdentifier) => ({ itemIdentifier })) }
}

/** What is told of a batch cannot change what becomes of it. */
async function tell(
  app: Application,
  lambda: LambdaInvocation,
  { onBatch, summary }: Pick<BatchRules, 'onBatch'> & { readonly summary: BatchSummary },
): Promise<void> {
  try {
    const told = onBatch?.(summary)
    if (told instanceof Promise) await lambda.inTime(told)
  } catch (error) {
    app.options.onError?.(error, 'handler')
  }
}

async function handleGroup(
  app: Application,
  lambda: LambdaInvocation,
  group: readonly BatchItem[],
  done: Set<BatchItem>,
): Promise<void> {
  for (const item of group) {
    if (lambda.isOver() || !(await handleItem(app, lambda, item))) return
    done.add(item)
  }
}

/** Whether the record is done. Never rejects: what failed is reported. */
async function handleItem(app: Application, lambda: LambdaInvocation, item: BatchItem): Promise<boolean> {
  let failed = false
  try {
    const outcome = await runInvocation(app, lambda, item.record, item.run)
    if (isResult(outcome) && !outcome.ok) throw outcome.error
  } catch (error) {
    failed = true
    app.options.onError?.(error, 'handler', item.id)
  }
  const decision = item.decision?.()
  return decision === undefined ? !failed : decision === 'ack'
}

function firstOfGroups(items: readonly BatchItem[]): BatchItem[] {
  return [...Map.groupBy(items, ({ group }) => group).values()].flatMap((group) => group.slice(0, 1))
}

function idOf({ id }: BatchItem): string {
  return id
}

/** What Lambda must be told of a failed record, so that an event without it cannot be handled safely. */
export function required(value: unknown, member: string): string {
  if (typeof value === 'string' && value !== '') return value
  throw missing(member)
}

export function requiredNumber(value: unknown, member: string): number {
  if (typeof value === 'number') return value
  throw missing(member)
}

function missing(member: string): UsageError {
  return new UsageError(`a record of the event has no ${member}`, {
    hint: 'Lambda always sends it; an event made by hand needs it too.',
  })
}
