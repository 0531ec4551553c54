/**
 * Result, errors, container, configuration and application: what a portable domain is written against.
 *
 * @module
 */

export { ConfigurationError } from './config/configuration-error.ts'
export { defineConfig, type ConfigDefinition, type ConfigValues } from './config/define-config.ts'
export * as setting from './core/setting/schema.ts'
export { isSecret, reveal, toSecret, type Secret } from './core/setting/secret.ts'
export { section, type Section, type SectionValue } from './core/setting/section.ts'
export type { StandardSchemaV1 } from './core/setting/standard-schema.ts'
export { createContainer, type BootContainer, type Container, type ContainerOptions } from './container/container.ts'
export { scoped, singleton, transient } from './container/decorators.ts'
export {
  ContainerError,
  ContainerValidationError,
  type ContainerErrorCode,
  type ContainerIssue,
} from './container/errors.ts'
export { graph, type Graph } from './container/graph.ts'
export type { Io, Lifetime } from './core/lifetime.ts'
export {
  provider,
  type HealthStatus,
  type Provider,
  type ProviderContext,
  type ProviderHooks,
} from './runtime/provider.ts'
export type { Registrar } from './container/registrar.ts'
export {
  factory,
  type Factory,
  type InjectableClass,
  type RegistrationOptions,
  type ScopedOptions,
} from './container/registration.ts'
export type { Resolver, Scope } from './container/resolver.ts'
export { Log, type LogFields, type LogLevel, type LogRecord, type LogValue, type LogWriter } from './core/log/log.ts'
export { named, token, type Class, type Token, type Tokens, type TypedToken } from './core/token.ts'
export * from './core/errors.ts'
export { toProblemDetails, toProblemResponse, type ProblemDetails } from './core/problem-details.ts'
export type { ProblemOptions } from './core/problem-options.ts'
export type {
  DeleteManyOptions,
  DeleteOptions,
  Direction,
  EntitySort,
  ListOptions,
  Page,
  PageOptions,
  StreamOptions,
  VisibilityOptions,
} from './core/repository/options.ts'
export type { Repository } from './core/repository/repository.ts'
export { attempt } from './core/result/attempt.ts'
export {
  andThen,
  andThenAsync,
  map,
  mapAsync,
  mapErr,
  match,
  orElse,
  orElseAsync,
  unwrap,
  unwrapOr,
} from './core/result/chain.ts'
export { collect, partition } from './core/result/combine.ts'
export {
  err,
  isErr,
  isOk,
  isResult,
  ok,
  type Err,
  type ErrOf,
  type Ok,
  type OkOf,
  type Result,
} from './core/result/result.ts'
export { createApplication, type Application } from './runtime/application.ts'
export type { ApplicationOptions, ErrorPhase, Fetch, ReportedError } from './runtime/application-options.ts'
export { RequestContext, type ExecutionContext } from './runtime/invocation/request-context.ts'
export type { RunningApplication } from './runtime/process/running-application.ts'
