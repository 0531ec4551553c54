/**
 * The parts of Cloudflare's runtime types that the adapter uses. Declared here, so that the package does not depend on
 * one of the two ways to get those types (`@cloudflare/workers-types`, or `wrangler types`); both fit.
 */

/** The third argument of every handler; of a Durable Object, its state. */
export interface WorkersContext {
  waitUntil(work: Promise<unknown>): void
  passThroughOnException?(): void
}

/** What the alarm of a Durable Object hands over. */
export interface AlarmInfo {
  readonly isRetry: boolean
  readonly retryCount: number
}

/** What a cron trigger hands over. */
export interface ScheduledController {
  readonly scheduledTime: number
  readonly cron: string
  noRetry(): void
}

/** One message of a queue. */
export interface QueueMessage<Body = unknown> {
  readonly id: string
  readonly timestamp: Date
  readonly body: Body
  readonly attempts: number
  retry(options?: { delaySeconds?: number }): void
  ack(): void
}

export interface QueueBatch<Body = unknown> {
  readonly messages: readonly QueueMessage<Body>[]
  readonly queue: string
}

/** An incoming mail; passed through untouched. */
export interface IncomingEmail {
  readonly from: string
  readonly to: string
  readonly raw: ReadableStream<Uint8Array>
  readonly rawSize: number
  setReject(reason: string): void
  forward(to: string, headers?: Headers): Promise<unknown>
}
