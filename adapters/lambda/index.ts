/**
 * AWS Lambda: one application for API Gateway, function URLs, load balancers and VPC Lattice, queues, streams,
 * notifications and schedules.
 *
 * @module
 */

export type { BatchSummary } from '../../src/runtime/index.ts'
export type {
  BatchOptions,
  BodyFormat,
  BodyOptions,
  EventHandlers,
  KafkaMessage,
  KinesisMessage,
  KinesisWindowOptions,
  RecordHandler,
  RecordOptions,
  SqsMessage,
  SqsOptions,
  TumblingWindow,
  WindowHandlers,
  WindowOptions,
  WindowState,
} from './events/handlers.ts'
export type { EnvironmentSource } from './environment.ts'
export { lambda, type LambdaHandler, type LambdaOptions } from './handler.ts'
export { httpSourceOf, type HttpSource } from './http/http-source.ts'
export type { HttpResult } from './http/result.ts'
export type { LambdaContext } from './platform.ts'
