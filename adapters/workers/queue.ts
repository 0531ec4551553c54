import {
  decideOnce,
  runBatch,
  UsageError,
  type Application,
  type BatchItem,
  type BatchSummary,
  type Scope,
} from '../../src/runtime/index.ts'
import { boot } from './boot.ts'
import { invocationOf, type Platform } from './invocation.ts'
import type { QueueBatch, QueueMessage } from './platform.ts'
import { workersRuntime } from './runtime.ts'

/**
 * Handles one message in a scope of its own. Returning (anything but an `Err`) acknowledges the message; an `Err` or a
 * throw has it delivered again. The handler may also decide for itself through the message.
 */
export type QueueHandler = (message: QueueMessage, scope: Scope) => unknown

export interface QueueOptions {
  readonly handler: QueueHandler
  /** Seconds until a message that failed is delivered again. @default the queue's own setting */
  readonly retryDelay?: number
  /** How many messages are handled at the same time; Infinity handles a batch at once. @default 1 */
  readonly concurrency?: number
  /** Called with what became of each batch, after its last message. Its failure is reported and changes nothing. */
  readonly onBatch?: (summary: BatchSummary) => unknown
}

/** @throws UsageError `LEX_ERR_USE_001` for options that are none */
export function queueOptions(given: QueueHandler | QueueOptions): QueueOptions {
  const options = typeof given === 'function' ? { handler: given } : given
  const { handler, concurrency = 1, retryDelay = 0 } = options
  if (typeof handler === 'function' && concurrency >= 1 && retryDelay >= 0) return options
  throw new UsageError('queue.handler is no function, concurrency no number from 1, or retryDelay none from 0', {
    hint: 'Give retryDelay in seconds, and Infinity for a batch at once.',
  })
}

/**
 * Handles a batch: one scope per message, and one message's failure never touches another's. Where the application does
 * not boot, every message is delivered again.
 */
export async function handleBatch(
  app: Application,
  batch: QueueBatch,
  platform: Platform,
  options: QueueOptions,
): Promise<void> {
  const booted = await boot(app, platform.env).then(
    () => true,
    () => false,
  )
  await runBatch(
    batch.messages.map((message) => itemOf(message, { app, platform, options })),
    {
      source: batch.queue,
      concurrency: options.concurrency,
      mayBegin: () => booted,
      onError: (error, id) => app.options.onError?.(error, 'handler', id),
      onBatch: options.onBatch,
    },
  )
}

interface Handling {
  readonly app: Application
  readonly platform: Platform
  readonly options: QueueOptions
}

/** The platform is told what becomes of a message as soon as that is known. */
function itemOf(message: QueueMessage, { app, platform, options }: Handling): BatchItem {
  const { id, timestamp, body, attempts } = message
  const { ack, retry, decision } = decideOnce({
    ack: () => message.ack(),
    retry: (given) => message.retry(given),
  })
  const handed: QueueMessage = { id, timestamp, body, attempts, ack, retry }
  const { handler, retryDelay } = options
  return {
    id,
    decision,
    run: () => app.run((scope) => handler(handed, scope), invocationOf(platform, message), workersRuntime),
    settle: (isDone) => (isDone ? ack() : retry(retryDelay === undefined ? {} : { delaySeconds: retryDelay })),
  }
}
