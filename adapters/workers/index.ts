/**
 * Cloudflare Workers: one application for `fetch`, cron triggers, queues and mail.
 *
 * @module
 */

export {
  connectThrough,
  type ConnectionHost,
  type ConnectionNamespace,
  type ConnectThroughOptions,
} from './connect-through.ts'
export { workers, type WorkersHandler, type WorkersOptions } from './handler.ts'
export type {
  AlarmInfo,
  EmailEnvelope,
  IncomingEmail,
  QueueBatch,
  QueueMessage,
  ScheduledController,
  WorkersContext,
} from './platform.ts'
export type { BatchSummary } from '../../src/runtime/index.ts'
export type { BatchControl, QueueHandler, QueueOptions } from './queue.ts'
export { inScope, type ValueOf, type WorkPlace } from './run-trigger.ts'
