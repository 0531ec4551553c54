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
  readonly onBatch?: (summary: QueueSummary) => void
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
  options.onBatch?.(summary)
  return summary
}

async function handleMessage(
  app: Application,
  message: QueueMessage,
  platform: Platform,
  options: QueueOptions,
): Promise<boolean> {
  try {
    const outcome = await app.run(
      (scope) => options.handler(message, scope),
      invocationOf(platform, message),
      workersRuntime,
    )
    if (!isResult(outcome) || outcome.ok) {
      message.ack()
      return true
    }
    app.options.onError?.(outcome.error, 'handler')
  } catch (error) {
    app.options.onError?.(error, 'handler')
  }
  message.retry(options.retryDelay === undefined ? {} : { delaySeconds: options.retryDelay })
  return false
}
