import type { TraceParent } from '../../core/tracing/trace-parent.ts'

/**
 * One message of a queue, whichever queue that is: a handler that takes it runs with Cloudflare Queues and SQS alike.
 * Cloudflare's own messages fit it, so that `requestId` and `traceParent` may be missing; both adapters set them.
 */
export interface Message<Body = unknown> {
  readonly id: string
  /** When it was sent. */
  readonly timestamp: Date
  readonly body: Body
  /** How often it has been delivered, this time included. */
  readonly attempts: number
  /** What `onError` gets as the subject of this message's failures, and the `requestId` of its `RequestContext`. */
  readonly requestId?: string
  /** The sender's trace: for SQS the message attribute `traceparent`, or what X-Ray has added. */
  readonly traceParent?: TraceParent | undefined
  /** The message is done, whatever its handler returns or throws. The first of `ack` and `retry` counts. */
  ack(): void
  /**
   * The message is delivered again. The delay is in seconds; SQS has the queue's visibility timeout instead, unless the
   * function carries the delay out itself.
   */
  retry(options?: { delaySeconds?: number }): void
}
