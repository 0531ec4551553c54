/**
 * The request lifecycle: what adapters are built on, in this package and elsewhere.
 *
 * @module
 */

export type { ProviderContext, RuntimeTraits } from '../container/provider.ts'
export type { Scope } from '../container/resolver.ts'
export { longestTimer } from '../container/time-limit.ts'
export {
  BadRequestError,
  ConnectionError,
  isLexigramError,
  LexigramError,
  TimeoutError,
  UsageError,
} from '../errors.ts'
export { toProblemDetails } from '../problem-details.ts'
export { err, isResult, ok, type Result } from '../result/result.ts'
export type { Application, ApplicationOptions, ErrorPhase, Fetch } from './application.ts'
export { assertApplication } from './assert-argument.ts'
export type { Connectable, Connection } from './connectable.ts'
export { connectionProvider, type ConnectionProviderOptions } from './connection-provider.ts'
export type { ExecutionContext } from './execution-context.ts'
export type { HealthCheck, HealthKind, HealthReport } from './health.ts'
export { keepConnected, type KeepConnectedOptions } from './keep-connected.ts'
export type { Message } from './message.ts'
export { RequestContext, type Invocation } from './request-context.ts'
export type { RunningApplication } from './running-application.ts'
export { sharedRuntime, type Runtime, type StreamPair } from './runtime-traits.ts'
export { stopOnTermination, type TerminableProcess, type TerminationTimes, type Track } from './termination.ts'
export { parseTraceParent, type TraceParent } from './trace-parent.ts'
export { watchByPulling, type WatchedBody } from './watched-body.ts'
