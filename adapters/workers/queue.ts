import { isResult, UsageError, type Application, type Scope } from '../../src/runtime/index.ts'
import { boot } from './boot.ts'
import { invocationOf, type Platform } from './invocation.ts'
import type { QueueBatch, QueueMessage } from './platform.ts'
import { workersRuntime } from './runtime.ts'

/** What became of a batch, by message id. */
export interface QueueSummary {
  readonly queue: string
  readonly acknowledged: readonly string[]
  readonly retried: readonly string[]
}

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
  /** Told of each batch after its last message. */
  readonly onBatch?: (summary: QueueSummary) => unknown
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
): Promise<QueueSummary> {
  const acknowledged: string[] = []
  const retried: string[] = []
  const booted = await boot(app, platform.env).then(
    () => true,
    () => false,
  )
  const waiting = batch.messages.values()
  const worker = async (): Promise<void> => {
    for (const message of waiting) {
      const done = booted && (await handleMessage(app, message, platform, options))
      if (!booted) retryLater(message, options)
      ;(done ? acknowledged : retried).push(message.id)
    }
  }
  await Promise.all(Array.from({ length: Math.min(options.concurrency ?? 1, batch.messages.length) }, worker))
  const summary = { queue: batch.queue, acknowledged, retried }
  try {
    await options.onBatch?.(summary)
  } catch (error) {
    // The messages have been decided upon; a rejection would have the platform think of them again.
    app.options.onError?.(error, 'handler')
  }
  return summary
}

function retryLater(message: QueueMessage, { retryDelay }: QueueOptions): void {
  message.retry(retryDelay === undefined ? {} : { delaySeconds: retryDelay })
}

/** Whether the message is done: by the handler's own word if it has said one, or else by its outcome. */
async function handleMessage(
  app: Application,
  message: QueueMessage,
  platform: Platform,
  options: QueueOptions,
): Promise<boolean> {
  const { id, timestamp, body, attempts } = message
  let done: boolean | undefined
  // The first word counts, as on the platform.
  const ack = (): void => {
    done ??= true
    message.ack()
  }
  const retry = (given?: { delaySeconds?: number }): void => {
    done ??= false
    message.retry(given)
  }
  const handed: QueueMessage = { id, timestamp, body, attempts, ack, retry }
  try {
    const outcome = await app.run(
      (scope) => options.handler(handed, scope),
      invocationOf(platform, message),
      workersRuntime,
    )
    if (isResult(outcome) && !outcome.ok) throw outcome.error
    if (done === undefined) ack()
  } catch (error) {
    app.options.onError?.(error, 'handler', id)
    if (done === undefined) retryLater(handed, options)
  }
  return done === true
}
