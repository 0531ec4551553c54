import { assertOptions, must, type OptionCheck } from '../../core/assert-options.ts'
import { UsageError } from '../../core/errors.ts'
import { isResult } from '../../core/result/result.ts'
import type { Tracer } from '../../core/tracing/tracer.ts'

/** What a handler says of a message: it is done, or it is delivered again. */
export type Decision = 'ack' | 'retry'

/** One message or record of a batch, ready to be handled. */
export interface BatchEntry {
  /** What failure reports and the summary call it. */
  readonly id: string
  /** Items of one group run one after the other, and none after the first that is not done. @default a group for itself */
  readonly group?: string
  /** Reads the item and calls its handler. A returned `Err` or a throw is a failure. */
  run(): unknown
  /** What the handler has decided; it overrides the outcome. An item that is decided before its turn does not run. */
  decision?(): Decision | undefined
  /** Called once, as soon as it is known whether the item is done. */
  settle?(isDone: boolean): void
}

/** The outcome of a batch, by the items' ids, each list in the batch's order. */
export interface BatchSummary {
  /** The trigger's name in `on` for Lambda, the queue's name for Cloudflare. */
  readonly source: string
  readonly done: readonly string[]
  /** What is delivered again: what failed, and what was not begun. */
  readonly handedBack: readonly string[]
}

/** How `runBatch` runs its items, and whom it reports to. */
export interface BatchRun {
  readonly source: string
  /** How many items run at the same time. @default 1 */
  readonly concurrency?: number | undefined
  /** Whether another item may begin. @default always */
  readonly mayBegin?: () => boolean
  /** Called with each failure, and with the item's id where it is one's. */
  readonly onError: (error: unknown, id?: string) => void
  /** Called after the last item, and awaited. Its failure is reported and changes nothing. */
  readonly onBatch?: ((summary: BatchSummary) => unknown) | undefined
  /** Counts the outcomes of the messages. @default nothing is counted */
  readonly tracer?: Tracer | undefined
}

/** The items that were handled, and those that the source has to deliver again. */
export interface BatchOutcome<Item> {
  readonly done: readonly Item[]
  readonly handedBack: readonly Item[]
}

const runChecks = {
  source: must.beText,
  concurrency: must.beNumberFrom(1),
  mayBegin: must.beFunction,
  onError: must.beFunction,
  onBatch: must.beFunction,
  tracer: must.beObject,
} satisfies Readonly<Record<keyof BatchRun, OptionCheck>>

/**
 * Handles a batch: groups in their order, and no more items at the same time than `concurrency`. One item's failure
 * never touches an item of another group. Never rejects for what an item does.
 *
 * @throws UsageError `LEX_ERR_USE_001` for malformed options, before any item runs
 */
export async function runBatch<Item extends BatchEntry>(
  items: readonly Item[],
  options: BatchRun,
): Promise<BatchOutcome<Item>> {
  assertOptions(options, runChecks, 'the options of runBatch')
  const { source, onError } = options
  if (!Array.isArray(items) || !items.every(isEntry)) {
    throw new UsageError('the items of runBatch must be an array of objects with the method run')
  }
  if (source === undefined || onError === undefined) {
    throw new UsageError(`the options of runBatch must have ${source === undefined ? 'source' : 'onError'}`)
  }
  const isDone = new Map<Item, boolean>()
  const groups = groupsOf(items)
  const waiting = groups.values()
  const work = async (): Promise<void> => {
    for (const group of waiting) await runGroup(group, isDone, options)
  }
  const workers = Math.min(groups.length, Math.max(1, options.concurrency ?? 1))
  await Promise.all(Array.from({ length: workers }, work))
  for (const item of items) if (!isDone.has(item)) settle(item, false, options)
  const outcome = {
    done: items.filter((item) => isDone.get(item) === true),
    handedBack: items.filter((item) => isDone.get(item) !== true),
  }
  countMessages(outcome, options)
  await reportSummary(outcome, options)
  return outcome
}

function isEntry(item: unknown): boolean {
  return typeof item === 'object' && item !== null && 'run' in item
}

/** In the order of their first items. */
function groupsOf<Item extends BatchEntry>(items: readonly Item[]): Item[][] {
  const groups = new Map<unknown, Item[]>()
  for (const item of items) {
    const key = item.group ?? item
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [item])
    else group.push(item)
  }
  return [...groups.values()]
}

async function runGroup<Item extends BatchEntry>(
  group: readonly Item[],
  isDone: Map<Item, boolean>,
  options: BatchRun,
): Promise<void> {
  for (const item of group) {
    const isDecided = item.decision?.() !== undefined
    if (!isDecided && options.mayBegin?.() === false) return
    const succeeded = isDecided || (await runItem(item, options))
    const decision = item.decision?.()
    const done = decision === undefined ? succeeded : decision === 'ack'
    isDone.set(item, done)
    settle(item, done, options)
    if (!done) return
  }
}

/** Whether the item succeeded. A failure is reported. */
async function runItem(item: BatchEntry, { onError }: BatchRun): Promise<boolean> {
  try {
    const outcome = await item.run()
    if (outcome !== undefined && isResult(outcome) && !outcome.ok) throw outcome.error
    return true
  } catch (error) {
    onError(error, item.id)
    return false
  }
}

function settle(item: BatchEntry, isDone: boolean, { onError }: BatchRun): void {
  try {
    item.settle?.(isDone)
  } catch (error) {
    onError(error, item.id)
  }
}

function countMessages({ done, handedBack }: BatchOutcome<BatchEntry>, { source, tracer, onError }: BatchRun): void {
  try {
    tracer?.measure({ is: 'batch', source, done: done.length, handedBack: handedBack.length })
  } catch (error) {
    onError(error)
  }
}

async function reportSummary(outcome: BatchOutcome<BatchEntry>, { source, onBatch, onError }: BatchRun): Promise<void> {
  try {
    await onBatch?.({ source, done: outcome.done.map(idOf), handedBack: outcome.handedBack.map(idOf) })
  } catch (error) {
    onError(error)
  }
}

function idOf({ id }: BatchEntry): string {
  return id
}

/** What a handler has decided about one message. */
export interface MessageDecision {
  readonly ack: () => void
  readonly retry: (options?: { delaySeconds?: number }) => void
  readonly decision: () => Decision | undefined
}

const decisionChecks = { ack: must.beFunction, retry: must.beFunction }

const retryChecks = { delaySeconds: must.beNumberFrom(0) }

/** @throws UsageError `LEX_ERR_USE_001` */
function assertRetryOptions(options: { readonly delaySeconds?: number }): void {
  assertOptions(options, retryChecks, 'the options of retry')
}

/** `ack` and `retry` of one message, of which the first call counts; only that one is passed on. */
export function decideOnce(on: {
  readonly ack?: () => void
  readonly retry?: (options?: { delaySeconds?: number }) => void
}): MessageDecision {
  assertOptions(on, decisionChecks, 'the argument of decideOnce')
  let made: Decision | undefined
  return {
    decision: () => made,
    ack() {
      if (made !== undefined) return
      on.ack?.()
      made = 'ack'
    },
    retry(options) {
      if (options !== undefined) assertRetryOptions(options)
      if (made !== undefined) return
      on.retry?.(options)
      made = 'retry'
    },
  }
}
