import { isResult, type Application, type Scope } from '../../src/runtime/index.ts'
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
  /** How many messages are handled at the same time. @default 1 */
  readonly concurrency?: number
  /** Told of each batch after its last message. */
  readonly onBatch?: (summary: QueueSummary) => unknown
}

/** Handles a batch: one scope per message, and one message's failure never touches another's. */
export async function handleBatch(
  app: Application,
  batch: QueueBatch,
  platform: Platform,
  options: QueueOptions,
): Promise<QueueSummary> {
  const acknowledged: string[] = []
  const retried: string[] = []
  const waiting = batch.messages.values()
  const worker = async (): Promise<void> => {
    for (const message of waiting) {
      const done = await handleMessage(app, message, platform, options)
      ;(done ? acknowledged : retried).push(message.id)
    }
  }
  // Whatever the number is, somebody has to work: the platform takes a message that nobody touched for done.
  await Promise.all(Array.from({ length: Math.max(1, options.concurrency || 1) }, worker))
  const summary = { queue: batch.queue, acknowledged, retried }
  try {
    await options.onBatch?.(summary)
  } catch (error) {
    // The messages have been decided upon; a rejection would have the platform think of them again.
    app.options.onError?.(error, 'handler')
  }
  return summary
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
    app.options.onError?.(error, 'handler')
    if (done === undefined) retry(options.retryDelay === undefined ? {} : { delaySeconds: options.retryDelay })
  }
  return done === true
}
