/**
 * The request lifecycle: what adapters are built on, in this package and elsewhere.
 *
 * @module
 */

export type { ProviderContext, RegistrationChoice, RuntimeTraits } from './provider.ts'
export type { Scope } from '../container/resolver.ts'
export { longestTimer } from '../core/time-limit.ts'
export { isCausedByAbort } from '../core/abort-reason.ts'
export {
  BadRequestError,
  ConnectionError,
  ContentTooLargeError,
  isLexigramError,
  LexigramError,
  RequestTimeoutError,
  TimeoutError,
  UsageError,
} from '../core/errors.ts'
export { errorOf, toProblemDetails, toProblemResponse } from '../core/problem-details.ts'
export { err, isResult, ok, type Result } from '../core/result/result.ts'
export type { Application, StartOptions } from './application.ts'
export type { ApplicationOptions, ErrorPhase, Fetch, ReportedError } from './application-options.ts'
export { assertApplication } from './assert-application.ts'
export type { Connectable, Connection } from './connection/connectable.ts'
export { connectionProvider, type ConnectionProviderOptions } from './connection/connection-provider.ts'
export type { HealthCheck, HealthKind, HealthReport } from './health.ts'
export { assertConnectionOptions, keepConnected } from './connection/keep-connected.ts'
export type { KeepConnectedOptions } from './connection/reconnecting-connection.ts'
export { asDecoded, watchDecoded } from './invocation/decoded-response.ts'
export type { Message } from './invocation/message.ts'
export { RequestContext, type ExecutionContext, type Invocation } from './invocation/request-context.ts'
export type { RunningApplication } from './process/running-application.ts'
export {
  lambdaTraits,
  sharedRuntime,
  vercelEdgeTraits,
  vercelTraits,
  workersTraits,
  type Runtime,
  type WatchedResponse,
} from './runtime-traits.ts'
export { stopOnTermination, type TerminableProcess, type TerminationTimes, type Track } from './process/termination.ts'
export {
  decideOnce,
  runBatch,
  type BatchEntry,
  type BatchRun,
  type BatchOutcome,
  type BatchSummary,
  type Decision,
  type MessageDecision,
} from './invocation/run-batch.ts'
export type { Tracer } from '../core/tracing/tracer.ts'
export { parseTraceParent, type TraceParent } from '../core/tracing/trace-parent.ts'
export {
  watchByPulling,
  watchSource,
  type Chunk,
  type ChunkSource,
  type ReportBodyFailure,
  type WatchedBody,
  type WatchOptions,
} from './invocation/watched-body.ts'
