/**
 * Cloudflare Workers: one application behind `fetch`, cron triggers, queues and mail.
 *
 * @module
 */

export { workers, type WorkersHandler, type WorkersOptions } from './handler.ts'
export type { IncomingEmail, QueueBatch, QueueMessage, ScheduledController, WorkersContext } from './platform.ts'
export type { QueueHandler, QueueOptions, QueueSummary } from './queue.ts'
