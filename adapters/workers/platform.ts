/**
 * The parts of Cloudflare's runtime types that the adapter uses. Declared here, so that the package does not depend on
 * one of the two ways to get those types (`@cloudflare/workers-types`, or `wrangler types`); both fit.
 */

/** The third argument of every handler; of a Durable Object, its state. */
export interface WorkersContext {
  waitUntil(work: Promise<unknown>): void
  passThroughOnException?(): void
}

/** What the platform passes to the instances of its classes, for a class that extends one of this package. */
export declare abstract class PlatformMembers<Env> {
  protected readonly ctx: WorkersContext
  protected readonly env: Env
  constructor(ctx: WorkersContext, env: Env)
}

/** What the alarm of a Durable Object passes to its handler. */
export interface AlarmInfo {
  readonly isRetry: boolean
  readonly retryCount: number
}

/** What a cron trigger passes to its handler. */
export interface ScheduledController {
  readonly scheduledTime: number
  readonly cron: string
  noRetry(): void
}

/** One message of a queue, as the platform delivers it. */
export interface QueueMessage<Body = unknown> {
  readonly id: string
  readonly timestamp: Date
  readonly body: Body
  readonly attempts: number
  retry(options?: { delaySeconds?: number }): void
  ack(): void
}

/** A batch of a queue, as Cloudflare delivers it. */
export interface QueueBatch<Body = unknown> {
  readonly messages: readonly QueueMessage<Body>[]
  readonly queue: string
}

/** An incoming mail without its content. */
export interface EmailEnvelope {
  readonly from: string
  readonly to: string
  readonly rawSize: number
  setReject(reason: string): void
  /** The headers are a `Headers`, of whichever library. */
  forward(to: string, headers?: object): Promise<unknown>
}

/** An incoming mail; passed through untouched. */
export interface IncomingEmail extends EmailEnvelope {
  readonly headers: Headers
  readonly raw: ReadableStream<Uint8Array>
  forward(to: string, headers?: Headers): Promise<unknown>
}

/** Takes a handler that declares its event as another library's type of the same thing. */
export type Handling<Event extends readonly unknown[]> = { handle(...event: Event): unknown }['handle']
