/**
 * One message of a queue, whichever queue that is: a handler that takes it runs behind Cloudflare Queues and SQS alike.
 */
export interface Message<Body = unknown> {
  readonly id: string
  /** When it was sent. */
  readonly timestamp: Date
  readonly body: Body
  /** How often it has been delivered, this time included. */
  readonly attempts: number
  /** The message is done, whatever its handler gives or throws. The first of `ack` and `retry` counts. */
  ack(): void
  /**
   * The message is delivered again. The delay is in seconds; SQS has the queue's visibility timeout instead, unless the
   * function carries the delay out itself.
   */
  retry(options?: { delaySeconds?: number }): void
}
