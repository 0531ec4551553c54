import { assertOptions, must, type OptionCheck } from '../../src/core/assert-options.ts'
import {
  decideOnce,
  runBatch,
  UsageError,
  type Application,
  type BatchEntry,
  type BatchSummary,
  type Message,
  type MessageDecision,
  type Scope,
} from '../../src/runtime/index.ts'
import { invocationOf, type Platform } from './invocation.ts'
import { assertBatch } from './platform-event.ts'
import type { Handling, QueueBatch, QueueMessage } from './platform.ts'
import { workersRuntime } from './runtime.ts'

/** Decides upon the messages of a batch that nothing has been decided about: no handler of another one begins then. */
export interface BatchControl {
  /** The name of the queue. */
  readonly queue: string
  /** The other messages are done, too. */
  ackAll(): void
  /** The other messages are delivered again, for example because a service is down that all of them need. */
  retryAll(options?: { delaySeconds?: number }): void
}

/**
 * Handles one message in its own scope. Returning (anything but an `Err`) acknowledges the message; an `Err` or a
 * throw has it delivered again. The handler may also decide for itself through the message, and through `batch` for all
 * that are left.
 *
 * The message may be declared as Cloudflare's `Message<Order>`. Its body is what the producer has sent: nothing checks it.
 */
export type QueueHandler = Handling<[message: Message, scope: Scope, batch: BatchControl]>

/** How the messages of a queue are handled. */
export interface QueueOptions {
  readonly handler: QueueHandler
  /** Seconds until a message that failed is delivered again. @default the queue's own setting */
  readonly retryDelay?: number
  /** How many messages are handled at the same time; Infinity handles a batch at once. @default 1 */
  readonly concurrency?: number
  /** Called with the outcome of each batch, after its last message. Its failure is reported and changes nothing. */
  readonly onBatch?: (summary: BatchSummary) => unknown
}

const optionChecks = {
  handler: must.beFunction,
  retryDelay: must.beNumberFrom(0),
  concurrency: must.beNumberFrom(1),
  onBatch: must.beFunction,
} satisfies Readonly<Record<keyof QueueOptions, OptionCheck>>

/** @throws UsageError `LEX_ERR_USE_001` for options that cannot be used */
export function queueOptions(given: QueueHandler | QueueOptions): QueueOptions {
  const options: QueueOptions = typeof given === 'function' ? { handler: given } : Object(given)
  const { handler } = options
  if (typeof handler !== 'function') {
    throw new UsageError('queue must be a function, or an object with a handler', {
      hint: 'Pass queue: (message, scope) => …, or queue: { handler }.',
    })
  }
  return assertOptions(options, optionChecks, 'queue')
}

/**
 * Handles a batch: one scope per message, and one message's failure never touches another's. Where the application does
 * not boot, every message is delivered again.
 *
 * @throws UsageError `LEX_ERR_USE_001` for a batch without the members that are used, before any message is handled
 */
export async function handleBatch(
  app: Application,
  { batch, options }: { readonly batch: QueueBatch; readonly options: QueueOptions },
  platform: Platform,
): Promise<void> {
  try {
    assertBatch(batch)
  } catch (error) {
    app.options.onError?.({ error, phase: 'handler' })
    throw error
  }
  const booted = await app.start(platform.env, workersRuntime, { report: true }).then(
    () => true,
    () => false,
  )
  const decisions = batch.messages.map(decisionOf)
  const control: BatchControl = {
    queue: batch.queue,
    ackAll: () => decisions.forEach(({ ack }) => ack()),
    retryAll: (given) => decisions.forEach(({ retry }) => retry(given)),
  }
  const handle = (message: Message, event: QueueMessage): Promise<unknown> => {
    const invocation = {
      ...invocationOf(platform, event),
      requestId: event.id,
      trigger: 'queue',
      source: batch.queue,
    }
    return app.run((scope) => options.handler(message, scope, control), invocation, workersRuntime)
  }
  await runBatch(
    // One decision per message.
    batch.messages.map((message, index) => itemOf(message, decisions[index]!, { handle, options })),
    {
      source: batch.queue,
      concurrency: options.concurrency,
      mayBegin: () => booted,
      onError: (error, subject) => app.options.onError?.({ error, phase: 'handler', subject }),
      onBatch: options.onBatch,
      tracer: app.options.tracer,
    },
  )
}

/** The platform's methods are called on the message itself. */
function decisionOf(message: QueueMessage): MessageDecision {
  return decideOnce({ ack: () => message.ack(), retry: (given) => message.retry(given) })
}

interface ItemHandling {
  readonly handle: (message: Message, event: QueueMessage) => Promise<unknown>
  readonly options: QueueOptions
}

/** The outcome of a message is reported to the platform as soon as it is known. */
function itemOf(
  event: QueueMessage,
  { ack, retry, decision }: MessageDecision,
  { handle, options: { retryDelay } }: ItemHandling,
): BatchEntry {
  const { id } = event
  return {
    id,
    decision,
    run() {
      // Read here, so that a message that cannot be read is one that fails.
      const { timestamp, body, attempts } = event
      return handle({ id, timestamp, body, attempts, requestId: id, ack, retry }, event)
    },
    settle(isDone) {
      if (isDone) return ack()
      try {
        retry(retryDelay === undefined ? {} : { delaySeconds: retryDelay })
      } catch (error) {
        // The platform has refused the delay. A message without a decision would be acknowledged.
        retry()
        throw error
      }
    },
  }
}
